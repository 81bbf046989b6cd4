import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { hgrmText, writePerfetto } from "../capture/index.js";
import { amountsOf, eachMessage, messageTables, tracedTokens, type CompiledCase, type MessageTable, type Prepared } from "../experiment/index.js";
import { runName, type MetricResult, type Result } from "../result/index.js";
import { many, single, whole, type Values } from "./options.js";
import { ParquetTable } from "./parquet-table.js";
import { TextFile } from "./whole-file.js";
import { writeWireCapture } from "./wire-capture.js";

/** What is to be written besides the result. */
export interface Exports {
  readonly hgrm: boolean;
  readonly csv: boolean;
  readonly parquet: boolean;
  /** Messages of the trace, null for none. */
  readonly trace: number | null;
  /** Taps on wires. */
  readonly pcap: readonly string[];
}

/** A trace of more messages is larger than browsers open. */
const MOST_TRACED = 100_000;

/** Throws `option-value`. */
export function exportsOf(values: Values): Exports {
  const trace = single(values, "trace") === null ? null : whole(values, "trace", 1);
  return { hgrm: values["hgrm"] === true, csv: values["csv"] === true, parquet: values["parquet"] === true, pcap: many(values, "pcap"), trace: trace === null ? null : Math.min(trace, MOST_TRACED) };
}

/** What the command line asks for, and what the scenario itself does under `report`. */
export function exportsWith(exports: Exports, report: readonly string[]): Exports {
  return { ...exports, hgrm: exports.hgrm || report.includes("hgrm"), csv: exports.csv || report.includes("csv"), parquet: exports.parquet || report.includes("parquet") };
}

export const wantsFiles = ({ hgrm, csv, parquet, trace, pcap }: Exports): boolean => hgrm || csv || parquet || trace !== null || pcap.length > 0;

export interface ExportJob {
  readonly folder: string;
  readonly prepared: Prepared;
  readonly result: Result;
  readonly asked: { readonly seed?: number | undefined; readonly messages?: number | undefined };
  readonly onFile: (name: string) => void;
}

/** Writes what was asked for, for every run that was finished. Answers the paths. */
export async function writeExports(exports: Exports, job: ExportJob): Promise<string[]> {
  mkdirSync(job.folder, { recursive: true });
  const made = new Set(job.result.runs.map((run) => slug(runName(run))));
  const cases = job.prepared.cases.filter((one) => one.askedBy === "sweep" && made.has(slug(runName(one))));
  const written = exports.hgrm ? job.result.runs.flatMap((run) => run.metrics.map((metric) => histogram(job, slug(runName(run)), metric))) : [];
  for (const one of cases) {
    if (exports.trace !== null) written.push(trace(job, one, exports.trace));
    for (const tap of exports.pcap) written.push(capture(job, one, tap));
    if (exports.csv) written.push(...csv(job, one));
    if (exports.parquet) written.push(...(await parquet(job, one)));
  }
  return written;
}

function histogram({ folder, onFile }: ExportJob, run: string, metric: MetricResult): string {
  const name = `${slug(metric.name)}-${run}.hgrm`;
  onFile(name);
  const { count, meanPs, sdPs, maxPs } = metric;
  return put(folder, name, (write) => write(hgrmText(metric.cdf, { count, meanPs, sdPs, maxPs, buckets: 0 })));
}

function trace({ folder, asked, onFile }: ExportJob, one: CompiledCase, messages: number): string {
  const name = `trace-${slug(runName(one))}.json`;
  onFile(name);
  return put(folder, name, (write) => writePerfetto(tracedTokens(one.compiled, amountsOf(one, asked), messages), write));
}

function capture({ folder, asked, onFile }: ExportJob, one: CompiledCase, tap: string): string {
  const name = `${slug(tap)}-${slug(runName(one))}.pcapng`;
  onFile(name);
  return writeWireCapture(join(folder, name), tap, one, amountsOf(one, asked));
}

function csv({ folder, asked, onFile }: ExportJob, one: CompiledCase): string[] {
  const tables = messageTables(one.compiled);
  const files = tables.map((table) => new TextFile(join(folder, tableName(table, tables, one, "csv"))));
  onFile(`messages-${slug(runName(one))}.csv`);
  tables.forEach(({ columns }, index) => files[index]?.write(`${columns.map(quoted).join(",")}\n`));
  eachMessage(one.compiled, amountsOf(one, asked), (table, row) => files[table]?.write(`${row.join(",")}\n`));
  return files.map((file) => file.close());
}

async function parquet({ folder, asked, onFile }: ExportJob, one: CompiledCase): Promise<string[]> {
  const tables = messageTables(one.compiled);
  onFile(`messages-${slug(runName(one))}.parquet`);
  const files = await Promise.all(tables.map((table) => ParquetTable.open(join(folder, tableName(table, tables, one, "parquet")), table.columns)));
  eachMessage(one.compiled, amountsOf(one, asked), (table, row) => files[table]?.add(row));
  return files.map((file) => file.close());
}

function tableName(table: MessageTable, all: readonly MessageTable[], one: CompiledCase, ending: string): string {
  return `messages-${slug(runName(one))}${all.length > 1 ? `-${slug(table.source)}` : ""}.${ending}`;
}

/** A name that any file system takes. */
const slug = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9.]+/gu, "-").replaceAll(/^-|-$/gu, "");
const quoted = (text: string): string => (/[",\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

function put(folder: string, name: string, fill: (write: (text: string) => void) => void): string {
  const file = new TextFile(join(folder, name));
  fill((text) => file.write(text));
  return file.close();
}
