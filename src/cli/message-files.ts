import { join } from "node:path";
import { messageTables, type CompiledCase, type MessageColumn } from "../experiment/index.js";
import { fileName } from "./file-name.js";
import { ParquetFile } from "./parquet-file.js";
import { GrowingFile, type RowFile } from "./whole-file.js";

/** Which tables of messages are wanted. */
export interface TableFormats {
  readonly csv: boolean;
  readonly parquet: boolean;
}

/** Independent runs that are merged into one are told apart by this column. */
const REPLICATION: MessageColumn = { name: "replication", optional: false };

/** The tables of the messages of one case, one for each path, in every format that is wanted; all replications in one table. */
export class MessageFiles {
  /** For each path a row that is filled anew for every message. */
  readonly #rows: readonly Float64Array[];

  private constructor(private readonly files: readonly (readonly RowFile[])[], widths: readonly number[]) {
    this.#rows = widths.map((width) => new Float64Array(width));
  }

  static async open(folder: string, one: CompiledCase, { csv, parquet }: TableFormats): Promise<MessageFiles> {
    const tables = messageTables(one.compiled);
    const files = await Promise.all(tables.map(async (table) => {
      const path = join(folder, `messages-${fileName(one)}${tables.length > 1 ? `-${fileName(table.source)}` : ""}`);
      const columns = [REPLICATION, ...table.columns];
      return [...(csv ? [new CsvFile(`${path}.csv`, columns)] : []), ...(parquet ? [await ParquetFile.open(`${path}.parquet`, columns)] : [])];
    }));
    return new MessageFiles(files, tables.map((table) => 1 + table.columns.length));
  }

  /** Adds a row of the table with that number; `replication` is counted from 1. */
  add(replication: number, table: number, values: Float64Array): void {
    const [row, files] = [this.#rows[table], this.files[table]];
    if (row === undefined || files === undefined) return;
    row[0] = replication;
    row.set(values, 1);
    for (const file of files) file.add(row);
  }

  /** Ends the files. Answers their paths. */
  close(): string[] {
    return this.files.flat().map((file) => file.close());
  }

  discard(): void {
    for (const file of this.files.flat()) file.discard();
  }
}

class CsvFile implements RowFile {
  readonly #file: GrowingFile;

  constructor(path: string, columns: readonly MessageColumn[]) {
    this.#file = new GrowingFile(path);
    this.#file.write(`${columns.map(({ name }) => quoted(name)).join(",")}\n`);
  }

  add(row: Float64Array): void {
    const line = row.join(",");
    this.#file.write(`${line.includes("NaN") ? line.replaceAll("NaN", "") : line}\n`);
  }

  close(): string {
    return this.#file.close();
  }

  discard(): void {
    this.#file.discard();
  }
}

const quoted = (text: string): string => (/[",\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
