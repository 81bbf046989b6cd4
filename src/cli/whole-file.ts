import { closeSync, openSync, renameSync, writeFileSync, writeSync } from "node:fs";

const CHUNK = 1 << 20;

/** Writes a file that has its name only once it is whole. Answers its path. */
export function writeWhole(path: string, content: string | Uint8Array): string {
  writeFileSync(`${path}.part`, content);
  renameSync(`${path}.part`, path);
  return path;
}

/** A text file that grows piece by piece and has its name only once it is whole. */
export class TextFile {
  readonly #file: number;
  #waiting: string[] = [];
  #size = 0;

  constructor(private readonly path: string) {
    this.#file = openSync(`${path}.part`, "w");
  }

  write(text: string): void {
    this.#waiting.push(text);
    this.#size += text.length;
    if (this.#size >= CHUNK) this.#flush();
  }

  close(): string {
    this.#flush();
    closeSync(this.#file);
    renameSync(`${this.path}.part`, this.path);
    return this.path;
  }

  #flush(): void {
    writeSync(this.#file, this.#waiting.join(""));
    this.#waiting = [];
    this.#size = 0;
  }
}
