// Goal: what is written for other tools is what the run measured, and their own readers take it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { build } from "hdr-histogram-js";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { DEFAULT_LIMITS, parseCapture, relativeTimes } from "../../src/capture/index.js";
import type { Result } from "../../src/result/index.js";
import { folderWith, SMALL, smallWith } from "../support/small-scenario.js";
import { spawnCli } from "../support/spawn-cli.js";

const folder = folderWith({ "small.yaml": SMALL });
const KERNEL = ["run", "scenarios/kernel-udp-t2t.yaml", "--variant", "unmoderated", "--messages", "4000", "--no-charts", "--quiet"] as const;
const at = (name: string): string => join(folder, "out/kernel-udp-t2t", name);

before(async () => {
  const ran = await spawnCli([...KERNEL, "--out", join(folder, "out"), "--trace", "150", "--csv", "--parquet", "--hgrm", "--pcap", "gw.in"]);
  assert.ok(ran.code === 0 || ran.code === 1, ran.stderr);
});

interface TraceEvent {
  readonly ph: string;
  readonly name: string;
  readonly cat?: string;
  readonly ts: number;
  readonly dur: number;
  readonly pid: number;
  readonly tid: number;
  readonly id?: number;
  readonly args?: Readonly<Record<string, unknown>>;
}

const ps = (us: number): number => Math.round(us * 1e6);
const result = (): Result => JSON.parse(readFileSync(at("result.json"), "utf8")) as Result;

function table(name: string): { readonly heads: readonly string[]; readonly rows: readonly (readonly number[])[] } {
  const [head = "", ...lines] = readFileSync(at(name), "utf8").trimEnd().split("\n");
  const heads = [...head.matchAll(/"([^"]*)"|([^,]+)/gu)].map((match) => match[1] ?? match[2] ?? "");
  return { heads, rows: lines.map((line) => line.split(",").map(Number)) };
}

describe("a trace for Perfetto", () => {
  const load = (): readonly TraceEvent[] => (JSON.parse(readFileSync(at("trace-unmoderated-200-kpps.json"), "utf8")) as { traceEvents: readonly TraceEvent[] }).traceEvents;

  test("has every field that the format asks for, named processes and tracks, and flows that begin before they end", () => {
    const events = load();
    const named = new Set(events.filter((one) => one.ph === "M").map((one) => `${one.pid}/${one.tid}`));
    const flows = new Map<number, string>();
    for (const one of events) {
      assert.ok(["X", "M", "s", "t", "f"].includes(one.ph), one.ph);
      assert.ok(Number.isInteger(one.pid) && Number.isInteger(one.tid));
      if (one.ph === "M") continue;
      assert.ok(named.has(`${one.pid}/${one.tid}`), "a slice stands on a track without a name");
      assert.ok(one.ts >= 0 && (one.ph !== "X" || one.dur > 0));
      if (one.id !== undefined) flows.set(one.id, `${flows.get(one.id) ?? ""}${one.ph}`);
    }
    assert.equal(flows.size, 150);
    for (const phases of flows.values()) assert.match(phases, /^st*f$/u);
  });

  test("nests: on each track slices lie inside or beside each other", () => {
    const tracks = new Map<string, TraceEvent[]>();
    for (const one of load()) if (one.ph === "X") tracks.set(`${one.pid}/${one.tid}`, [...(tracks.get(`${one.pid}/${one.tid}`) ?? []), one]);
    assert.ok(tracks.size > 5);
    for (const slices of tracks.values()) {
      const ends: number[] = [];
      for (const { ts, dur } of [...slices].sort((one, other) => ps(one.ts) - ps(other.ts) || other.dur - one.dur)) {
        while (ends.length > 0 && (ends.at(-1) ?? 0) <= ps(ts)) ends.pop();
        const within = ends.at(-1) ?? Infinity;
        assert.ok(ps(ts) + ps(dur) <= within, "a slice reaches beyond the one it began in");
        ends.push(ps(ts) + ps(dur));
      }
    }
  });

  test("gives every message the segments of the ledger, to the picosecond", () => {
    const { heads, rows } = table("messages-unmoderated-200-kpps.csv");
    const segments = heads.indexOf("feed/wait for wire/queue_ps");
    const traced = new Map<number, number>();
    let message = -1;
    for (const one of load()) {
      if (one.ph !== "X") continue;
      if (one.cat === "message" || one.cat === "off-path") message = one.cat === "message" ? Number(one.args?.["message"]) : -1;
      else if (message >= 0) traced.set(message, (traced.get(message) ?? 0) + ps(one.dur));
    }
    let compared = 0;
    for (const row of rows) {
      const sum = traced.get(row[0] ?? -1);
      if (sum === undefined) continue;
      assert.equal(sum, row.slice(segments).reduce((total, one) => total + one, 0), `message ${row[0]}`);
      compared++;
    }
    assert.equal(compared, 150);
  });
});

describe("a table of messages", () => {
  test("has a row for every measured message, whose latencies have the mean and the maximum of the run", () => {
    for (const run of result().runs) {
      const [metric] = run.metrics;
      const { heads, rows } = table(`messages-unmoderated-${Object.values(run.point)[0]?.replace(" ", "-")}.csv`);
      const latencies = rows.map((row) => row[heads.indexOf("t2t_ps")] ?? NaN);
      assert.equal(latencies.length, metric?.count);
      assert.equal(Math.max(...latencies), metric?.maxPs);
      assert.ok(Math.abs(latencies.reduce((sum, one) => sum + one, 0) / latencies.length - (metric?.meanPs ?? NaN)) < 1e-3);
    }
  });

  test("tells when each tap was passed: the latency lies between them", () => {
    const { heads, rows } = table("messages-unmoderated-20-kpps.csv");
    const column = (row: readonly number[], name: string): number => row[heads.indexOf(name)] ?? NaN;
    for (const row of rows) assert.equal(column(row, "gw.out_ps") - column(row, "gw.in_ps") - 94_400, column(row, "t2t_ps"));
  });

  test("is the same as Parquet, read by a reader of the format", async () => {
    const { heads, rows } = table("messages-unmoderated-20-kpps.csv");
    const read = await parquetReadObjects({ file: await asyncBufferFromFile(at("messages-unmoderated-20-kpps.parquet")) });
    assert.equal(read.length, rows.length);
    assert.deepEqual(Object.keys(read[0] ?? {}), heads);
    read.forEach((row, index) => assert.deepEqual(Object.values(row).map(Number), rows[index]));
  });
});

