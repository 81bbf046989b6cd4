import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { generatedCaptures, OPENING } from "../../../scripts/generate-captures.js";
import { arrivals, readCaptureFile, summariseArrivals } from "../../../src/capture/index.js";

const FILE = fileURLToPath(new URL("../../../scenarios/captures/opening-burst.pcap", import.meta.url));

describe("the shipped opening burst", () => {
  const capture = readCaptureFile(FILE);
  const series = arrivals(capture);

  test("is what the generator writes, and below 150 kB", () => {
    const [entry] = generatedCaptures();
    assert.equal(entry?.[0], "opening-burst.pcap");
    assert.ok(readFileSync(FILE).equals(entry[1]), "run: node --import tsx scripts/generate-captures.ts");
    assert.ok(capture.bytes.length < 150_000);
  });

  test("has the statistics of a real opening, exactly", () => {
    const summary = summariseArrivals(series.times);
    assert.deepEqual(
      [summary.count, summary.span, summary.medianGap, summary.longestGap, summary.zeroGaps],
      [OPENING.messages, 2_364_381e3, 1454e3, 72_806e3, 120],
    );
    assert.equal(capture.backwardSteps, 0);
    assert.equal(capture.truncatedAt, null);
  });

  test("has a heavy tail: the busiest tenth of a millisecond is at least half as busy again as the average", () => {
    const summary = summariseArrivals(series.times);
    const average = (summary.count * 1e12) / summary.span;
    const peak = summary.peaks.find((rate) => rate.window === 1e8);
    assert.ok((peak?.perSecond ?? 0) > 1.5 * average, `${peak?.perSecond} against ${average}`);
  });

  test("carries one message of 19 to 44 bytes in each MoldUDP64 packet", () => {
    const messages = [...series.payloadBytes].map((bytes) => bytes - 22);
    assert.equal(Math.min(...messages), 19);
    assert.equal(Math.max(...messages), 44);
    assert.equal(arrivals(capture, { filter: { transport: "udp", destinationAddress: "233.252.0.1", destinationPort: 50_001 } }).count, 1000);
  });

  test("reads the same in tcpdump, with correct checksums", (context) => {
    const run = spawnSync("tcpdump", ["-vvntt", "--time-stamp-precision=nano", "-r", FILE], { encoding: "utf8", maxBuffer: 2 ** 24 });
    if (run.error !== undefined) return context.skip("tcpdump is not installed");
    const times = [...run.stdout.matchAll(/^(\d+)\.(\d{9}) IP /gm)].map(([, seconds, nanoseconds]) => [Number(seconds), Number(nanoseconds) * 1000]);
    assert.deepEqual(times, [...capture.seconds].map((second, index) => [second, capture.picoseconds[index]]));
    assert.equal([...run.stdout.matchAll(/\[udp sum ok\] UDP, length \d+/g)].length, 1000);
    assert.doesNotMatch(run.stdout, /bad/);
  });
});
