// Goal: replications together tell what one run with all their messages would, and precision makes as many as it needs.
// Method: the replications are made again one by one with the seeds that the result lists, and added up by hand.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runScenario, type RunOptions } from "../../../src/experiment/index.js";
import { nextCount, precisionOf } from "../../../src/experiment/precision.js";
import { replicationSeed } from "../../../src/experiment/replications.js";
import { addTotals, type RunTotals } from "../../../src/experiment/run-totals.js";
import { CATALOGUE } from "../../../src/models/index.js";
import { resultJson, type MetricResult, type PrecisionResult, type Result, type RunResult } from "../../../src/result/index.js";
import { meanInterval } from "../../../src/stats/index.js";
import { readText } from "../../support/read-text.js";
import { SMALL, smallWith } from "../../support/small-scenario.js";

/** At 4 Mpps messages wait for the wire, so that latencies vary. */
const BUSY = smallWith(["[100 kpps, 200 kpps]", "[4 Mpps]"], ["from: box.in@trigger", "from: intended"]);

const run = (text: string, options: Partial<RunOptions>): Promise<Result> => runScenario(readText(text), { catalogue: CATALOGUE, variants: ["base"], ...options });

async function only(text: string, options: Partial<RunOptions>): Promise<{ readonly run: RunResult; readonly metric: MetricResult; readonly result: Result }> {
  const result = await run(text, options);
  const [first] = result.runs;
  const metric = first?.metrics[0];
  assert.ok(first !== undefined && metric !== undefined);
  return { run: first, metric, result };
}

