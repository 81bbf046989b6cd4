import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runScenario } from "../../../src/experiment/index.js";
import { steadinessOf } from "../../../src/experiment/steadiness.js";
import { CATALOGUE } from "../../../src/models/index.js";
import { prng } from "../../support/prng.js";
import { readText } from "../../support/read-text.js";
import { smallWith } from "../../support/small-scenario.js";

async function warnings(...changes: readonly (readonly [string, string])[]): Promise<readonly string[]> {
  return (await runScenario(readText(smallWith(...changes)), { catalogue: CATALOGUE, messages: 2000 })).warnings;
}

const mentions = (found: readonly string[], pattern: RegExp): boolean => found.some((one) => pattern.test(one));

describe("warnings", () => {
  test("a quiet run has none but of percentiles that need more messages", async () => {
    assert.deepEqual(await warnings(), ["1,900 messages are too few for p99.9, p99.99: at least 10 must lie beyond a percentile."]);
  });

  test("a link that is nearly always busy is named, with the runs, and its latency is said to drift", async () => {
    const found = await warnings(["[100 kpps, 200 kpps]", "[100 kpps, 12 Mpps]"], ["from: box.in@trigger", "from: intended"], ["p50(delay/slow) > p50(delay)", "p50(delay/slow) > 0 ns"]);
    assert.ok(mentions(found, /^feed\.\S+ is busy for more than 95% of the time, .* \(base, 12 Mpps; slow, 12 Mpps\)\.$/u), found.join("\n"));
    assert.ok(mentions(found, /^delay does not settle: .* \(base, 12 Mpps; slow, 12 Mpps\)\.$/u), found.join("\n"));
  });

  test("a closed loop warns of its percentiles, a ping-pong of its halves as well", async () => {
    const closed: readonly [string, string] = ["{ use: traffic/poisson, rate: 100 kpps, payload: 64 B, path: through }", "{ use: traffic/closed, payload: 64 B, path: through }"];
    const sweep: readonly [string, string] = ["sweep: { ticks.rate: [100 kpps, 200 kpps] }\n", ""];
    const found = await warnings(closed, sweep);
    assert.ok(mentions(found, /^delay: the source waits for answers, so percentiles hide the stalls that it waited out\.$/u), found.join("\n"));
    const pingpong = await warnings([closed[0], closed[1].replace("closed", "pingpong")], sweep);
    assert.ok(mentions(pingpong, /half a round trip is the one-way time only if both ways are alike\.$/u), pingpong.join("\n"));
  });

  // The planted transient: a burst of 600 at the start and none after it, on top of a stream that meets no queue.
  test("a queue that only the start has is told with the warm-up that leaves it out, and that warm-up silences the warning", async () => {
    const burst: readonly [string, string] = ["traffic:\n", "traffic:\n  opening: { use: traffic/burst, count: 600, gap: 20 ns, period: 10 s, payload: 64 B, path: through }\n"];
    const changes: readonly (readonly [string, string])[] = [burst, ["from: box.in@trigger", "from: intended"], ["p50(delay/slow) > p50(delay)", "p50(delay/slow) > 0 ns"]];
    const found = await warnings(...changes);
    const needed = found.flatMap((one) => /^delay settles later than the warm-up ends; give run\.warmup at least (\d+) messages/u.exec(one)?.[1] ?? []).map(Number);
    // MSER-5 takes the cut after which the mean is known best, which may lie behind a few more of those who met somebody.
    assert.ok(needed.length > 0 && needed.every((one) => one >= 600 && one < 1000), found.join("\n"));
    const heeded = await warnings(...changes, ["warmup: 100", `warmup: ${Math.max(...needed)}`]);
    assert.ok(!mentions(heeded, /settle/u), heeded.join("\n"));
  });

  test("a normal law that loses its lower half to the cut is told with both means", async () => {
    const found = await warnings(
      ["{ use: traffic/poisson, rate: 100 kpps, payload: 64 B, path: through }", "{ use: traffic/closed, think: { dist: normal-truncated, mean: 1 us, sd: 1 us, min: 1 us, max: 9 us }, payload: 64 B, path: through }"],
      ["sweep: { ticks.rate: [100 kpps, 200 kpps] }\n", ""],
    );
    assert.ok(mentions(found, /^ticks\.think: cutting the normal law moves its mean from 1 us to 1\.798 us\.$/u), found.join("\n"));
  });
});

describe("steadiness", () => {
  const series = (make: (index: number, draw: number) => number): Float64Array => {
    const random = prng(7);
    return Float64Array.from({ length: 5000 }, (_, index) => Math.round(make(index, random.uniform())));
  };

  test("independent samples are settled", () => {
    assert.equal(steadinessOf("m", series((_, draw) => 1000 + 500 * draw), 100).state, "settled");
  });

  test("hardly any variation with one outlier late in the run is settled", () => {
    assert.equal(steadinessOf("m", series((index) => (index === 3000 ? 9000 : 1000)), 100).state, "settled");
  });

  test("a start that is slow for a thousand messages is told with the warm-up it needs", () => {
    const found = steadinessOf("m", series((index, draw) => (index < 1000 ? 3000 : 1000) + 100 * draw), 100);
    assert.equal(found.state, "late");
    assert.ok(Math.abs(found.warmup - 1100) <= 10, String(found.warmup));
  });

  test("a queue that only grows never settles", () => {
    assert.equal(steadinessOf("m", series((index, draw) => 1000 + index + 100 * draw), 100).state, "drifting");
  });
});