describe("percentiles as HdrHistogram text", () => {
  test("have the lines of the format, and the values of a histogram of the same latencies", () => {
    const text = readFileSync(at("t2t-unmoderated-200-kpps.hgrm"), "utf8");
    const { heads, rows } = table("messages-unmoderated-200-kpps.csv");
    const histogram = build({ numberOfSignificantValueDigits: 4 });
    for (const row of rows) histogram.recordValue(row[heads.indexOf("t2t_ps")] ?? 0);
    const shape = (one: string): string => one.replaceAll(/\d+\.\d+/gu, "F").replaceAll(/\d+/gu, "N").replaceAll(/ +/gu, " ");
    const theirs = new Set(histogram.outputPercentileDistribution(undefined, 1000).trimEnd().split("\n").map(shape));
    let values = 0;
    for (const line of text.trimEnd().split("\n")) {
      assert.ok(theirs.has(shape(line)), line);
      const [, value, percentile] = /^ *([\d.]+) ([01]\.\d{12}) /u.exec(line) ?? [];
      if (value === undefined) continue;
      values++;
      // Twelve digits of a share may lie above the rank that is meant, and the histogram rounds up.
      const expected = histogram.getValueAtPercentile((Number(percentile) - 0.25 / rows.length) * 100) / 1000;
      assert.ok(Math.abs(Number(value) - expected) <= expected * 2e-4 + 0.001, `${line}: ${expected}`);
    }
    assert.ok(values > 50);
  });
});

const hasTshark = spawnSync("tshark", ["--version"]).status === 0;
const dissected = (file: string, ...fields: readonly string[]): string[][] =>
  spawnSync("tshark", ["-r", file, "-T", "fields", ...fields.flatMap((field) => ["-e", field])], { encoding: "utf8" }).stdout.trimEnd().split("\n").map((line) => line.split("\t"));

describe("a capture of a wire", () => {
  test("has each message at the picosecond of its first bit, framed as UDP", () => {
    const { heads, rows } = table("messages-unmoderated-20-kpps.csv");
    const times = rows.map((row) => row[heads.indexOf("gw.in_ps")] ?? NaN).sort((one, other) => one - other);
    const capture = parseCapture(readFileSync(at("gw.in-unmoderated-20-kpps.pcapng")), "gw.in", DEFAULT_LIMITS);
    assert.deepEqual([...relativeTimes(capture)], times.map((time) => time - (times[0] ?? 0)));
  });

  test("is taken by Wireshark's dissectors, UDP and RoCEv2 alike", { skip: hasTshark ? false : "tshark is not installed" }, async () => {
    const udp = dissected(at("gw.in-unmoderated-20-kpps.pcapng"), "udp.length", "ip.id", "_ws.malformed");
    assert.ok(udp.length > 3000);
    for (const [length, , malformed] of udp) assert.deepEqual([length, malformed ?? ""], ["72", ""]);
    const ran = await spawnCli(["run", "scenarios/rdma-poll-byte.yaml", "--variant", "base", "--messages", "400", "--no-charts", "--quiet", "--out", join(folder, "out"), "--pcap", "b.in"]);
    assert.ok(ran.code === 0 || ran.code === 1, ran.stderr);
    const rdma = dissected(join(folder, "out/rdma-poll-byte/b.in-base.pcapng"), "infiniband.bth.opcode", "infiniband.reth.dmalen", "_ws.malformed");
    assert.ok(rdma.length > 300);
    for (const [opcode, length, malformed] of rdma) assert.deepEqual([opcode, length, malformed ?? ""], ["10", "64", ""]);
  });

  test("of a tap that there is not is refused, with the taps that there are", async () => {
    const ran = await spawnCli([...KERNEL, "--out", join(folder, "no"), "--pcap", "gw.inn"]);
    assert.equal(ran.code, 2);
    assert.match(ran.stderr, /--pcap gw\.inn: no path passes a tap of that name[^]*Did you mean gw\.in\?/u);
  });
});

test("a scenario may ask for files itself, under report", async () => {
  writeFileSync(join(folder, "asks.yaml"), smallWith(["id: small", "id: asks"], ["\nexpect:", "\nreport: [percentiles, hgrm, csv]\n\nexpect:"]));
  const ran = await spawnCli(["run", "asks.yaml", "--messages", "300", "--no-charts", "--quiet", "--out", "asked", "--variant", "base"], { cwd: folder });
  assert.equal(ran.code, 0, ran.stderr);
  const written = readdirSync(join(folder, "asked/asks"));
  for (const name of ["delay-base-100-kpps.hgrm", "messages-base-200-kpps.csv"]) assert.ok(written.includes(name), `${name} is not among ${written.join(", ")}`);
  assert.ok(!written.some((name) => name.endsWith(".parquet")));
});

test("files for other tools need a place", async () => {
  const ran = await spawnCli(["run", "small.yaml", "--json", "--csv"], { cwd: folder });
  assert.equal(ran.code, 2);
  assert.match(ran.stderr, /--out results/u);
});
