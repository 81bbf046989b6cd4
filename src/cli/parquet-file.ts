import { renameSync, rmSync } from "node:fs";
import type { ParquetWriter } from "hyparquet-writer";
import type { MessageColumn } from "../experiment/index.js";
import { unfinished, type RowFile } from "./whole-file.js";

/** Rows are written in groups of at most so many, and of at most so many values: no more than one group is held. */
const MOST_ROWS = 65_536;
const MOST_VALUES = 1 << 21;

/** A Parquet file of whole numbers; null for what a message did not pass. */
export class ParquetFile implements RowFile {
  #rows = 0;
  readonly #columns: readonly Float64Array[];
  readonly #limit: number;

  private constructor(private readonly path: string, private readonly columns: readonly MessageColumn[], private readonly writer: ParquetWriter) {
    this.#limit = Math.min(MOST_ROWS, Math.ceil(MOST_VALUES / columns.length));
    this.#columns = columns.map(() => new Float64Array(this.#limit));
  }

  /** Loads the writer, which nobody else needs, and opens the file. */
  static async open(path: string, columns: readonly MessageColumn[]): Promise<ParquetFile> {
    const { fileWriter, ParquetWriter: Writer } = await import("hyparquet-writer");
    const leaves = columns.map(({ name, optional }) => ({ name, type: "INT64" as const, repetition_type: optional ? ("OPTIONAL" as const) : ("REQUIRED" as const) }));
    const schema = [{ name: "root", num_children: columns.length }, ...leaves];
    return new ParquetFile(path, columns, new Writer({ writer: fileWriter(unfinished(path)), schema, createdBy: "wirelat" }));
  }

  add(row: Float64Array): void {
    for (let index = 0; index < this.#columns.length; index++) {
      const column = this.#columns[index];
      if (column !== undefined) column[this.#rows] = row[index] ?? NaN;
    }
    if (++this.#rows === this.#limit) this.#flush();
  }

  close(): string {
    if (this.#rows > 0) this.#flush();
    // Written to a file, which is done at once: the promise is there for other places.
    void this.writer.finish();
    renameSync(unfinished(this.path), this.path);
    return this.path;
  }

  discard(): void {
    rmSync(unfinished(this.path), { force: true });
  }

  #flush(): void {
    const columnData = this.columns.map(({ name, optional }, index) => ({ name, data: valuesOf(this.#columns[index]?.subarray(0, this.#rows) ?? new Float64Array(), optional) }));
    void this.writer.write({ columnData, rowGroupSize: this.#limit });
    this.#rows = 0;
  }
}

function valuesOf(column: Float64Array, optional: boolean): BigInt64Array | (bigint | null)[] {
  return optional ? Array.from(column, (value) => (Number.isNaN(value) ? null : BigInt(value))) : BigInt64Array.from(column, BigInt);
}
