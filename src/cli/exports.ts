import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { hgrmText, writePerfetto } from "../capture/index.js";
import { WirelatError } from "../errors/index.js";
import { amountsOf, eachMessage, tracedTokens, type Amounts, type CompiledCase, type Prepared } from "../experiment/index.js";
import { runName, type Result, type RunResult } from "../result/index.js";
import { fileName } from "./file-name.js";
import { MessageFiles, type TableFormats } from "./message-files.js";
import { many, whole, type Values } from "./options.js";
import { GrowingFile } from "./whole-file.js";
import { WireCapture } from "./wire-capture.js";

/** What is to be written besides the result. */
export interface Exports extends TableFormats {
  readonly hgrm: boolean;
  /** Messages of the trace, null for none. */
  readonly trace: number | null;
  /** Taps on wires. */
  readonly pcap: readonly string[];
}

/** A trace of more messages is larger than browsers open. */
const MOST_TRACED = 100_000;

/** Throws `option-value`. */
export function exportsOf(values: Values): Exports {
  return { hgrm: values["hgrm"] === true, csv: values["csv"] === true, parquet: values["parquet"] === true, pcap: many(values, "pcap"), trace: whole(values, "trace", 1, MOST_TRACED) };
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
  readonly messages: number | undefined;
  /** Takes what is being done. */
  readonly say: (text: string) => void;
  /** Takes what somebody must know of what was written. */
  readonly warn: (text: string) => void;
  readonly signal: AbortSignal;
}

/** A case that was run, and how much of it: once for each replication. */
interface Ran {
  readonly one: CompiledCase;
  readonly replications: readonly Amounts[];
}

/**
 * Writes what was asked for, for every run that was finished: tables and captures from one pass over the messages of each replication.
 * Answers the paths; those that were whole when the signal came. Throws `tap-unknown`.
 */
export async function writeExports(exports: Exports, job: ExportJob): Promise<string[]> {
  mkdirSync(job.folder, { recursive: true });
  const written = exports.hgrm ? job.result.runs.flatMap((run) => histograms(job, run)) : [];
  for (const ran of ranCases(job)) {
    if (job.signal.aborted) break;
    if (exports.trace !== null) written.push(...traces(job, ran, exports.trace));
    written.push(...(await messages(job, ran, exports)));
  }
  return written;
}

function ranCases({ prepared, result, messages }: ExportJob): Ran[] {
  const cases = prepared.cases.filter((one) => one.askedBy === "sweep");
  return result.runs.flatMap((run) => {
    const one = cases.find((candidate) => runName(candidate) === runName(run));
    if (one === undefined) return [];
    // Precision may have needed more than was asked for.
    const each = run.messages.sent / run.seeds.length;
    const length = each > amountsOf(one, { messages }).messages ? each : messages;
    return [{ one, replications: run.seeds.map((seed) => amountsOf(one, { seed, messages: length })) }];
  });
}

function histograms({ folder, say }: ExportJob, run: RunResult): string[] {
  return run.metrics.map((metric) => {
    const name = `${fileName(metric.name)}-${fileName(run)}.hgrm`;
    say(`writing ${name}`);
    const { count, meanPs, sdPs, maxPs } = metric;
    return put(join(folder, name), (write) => write(hgrmText(metric.cdf, { count, meanPs, sdPs, maxPs, buckets: 0 })));
  });
}

function traces({ folder, say }: ExportJob, { one, replications }: Ran, messages: number): string[] {
  return replications.map((amounts, index) => {
    const name = `trace-${fileName(one)}${suffix(index, replications)}.json`;
    say(`writing ${name}`);
    return put(join(folder, name), (write) => writePerfetto(tracedTokens(one.compiled, amounts, messages), write));
  });
}

/** Tables and captures. */
async function messages(job: ExportJob, ran: Ran, exports: Exports): Promise<string[]> {
  if (!exports.csv && !exports.parquet && exports.pcap.length === 0) return [];
  const tables = await MessageFiles.open(job.folder, ran.one, exports);
  const written: string[] = [];
  try {
    for (const index of ran.replications.keys()) written.push(...(await onePass({ job, ran, tables, taps: exports.pcap }, index)));
  } catch (error) {
    tables.discard();
    if (error instanceof WirelatError && error.code === "interrupted") return written;
    throw error;
  }
  return [...written, ...tables.close()];
}

/** What wants the rows of a pass. */
interface Pass {
  readonly job: ExportJob;
  readonly ran: Ran;
  readonly tables: MessageFiles;
  readonly taps: readonly string[];
}

/** Gives each message of a replication to the tables and to every capture. Answers the paths of the captures. */
async function onePass({ job, ran: { one, replications }, tables, taps }: Pass, index: number): Promise<string[]> {
  const run = `${fileName(one)}${suffix(index, replications)}`;
  const captures = taps.map((tap) => ({ path: join(job.folder, `${fileName(tap)}-${run}.pcapng`), capture: new WireCapture(tap, one) }));
  const take = (table: number, row: Float64Array): void => {
    tables.add(index + 1, table, row);
    for (const { capture } of captures) capture.add(table, row);
  };
  const amounts = replications[index];
  if (amounts !== undefined) await eachMessage(one.compiled, amounts, take, (completed) => look(job, run, completed / amounts.messages));
  return captures.map(({ path, capture }) => {
    if (capture.shortage !== null) job.warn(`${path} ${capture.shortage}`);
    return capture.write(path);
  });
}

/** Says how far it is and lets signals and screens have their turn. Throws `interrupted`. */
async function look({ say, signal }: ExportJob, name: string, share: number): Promise<void> {
  say(`writing the messages of ${name}: ${Math.floor(100 * share)} %`);
  await new Promise((resolve) => void setImmediate(resolve));
  if (signal.aborted) throw new WirelatError("interrupted", `interrupted while the messages of ${name} were written`);
}

/** Captures and traces of several replications are files of their own. */
const suffix = (index: number, replications: readonly Amounts[]): string => (replications.length > 1 ? `-replication-${index + 1}` : "");

function put(path: string, fill: (write: (text: string) => void) => void): string {
  const file = new GrowingFile(path);
  fill((text) => file.write(text));
  return file.close();
}
