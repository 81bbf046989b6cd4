import { closeSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";

const CHUNK = 1 << 20;

/** What a file is called until it is whole. */
export const unfinished = (path: string): string => `${path}.part`;

/** Writes a file that has its name only once it is whole. Answers its path. */
export function writeWhole(path: string, content: string | Uint8Array): string {
  writeFileSync(unfinished(path), content);
  renameSync(unfinished(path), path);
  return path;
}

/** A file that grows row by row and has its name only once it is whole. */
export interface RowFile {
  /** The values must be copied. */
  add(row: Float64Array): void;
  /** Ends the file. Answers its path. */
  close(): string;
  /** Leaves nothing behind. */
  discard(): void;
}

/** A file that grows piece by piece and has its name only once it is whole. */
export class GrowingFile {
  readonly #file: number;
  #waiting: string[] = [];
  #size = 0;

  constructor(private readonly path: string) {
    this.#file = openSync(unfinished(path), "w");
  }

  /** Text is gathered; bytes come in large pieces and are written at once. */
  write(piece: string | Uint8Array): void {
    if (typeof piece !== "string") {
      this.#flush();
      writeFileSync(this.#file, piece);
      return;
    }
    this.#waiting.push(piece);
    this.#size += piece.length;
    if (this.#size >= CHUNK) this.#flush();
  }

  /** Ends the file and gives it its name. */
  close(): string {
    this.#flush();
    closeSync(this.#file);
    renameSync(unfinished(this.path), this.path);
    return this.path;
  }

  /** Leaves nothing behind. */
  discard(): void {
    closeSync(this.#file);
    rmSync(unfinished(this.path), { force: true });
  }

  #flush(): void {
    // Unlike writeSync, this goes on until all is written.
    writeFileSync(this.#file, this.#waiting.join(""));
    this.#waiting = [];
    this.#size = 0;
  }
}