/** All samples of a run so short that its distribution shows every one. */
function samplesOf({ cdf, count }: MetricResult): number[] {
  let seen = 0;
  return cdf.flatMap(({ ps, q }) => {
    const through = Math.round(q * count);
    const times = through - seen;
    seen = through;
    return Array.from({ length: times }, () => ps);
  });
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe("replications", () => {
  test("one is the plain run, to the byte", async () => {
    assert.equal(resultJson(await run(SMALL, { messages: 400, replications: 1 })), resultJson(await run(SMALL, { messages: 400 })));
  });

  test("have the seed that was given and others that follow from it, each of its own", () => {
    const seeds = Array.from({ length: 2000 }, (_, index) => replicationSeed(7, index));
    assert.equal(seeds[0], 7);
    assert.equal(new Set(seeds).size, 2000);
    assert.ok(seeds.every((seed) => Number.isSafeInteger(seed) && seed >= 0));
    assert.notEqual(replicationSeed(8, 1), replicationSeed(7, 1));
  });

  test("tell together what the runs of their seeds tell one by one: samples, extremes, sums, counts, bands, shares of time", async () => {
    const merged = await only(BUSY, { messages: 80, seed: 5, replications: 3 });
    assert.equal(merged.run.seeds.length, 3);
    const single = await Promise.all(merged.run.seeds.map((seed) => only(BUSY, { messages: 80, seed })));
    assert.equal(new Set(single.map((one) => one.run.fingerprint)).size, 3);
    const all = single.flatMap(({ metric }) => samplesOf(metric)).sort((a, b) => a - b);
    assert.deepEqual(samplesOf(merged.metric), all);
    assert.equal(all.length, 228);
    assert.deepEqual([merged.metric.count, merged.metric.minPs, merged.metric.maxPs, merged.metric.meanPs], [228, all[0], all.at(-1), sum(all) / 228]);
    assert.equal(merged.metric.percentiles.find(({ q }) => q === 0.5)?.ps, all[113]);
    for (const key of ["sent", "completed", "measured"] as const) assert.equal(merged.run.messages[key], sum(single.map((one) => one.run.messages[key])));
    for (const key of ["durationPs", "events", "ties"] as const) assert.equal(merged.run[key], sum(single.map((one) => one.run[key])));
    for (const [index, band] of merged.metric.breakdowns.entries()) {
      assert.equal(sum(band.segments.map((one) => one.sumPs)), band.totalPs);
      assert.equal(band.totalPs, sum(single.map((one) => one.metric.breakdowns[index]?.totalPs ?? NaN)));
      assert.equal(band.messages, sum(single.map((one) => one.metric.breakdowns[index]?.messages ?? NaN)));
    }
    assert.equal(merged.metric.breakdowns[0]?.totalPs, sum(all));
    for (const [index, use] of merged.run.resources.entries()) {
      const busy = sum(single.map((one) => (one.run.resources[index]?.busy ?? NaN) * one.run.durationPs)) / merged.run.durationPs;
      assert.ok(Math.abs(use.busy - busy) < 1e-12, use.name);
      assert.deepEqual(use.bytes["payload"] ?? 0, sum(single.map((one) => one.run.resources[index]?.bytes["payload"] ?? 0)));
    }
  });

  test("add costs, drops and bytes, share the costs among all messages, weight shares of time by the time, and keep what only one has", () => {
    const totals = (of: Partial<RunTotals>): RunTotals => ({
      messages: { sent: 0, completed: 0, measured: 0, dropped: {} }, durationPs: 0, fingerprint: "00", events: 0, ties: 0, costs: [], resources: [], breakdowns: new Map(), ...of,
    });
    const one = totals({
      messages: { sent: 12, completed: 10, measured: 9, dropped: { full: 2 } }, durationPs: 100, fingerprint: "0b",
      costs: [{ owner: "gw", totals: { copies: 10 }, perMessage: { copies: 1 } }],
      resources: [{ name: "cpu", kind: "core", busy: 0.5, categories: { user: 0.5, idle: 0.5 }, bytes: { payload: 7 }, peak: 3 }],
      breakdowns: new Map([["m", [{ band: "all", messages: 9, totalPs: 90, segments: [{ step: "rx", label: "a", kind: "copy", sumPs: 90 }] }]]]),
    });
    const other = totals({
      messages: { sent: 31, completed: 30, measured: 27, dropped: { full: 0, late: 1 } }, durationPs: 300, fingerprint: "0c",
      costs: [{ owner: "gw", totals: { copies: 50, syscalls: 4 }, perMessage: { copies: 5 / 3, syscalls: 2 / 15 } }],
      resources: [{ name: "cpu", kind: "core", busy: 0.1, categories: { sys: 0.1, idle: 0.9 }, bytes: { payload: 8 }, peak: 2 }],
      breakdowns: new Map([["m", [{ band: "all", messages: 27, totalPs: 30, segments: [{ step: "rx", label: "b", kind: "copy", sumPs: 20 }, { step: "rx", label: "a", kind: "copy", sumPs: 10 }] }]]]),
    });
    const both = addTotals(one, other);
    assert.deepEqual(both.messages, { sent: 43, completed: 40, measured: 36, dropped: { full: 2, late: 1 } });
    assert.deepEqual(both.costs, [{ owner: "gw", totals: { copies: 60, syscalls: 4 }, perMessage: { copies: 1.5, syscalls: 0.1 } }]);
    const [cpu] = both.resources;
    assert.deepEqual([cpu?.busy, cpu?.bytes, cpu?.peak], [0.2, { payload: 15 }, 3]);
    for (const [name, share] of [["user", 0.125], ["sys", 0.075], ["idle", 0.8]] as const) assert.ok(Math.abs((cpu?.categories[name] ?? NaN) - share) < 1e-12, name);
    assert.deepEqual(both.breakdowns.get("m"), [{
      band: "all", messages: 36, totalPs: 120, segments: [{ step: "rx", label: "a", kind: "copy", sumPs: 100 }, { step: "rx", label: "b", kind: "copy", sumPs: 20 }],
    }]);
    assert.notEqual(both.fingerprint, addTotals(other, one).fingerprint);
    assert.match(both.fingerprint, /^[0-9a-f]{16}$/u);
  });

  test("give intervals by how they scatter, and none of a percentile that each is too short for", async () => {
    const { run: { seeds }, metric } = await only(BUSY, { messages: 1000, replications: 12 });
    const means = (await Promise.all(seeds.map((seed) => only(BUSY, { messages: 1000, seed })))).map((one) => one.metric.meanPs);
    const byHand = meanInterval(means, 0.95);
    assert.ok(Math.abs((metric.meanLowPs ?? NaN) - byHand.low) < 1e-3 && Math.abs((metric.meanHighPs ?? NaN) - byHand.high) < 1e-3);
    const [p50, p90, p99] = metric.percentiles;
    for (const one of [p50, p90]) assert.ok((one?.lowPs ?? NaN) < (one?.ps ?? NaN) && (one?.ps ?? NaN) < (one?.highPs ?? NaN));
    assert.ok(p99 !== undefined && p99.ps !== null && p99.lowPs === null && p99.highPs === null, "950 messages have fewer than ten beyond p99, twelve times as many have enough");
  });

  test("have their warm-up judged on their average", async () => {
    const { result } = await only(BUSY.replace("warmup: 100", "warmup: 0"), { messages: 2000, replications: 4 });
    assert.ok(result.warnings.every((one) => !/settle/u.test(one)), result.warnings.join("\n"));
  });
});

describe("run.time and run.confidence", () => {
  const timed = (time: string, ...more: readonly (readonly [string, string])[]): string => smallWith(["[100 kpps, 200 kpps]", "[1 Mpps, 2 Mpps]"], ["messages: 2000, warmup: 100", `time: ${time}`], ...more);
  const sent = async (text: string, options: Partial<RunOptions> = {}): Promise<number> => (await only(text, options)).run.messages.sent;

  test("send what comes before that time, and all of it arrives", async () => {
    // A message each microsecond from zero on: the thousandth comes at 999 us, and the next would at the end.
    const constant = timed("1 ms", ["traffic/poisson", "traffic/constant"]);
    const { run: { messages, durationPs } } = await only(constant, {});
    assert.deepEqual([messages.sent, messages.completed, messages.measured], [1000, 1000, 1000]);
    assert.ok(durationPs > 999e6 && durationPs < 1000e6, `${durationPs}`);
    assert.equal(await sent(timed("1000.001 us", ["traffic/poisson", "traffic/constant"])), 1001);
    assert.equal(await sent(constant.replace("time: 1 ms", "time: 1 ms, messages: 400")), 400, "whichever is reached first");
    assert.equal(await sent(constant, { messages: 300 }), 300);
    assert.equal(await sent(constant.replace("time: 1 ms", "time: 1 ms, messages: 4000, warmup: 250")), 1000);
    assert.equal((await only(constant.replace("time: 1 ms", "time: 1 ms, warmup: 250"), { messages: 300 })).metric.count, 50, "the warm-up has no share to keep");
  });

  test("are the beginning of a longer run: the same messages as that many of them, also where clients wait for answers", async () => {
    for (const text of [timed("300 us"), timed("300 us", ["rate: 100 kpps, ", ""], ["traffic/poisson", "traffic/closed"], ["sweep: { ticks.rate: [1 Mpps, 2 Mpps] }", ""], ["path: through }", "path: through, population: 3 }"])]) {
      const byTime = await only(text, { seed: 4 });
      assert.ok(byTime.run.messages.sent > 100, `${byTime.run.messages.sent} messages`);
      const byCount = await only(text.replace("time: 300 us", `messages: ${byTime.run.messages.sent}, warmup: 0`), { seed: 4 });
      assert.equal(byTime.run.fingerprint, byCount.run.fingerprint);
      assert.equal(byTime.metric.meanPs, byCount.metric.meanPs);
    }
  });

  test("differ in how many messages a replication has, and precision counts those that were sent", async () => {
    const { run: { seeds, messages, metrics } } = await only(timed("2 ms", ["from: box.in@trigger", "from: intended"], ["[1 Mpps, 2 Mpps]", "[4 Mpps]"]), { precision: [{ of: "mean", share: 0.0001 }], mostMessages: 100_000 });
    assert.ok(seeds.length >= 10 && seeds.length <= 13, `${seeds.length} replications of about 8,000 messages`);
    assert.notEqual(messages.sent, 8000 * seeds.length);
    assert.ok((metrics[0]?.count ?? 0) === messages.sent);
  });

  test("make every interval one of that level: of a run, of replications, of a difference", async () => {
    const at = async (level: string, options: Partial<RunOptions>): Promise<{ readonly run: RunResult; readonly metric: MetricResult }> => only(BUSY.replace("seed: 1 }", `seed: 1, confidence: ${level} }`), { messages: 1200, ...options });
    for (const options of [{}, { replications: 8 }]) {
      const [half, usual, plain, high] = await Promise.all([at("50%", options), at("95%", options), only(BUSY, { messages: 1200, ...options }), at("99.9%", options)]);
      assert.deepEqual(usual.run, plain.run, "95 % is what nothing said means");
      assert.deepEqual([half, usual, high].map(({ run: { confidence } }) => confidence), [0.5, 0.95, 0.999]);
      const widths = [half, usual, high].map(({ metric }) => [(metric.meanHighPs ?? NaN) - (metric.meanLowPs ?? NaN), (metric.percentiles[0]?.highPs ?? NaN) - (metric.percentiles[0]?.lowPs ?? NaN)]);
      for (const which of [0, 1]) assert.ok((widths[0]?.[which] ?? NaN) < (widths[1]?.[which] ?? NaN) && (widths[1]?.[which] ?? NaN) < (widths[2]?.[which] ?? NaN), JSON.stringify(widths));
    }
    const means = (await at("99%", { replications: 8 })).metric;
    const byHand = meanInterval(means.replications?.meansPs ?? [], 0.99);
    assert.ok(Math.abs((means.meanLowPs ?? NaN) - byHand.low) < 1e-3 && Math.abs((means.meanHighPs ?? NaN) - byHand.high) < 1e-3);
  });
});

describe("precision", () => {
  const goals = (mean: number, p90: number) => [{ of: "mean", share: mean }, { of: 0.9, share: p90 }] as const;

  test("is content with one run where that is enough, and says so", async () => {
    const { run: { seeds, precision } } = await only(SMALL, { messages: 2000, precision: [{ of: "mean", share: 0.01 }] });
    assert.equal(seeds.length, 1);
    assert.ok(precision.length === 1 && precision[0]?.held === true && precision[0].reached !== null && precision[0].reached <= 0.01);
  });

  test("goes on until every statistic is as narrow as asked, in the same way each time, and keeps below its limit", async () => {
    const options = { messages: 1000, precision: goals(0.01, 0.03) };
    const { run: { seeds, precision, messages }, metric, result } = await only(BUSY, options);
    assert.ok(seeds.length >= 10 && seeds.length < 100, `${seeds.length} replications`);
    assert.deepEqual(precision.map(({ metric: of, of: statistic, asked, held }) => [of, statistic, asked, held]), [["delay", "mean", 0.01, true], ["delay", "p90", 0.03, true]]);
    assert.ok(((metric.meanHighPs ?? NaN) - metric.meanPs) / metric.meanPs <= 0.01);
    assert.equal(messages.sent, 1000 * seeds.length);
    assert.equal(resultJson(result), resultJson(await run(BUSY, options)));
    assert.ok(!result.warnings.some((one) => one.includes("was to be within")));
  });

  test("stops at the limit of messages and says plainly that it did", async () => {
    const { run: { seeds, precision }, result } = await only(BUSY, { messages: 1000, precision: goals(0.0001, 0.5), mostMessages: 12_500 });
    assert.equal(seeds.length, 12);
    assert.deepEqual(precision.map((one) => one.held), [false, true]);
    assert.ok(result.warnings.includes("the 95 % interval of mean of delay was to be within 0.01% and is wider: the limit of messages was reached before, raise --max-messages."), result.warnings.join("\n"));
  });

  test("makes each replication so long that ten messages lie beyond a percentile, and no longer than that needs", async () => {
    const { run: { seeds, precision, messages }, metric, result } = await only(BUSY, { messages: 500, precision: [{ of: 0.99, share: 0.05 }] });
    const each = messages.sent / seeds.length;
    // Ten of 1,000 lie beyond p99; a tenth more, and 5 % are warm-up.
    assert.ok(each >= 1000 / 0.95 && each <= 1.11 * (1000 / 0.95) + 2, `${each} messages`);
    assert.ok(seeds.length >= 10);
    assert.deepEqual(precision.map(({ of, held }) => [of, held]), [["p99", true]]);
    assert.ok(result.warnings.every((one) => !one.includes("was to be within")), result.warnings.join("\n"));
    const again = await only(BUSY, { messages: each, seed: seeds[1] as number });
    assert.equal(again.metric.count, metric.count / seeds.length, "--messages makes one of them again");
    assert.equal(again.metric.percentiles[2]?.ps, metric.replications?.p99sPs[1]);
  });

  test("makes no replication longer than half the limit, and says what would help", async () => {
    const { run: { seeds, precision, messages }, result } = await only(BUSY, { messages: 500, precision: [{ of: 0.999, share: 0.1 }], mostMessages: 20_000 });
    assert.deepEqual([seeds.length, messages.sent], [10, 5000]);
    assert.deepEqual(precision, [{ metric: "delay", of: "p99.9", asked: 0.1, reached: null, held: false }]);
    assert.ok(result.warnings.some((one) => /p99\.9 of delay .* two that are long enough are more than the limit of messages: raise --max-messages/u.test(one)), result.warnings.join("\n"));
    const wider = await only(BUSY, { messages: 500, precision: [{ of: 0.999, share: 0.1 }], mostMessages: 40_000 });
    assert.equal(wider.run.seeds.length, 3);
    assert.ok(wider.run.precision[0]?.reached !== null);
  });

  test("makes none longer whose sources have nothing more to send", async () => {
    const timed = BUSY.replace("messages: 2000", "messages: 2000, time: 100 us");
    const { run: { messages, seeds }, result } = await only(timed, { precision: [{ of: 0.99, share: 0.1 }] });
    assert.ok(messages.sent / seeds.length < 500);
    assert.ok(result.warnings.some((one) => /its sources send no more: let it last longer/u.test(one)), result.warnings.join("\n"));
  });

  test("of one metric leaves the others alone, goes before that of all, and is refused of a metric that there is not", async () => {
    const two = BUSY.replace("metrics:", "metrics:\n  whole: { from: intended, to: order.out@eof }").replace("order.out@eof", "box.out@eof");
    const reached = async (precision: RunOptions["precision"]): Promise<(string | number)[][]> => (await only(two, { messages: 1000, precision })).run.precision.map(({ metric, of, asked }) => [metric, of, asked]);
    assert.deepEqual(await reached([{ of: "mean", share: 0.5 }]), [["whole", "mean", 0.5], ["delay", "mean", 0.5]]);
    assert.deepEqual(await reached([{ metric: "delay", of: "mean", share: 0.5 }]), [["delay", "mean", 0.5]]);
    assert.deepEqual(await reached([{ of: "mean", share: 0.5 }, { metric: "delay", of: "mean", share: 0.4 }, { metric: "delay", of: 0.5, share: 0.3 }]), [["whole", "mean", 0.5], ["delay", "mean", 0.4], ["delay", "p50", 0.3]]);
    await assert.rejects(run(BUSY, { precision: [{ metric: "dealy", of: "mean", share: 0.5 }] }), /precision asks for the metric "dealy", but there are delay/u);
  });

  test("changes the hash of the inputs, as the number of messages does", async () => {
    const plain = (await run(SMALL, { messages: 500 })).inputs;
    const others = await Promise.all([{ replications: 2 }, { precision: goals(0.5, 0.5) }, { precision: goals(0.5, 0.4) }].map((one) => run(SMALL, { messages: 500, ...one })));
    assert.equal(new Set([plain, ...others.map((one) => one.inputs)]).size, 4);
  });

  test("takes as many replications next as the variance asks for, at least ten and at most twice as many", () => {
    const found = (reached: number | null): PrecisionResult[] => [{ metric: "m", of: "mean", asked: 0.01, reached, held: reached !== null && reached <= 0.01 }];
    assert.equal(nextCount(1, found(0.01), 100), null);
    assert.equal(nextCount(1, found(0.011), 100), 10);
    assert.equal(nextCount(1, found(0.037), 100), 16);
    assert.equal(nextCount(1, found(9), 100), 20);
    assert.equal(nextCount(1, found(null), 100), 10);
    assert.equal(nextCount(1, found(9), 4), 4);
    assert.equal(nextCount(20, found(0.0101), 100), 24);
    assert.equal(nextCount(20, found(0.012), 100), 32);
    assert.equal(nextCount(20, found(1), 100), 40);
    assert.equal(nextCount(100, found(1), 100), null);
    assert.equal(nextCount(10, found(null), 100), null);
    assert.equal(nextCount(10, [], 100), null);
  });

  test("measures the larger side, asks nothing of a metric without messages, and knows no share of zero", () => {
    const metric = (of: Partial<MetricResult>): MetricResult => ({
      name: "m", from: "", to: "", closedLoop: false, floorPs: null, count: 100, minPs: 0, meanPs: 100, meanLowPs: 99, meanHighPs: 103, sdPs: 1, maxPs: 200,
      percentiles: [], cdf: [], sections: null, replications: null, relativeError: 0, breakdowns: [], value: null, ...of,
    });
    const reached = (of: Partial<MetricResult>): (number | null)[] => precisionOf([metric(of)], [{ of: "mean", share: 0.1 }]).map((one) => one.reached);
    assert.deepEqual(reached({}), [0.03]);
    assert.deepEqual(reached({ meanPs: -100, meanLowPs: -108, meanHighPs: -99 }), [0.08]);
    assert.deepEqual(reached({ count: 0 }), []);
    assert.deepEqual(reached({ meanPs: 0, meanLowPs: -1, meanHighPs: 1 }), [null]);
    assert.deepEqual(reached({ meanPs: 0, meanLowPs: 0, meanHighPs: 0 }), [0]);
    assert.deepEqual(reached({ meanLowPs: null }), [null]);
  });
});
