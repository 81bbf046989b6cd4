import { renameSync } from "node:fs";
import type { ParquetWriter } from "hyparquet-writer";

const ROWS_PER_GROUP = 65_536;

/** A Parquet file of whole numbers, written group by group, so that no more than one group is held. */
export class ParquetTable {
  #rows = 0;
  readonly #columns: readonly BigInt64Array[];

  private constructor(private readonly path: string, private readonly names: readonly string[], private readonly writer: ParquetWriter) {
    this.#columns = names.map(() => new BigInt64Array(ROWS_PER_GROUP));
  }

  /** Loads the writer, which nobody else needs, and opens the file. */
  static async open(path: string, names: readonly string[]): Promise<ParquetTable> {
    const { fileWriter, ParquetWriter: Writer } = await import("hyparquet-writer");
    const schema = [{ name: "root", num_children: names.length }, ...names.map((name) => ({ name, type: "INT64" as const, repetition_type: "REQUIRED" as const }))];
    return new ParquetTable(path, names, new Writer({ writer: fileWriter(`${path}.part`), schema, createdBy: "wirelat" }));
  }

  add(row: Float64Array): void {
    this.#columns.forEach((column, index) => {
      column[this.#rows] = BigInt(row[index] ?? 0);
    });
    if (++this.#rows === ROWS_PER_GROUP) this.#flush();
  }

  /** Ends the file and gives it its name. */
  close(): string {
    if (this.#rows > 0) this.#flush();
    // Written to a file, which is done at once: the promise is there for other places.
    void this.writer.finish();
    renameSync(`${this.path}.part`, this.path);
    return this.path;
  }

  #flush(): void {
    void this.writer.write({ columnData: this.names.map((name, index) => ({ name, data: (this.#columns[index] ?? new BigInt64Array()).slice(0, this.#rows) })), rowGroupSize: ROWS_PER_GROUP });
    this.#rows = 0;
  }
}
