// Goal: what is written for other tools is what the run measured, and their own readers take it.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { build } from "hdr-histogram-js";
import { asyncBufferFromFile, parquetReadObjects } from "hyparquet";
import { DEFAULT_LIMITS, parseCapture, relativeTimes } from "../../src/capture/index.js";
import type { Result } from "../../src/result/index.js";
import { readTrace } from "../support/read-trace.js";
import { folderWith, SMALL, smallWith } from "../support/small-scenario.js";
import { spawnCli } from "../support/spawn-cli.js";

const folder = folderWith({ "small.yaml": SMALL });
const KERNEL = ["run", "scenarios/kernel-udp-t2t.yaml", "--variant", "unmoderated", "--messages", "4000", "--no-charts", "--quiet"] as const;
const at = (name: string): string => join(folder, "out/kernel-udp-t2t", name);

before(async () => {
  const ran = await spawnCli([...KERNEL, "--out", join(folder, "out"), "--trace", "150", "--csv", "--parquet", "--hgrm", "--pcap", "gw.in"]);
  assert.ok(ran.code === 0 || ran.code === 1, ran.stderr);
});

const result = (): Result => JSON.parse(readFileSync(at("result.json"), "utf8")) as Result;

function table(name: string): { readonly heads: readonly string[]; readonly rows: readonly (readonly number[])[] } {
  const [head = "", ...lines] = readFileSync(at(name), "utf8").trimEnd().split("\n");
  const heads = [...head.matchAll(/"([^"]*)"|([^,]+)/gu)].map((match) => match[1] ?? match[2] ?? "");
  return { heads, rows: lines.map((line) => line.split(",").map(Number)) };
}

describe("a trace for Perfetto", () => {
  test("is the file of each run, with as many messages as were asked for", () => {
    for (const point of ["20-kpps", "200-kpps"]) {
      const { stays, flows } = readTrace(readFileSync(at(`trace-unmoderated-${point}.json`), "utf8"));
      assert.equal(flows.size, 150);
      assert.ok(stays.length > 150);
    }
  });

  test("of more messages than a viewer opens is refused", async () => {
    const ran = await spawnCli(["run", "small.yaml", "--trace", "100001", "--out", "no"], { cwd: folder });
    assert.equal(ran.code, 2);
    assert.match(ran.stderr, /--trace 100001: expected a whole number from 1 to 100000/u);
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

describe("a capture of a wire", () => {
  test("has each message at the nanosecond of its first bit, framed as UDP", () => {
    const { heads, rows } = table("messages-unmoderated-20-kpps.csv");
    const times = rows.map((row) => row[heads.indexOf("gw.in_ps")] ?? NaN).sort((one, other) => one - other);
    const capture = parseCapture(readFileSync(at("gw.in-unmoderated-20-kpps.pcapng")), "gw.in", DEFAULT_LIMITS);
    const floor = (time: number): number => time - (time % 1000);
    assert.deepEqual([...relativeTimes(capture)], times.map((time) => floor(time) - floor(times[0] ?? 0)));
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

test("every replication is written: a column tells them apart in tables, captures and traces are files of their own", async () => {
  const run = async (out: string, ...options: readonly string[]): Promise<Result> => {
    const ran = await spawnCli(["run", "small.yaml", "--variant", "base", "--messages", "400", "--no-charts", "--quiet", "--csv", "--parquet", "--pcap", "box.in", "--trace", "10", "--out", out, ...options], { cwd: folder });
    assert.equal(ran.code, 0, ran.stderr);
    return JSON.parse(readFileSync(join(folder, out, "small/result.json"), "utf8")) as Result;
  };
  const file = (out: string, name: string): string => join("..", "..", out, "small", name);
  const { runs: [merged] } = await run("thrice", "--replications", "3");
  assert.equal(merged?.seeds.length, 3);
  const { heads, rows } = table(file("thrice", "messages-base-100-kpps.csv"));
  assert.equal(heads[0], "replication");
  assert.equal(rows.length, merged.metrics[0]?.count);
  const read = await parquetReadObjects({ file: await asyncBufferFromFile(at(file("thrice", "messages-base-100-kpps.parquet"))) });
  assert.deepEqual(read.map((row) => Object.values(row).map(Number)), rows);
  for (const [index, seed] of merged.seeds.entries()) {
    await run(`seed-${index}`, "--seed", String(seed));
    const alone = table(file(`seed-${index}`, "messages-base-100-kpps.csv"));
    assert.deepEqual(rows.filter(([replication]) => replication === index + 1).map((row) => row.slice(1)), alone.rows.map((row) => row.slice(1)));
    for (const [kind, ending] of [["box.in-base-100-kpps", "pcapng"], ["trace-base-100-kpps", "json"]] as const) {
      assert.deepEqual(readFileSync(at(file("thrice", `${kind}-replication-${index + 1}.${ending}`))), readFileSync(at(file(`seed-${index}`, `${kind}.${ending}`))));
    }
  }
  assert.ok(!existsSync(at(file("seed-0", "box.in-base-100-kpps-replication-1.pcapng"))), "one replication needs no number");
});

test("a tap that a message did not pass leaves its place empty", async () => {
  writeFileSync(join(folder, "branching.yaml"), smallWith(["id: small", "id: branching"], ["box.mac.tx,", "{ branch: { chance: 50%, yes: [{ tap: aside }], no: [] } }, box.mac.tx,"]));
  const ran = await spawnCli(["run", "branching.yaml", "--variant", "base", "--no-charts", "--quiet", "--csv", "--parquet", "--out", "branching"], { cwd: folder });
  assert.equal(ran.code, 0, ran.stderr);
  const path = join("..", "..", "branching/branching/messages-base-100-kpps");
  const lines = readFileSync(at(`${path}.csv`), "utf8").trimEnd().split("\n").map((line) => line.split(","));
  const [passed, before, after] = ["aside_ps", "box.in_ps", "box.out_ps"].map((name) => lines[0]?.indexOf(name) ?? -1) as [number, number, number];
  const times = lines.slice(1).map((line) => line[passed] ?? "");
  assert.ok(times.filter((one) => one === "").length > times.length / 3 && times.filter((one) => one !== "").length > times.length / 3);
  for (const line of lines.slice(1)) if (line[passed] !== "") assert.ok(Number(line[passed]) > Number(line[before]) && Number(line[passed]) < Number(line[after]));
  const read = await parquetReadObjects({ file: await asyncBufferFromFile(at(`${path}.parquet`)) });
  assert.deepEqual(read.map((row) => String(row["aside_ps"] ?? "")), times);
});

test("files for other tools need a place", async () => {
  const ran = await spawnCli(["run", "small.yaml", "--json", "--csv"], { cwd: folder });
  assert.equal(ran.code, 2);
  assert.match(ran.stderr, /--out results/u);
});
