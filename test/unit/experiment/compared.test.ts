// Goal: a comparison sets against each other what belongs together, at the sweep points that were asked for, on the same random numbers, and
// is replicated until its differences are as narrow as asked. Method: a small pipeline, whose variant takes four cycles more.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { comparedPairs, compareInputs, differencesOfPairs, exploreCompared, measuredResult, Session, type Compared, type ComparedResult, type PointChoice, type SessionOptions } from "../../../src/experiment/index.js";
import { comparedPoints } from "../../../src/experiment/compared-points.js";
import { CATALOGUE } from "../../../src/models/index.js";
import { comparedPaths, resultJson, type ComparedPath, type Difference } from "../../../src/result/index.js";
import { readText } from "../../support/read-text.js";
import { smallWith } from "../../support/small-scenario.js";

/** At 4 Mpps messages wait for the wire, so that latencies vary; four cycles more of a pipeline add to each the same time. */
const BUSY = smallWith(["[100 kpps, 200 kpps]", "[2 Mpps, 4 Mpps]"], ["from: box.in@trigger", "from: intended"]);
/** Longer frames wait the longer for each other, so that the difference varies, too. */
const LONGER = BUSY.replace("slow: { box.parse.cycles: 6 }", "slow: { ticks.payload: 72 B }");

const scenario = (text: string, ...variants: string[]): Compared => ({ kind: "scenario", scenario: readText(text), variants });
const both = (text: string): Compared => scenario(text, "base", "slow");

interface Made {
  readonly made: readonly ComparedResult[];
  readonly paths: readonly ComparedPath[];
  readonly differences: readonly Difference[];
}

async function compared(inputs: readonly Compared[], options: Partial<SessionOptions> & { readonly points?: PointChoice; readonly baseline?: string }): Promise<Made> {
  const goals = options.precision ?? [];
  const told = (made: readonly ComparedResult[]): Omit<Made, "made"> => {
    const paths = comparedPaths(made.map(({ result }) => result), { everyPoint: true });
    return { paths, differences: differencesOfPairs(comparedPairs(paths, options.baseline ?? null) ?? [], goals) };
  };
  const session = new Session({ catalogue: CATALOGUE, ...options });
  const made = await compareInputs(inputs, session, { points: options.points ?? null, precision: (results) => told(results).differences.flatMap((one) => one.precision) });
  return { made, ...told(made) };
}

const names = (paths: readonly { readonly name: string }[]): string[] => paths.map(({ name }) => name);
const against = (differences: readonly Difference[]): string[] => differences.map(({ name, baseline }) => `${name} against ${baseline}`);

describe("the sweep points of a comparison", () => {
  test("are one that all have, unless others are asked for: by the end of the axis, without regard to spaces, or all", async () => {
    const options = { messages: 200 };
    assert.deepEqual(names((await compared([both(BUSY)], options)).paths), ["base", "slow"]);
    const one = await compared([both(BUSY)], { ...options, points: [{ axis: "rate", value: "4Mpps" }] });
    assert.deepEqual(one.paths.map(({ name, run }) => [name, run.point["ticks.rate"]]), [["base", "4 Mpps"], ["slow", "4 Mpps"]]);
    const all = await compared([both(BUSY)], { ...options, points: "all" });
    assert.deepEqual(names(all.paths), ["base, 2 Mpps", "base, 4 Mpps", "slow, 2 Mpps", "slow, 4 Mpps"]);
    assert.deepEqual(against(all.differences), ["slow, 2 Mpps against base, 2 Mpps", "slow, 4 Mpps against base, 4 Mpps"]);
    assert.deepEqual(all.differences.map(({ design, baselineDesign, point }) => [design, baselineDesign, point["ticks.rate"]]), [["slow", "base", "2 Mpps"], ["slow", "base", "4 Mpps"]]);
  });

  test("of one design are set against its first, and a baseline that is named in full is that of all", async () => {
    const options = { messages: 200, points: "all" } as const;
    assert.deepEqual(against((await compared([scenario(BUSY, "base")], options)).differences), ["base, 4 Mpps against base, 2 Mpps"]);
    assert.deepEqual(against((await compared([both(BUSY)], { ...options, baseline: "slow" })).differences), ["base, 2 Mpps against slow, 2 Mpps", "base, 4 Mpps against slow, 4 Mpps"]);
    const named = await compared([both(BUSY)], { ...options, baseline: "base, 4 Mpps" });
    assert.deepEqual(against(named.differences), ["base, 2 Mpps", "slow, 2 Mpps", "slow, 4 Mpps"].map((name) => `${name} against base, 4 Mpps`));
    assert.equal(comparedPairs(named.paths, "bas"), null);
  });

  test("are those that all have; what sweeps nothing is set beside every one of them", async () => {
    const other = BUSY.replace("id: small", "id: other").replace("[2 Mpps, 4 Mpps]", "[4 Mpps, 5 Mpps]");
    const measured: Compared = { kind: "result", result: measuredResult("measured", Float64Array.from({ length: 400 }, (_, index) => 100_000 + index)) };
    const { paths, differences } = await compared([both(BUSY), scenario(other, "base"), measured], { messages: 400, points: "all" });
    assert.deepEqual(names(paths), ["small/base", "small/slow", "other", "measured"]);
    assert.ok(paths.slice(0, 3).every(({ run }) => run.point["ticks.rate"] === "4 Mpps"));
    assert.equal(differences.length, 3);
    const swept = await compared([scenario(BUSY, "base"), measured], { messages: 400, points: "all", baseline: "measured" });
    assert.deepEqual(against(swept.differences), ["small, 2 Mpps against measured", "small, 4 Mpps against measured"]);
  });

  test("are chosen of earlier results, too, of which the first of each variant is compared otherwise", async () => {
    const { made } = await compared([both(BUSY)], { messages: 200, points: "all" });
    const earlier = made.map(({ result }): Compared => ({ kind: "result", result }));
    assert.deepEqual(names((await compared(earlier, {})).paths), ["base", "slow"]);
    assert.deepEqual((await compared(earlier, { points: [{ axis: "ticks.rate", value: "4 Mpps" }] })).paths.map(({ run }) => run.point["ticks.rate"]), ["4 Mpps", "4 Mpps"]);
  });

  test("that there are not are refused with those that there are", () => {
    const rates = { name: "a", points: [{ "t.rate": "1 kpps" }, { "t.rate": "2 kpps" }] };
    const others = { name: "b", points: [{ "t.rate": "3 kpps" }] };
    const two = { name: "c", points: [{ "t.rate": "1 kpps", "u.rate": "2 kpps" }] };
    const refused = (all: typeof rates[] | typeof others[], choice: PointChoice): string => {
      try {
        comparedPoints(all, choice);
      } catch (error) {
        return error instanceof Error && "remedy" in error ? `${error.message}. ${String(error.remedy)}` : String(error);
      }
      return "";
    };
    assert.equal(refused([rates], [{ axis: "rate", value: "3 kpps" }]), "a has no sweep point with t.rate = 3kpps. It has t.rate = 1 kpps, or t.rate = 2 kpps.");
    assert.match(refused([rates], [{ axis: "rtae", value: "3 kpps" }]), /nothing here sweeps rtae; swept are t\.rate/u);
    assert.match(refused([{ name: "a", points: [{}] }] as never, [{ axis: "rate", value: "3 kpps" }]), /nothing here sweeps rate, or anything else/u);
    assert.match(refused([two] as never, [{ axis: "rate", value: "1 kpps" }]), /rate may be t\.rate or u\.rate/u);
    assert.match(refused([rates, others], "all"), /no sweep point is in all of what is compared\. a has t\.rate = 1 kpps, or t\.rate = 2 kpps; b has t\.rate = 3 kpps\./u);
  });
});

describe("replications of a comparison", () => {
  test("have the same seeds and the same number on every side, and intervals from their differences", async () => {
    const { paths, differences: [difference] } = await compared([both(BUSY)], { messages: 1200, replications: 6, points: [{ axis: "rate", value: "4Mpps" }] });
    assert.deepEqual(paths.map(({ run }) => run.seeds.length), [6, 6]);
    assert.deepEqual(paths[0]?.run.seeds, paths[1]?.run.seeds);
    assert.ok(difference !== undefined);
    const { mean, p50, p99 } = difference;
    assert.deepEqual([mean.by, p50?.by, p99?.by], ["replications", "replications", "replications"]);
    // Four cycles of 322.265625 MHz are 12.412 ns for every message alike: on the same arrivals nothing else differs, and the clock edges hardly.
    assert.ok(Math.abs(mean.deltaPs - 12_412) < 20 && mean.distinct === true, JSON.stringify(mean));
    assert.ok((mean.lowPs ?? NaN) <= 12_413 && (mean.highPs ?? NaN) >= 12_412 && (mean.highPs ?? NaN) - (mean.lowPs ?? NaN) < 100, JSON.stringify(mean));
    const spread = (paths[0]?.metric.meanHighPs ?? NaN) - (paths[0]?.metric.meanLowPs ?? NaN);
    assert.ok(spread > 1000, `the means themselves are not known so well: ${spread} ps`);
  });

  test("of a path and itself differ in nothing: it is chance, exactly", async () => {
    const same = BUSY.replace("id: small", "id: same");
    const { differences: [difference] } = await compared([scenario(BUSY, "base"), scenario(same, "base")], { messages: 1200, replications: 4 });
    assert.deepEqual(difference?.mean, { ...difference?.mean, deltaPs: 0, lowPs: 0, highPs: 0, distinct: false, by: "replications" });
  });

  test("are added until each difference is as narrow as asked, to all alike, and the same way each time", async () => {
    const options = { messages: 1200, points: "all", precision: [{ of: "mean", share: 0.002 }] } as const;
    const { paths, differences, made } = await compared([both(LONGER)], options);
    const counts = new Set(paths.map(({ run }) => run.seeds.length));
    assert.equal(counts.size, 1);
    assert.ok([...counts].every((count) => count >= 10 && count < 100), [...counts].join());
    for (const { mean, precision } of differences) {
      const side = Math.max((mean.highPs ?? NaN) - mean.deltaPs, mean.deltaPs - (mean.lowPs ?? NaN));
      assert.deepEqual(precision, [{ metric: "delay", of: "mean", asked: 0.002, reached: side / mean.fromPs, held: true }]);
      assert.ok(side / mean.fromPs <= 0.002);
    }
    const results = (all: readonly ComparedResult[]): string[] => all.map(({ result }) => resultJson(result));
    assert.deepEqual(results((await compared([both(LONGER)], options)).made), results(made));
  });

  test("end at the limit of messages, and say so", async () => {
    const { paths, differences } = await compared([both(LONGER)], { messages: 1200, precision: [{ of: 0.99, share: 1e-6 }, { of: "mean", share: 0.5 }], mostMessages: 13_000 });
    assert.deepEqual(paths.map(({ run }) => run.seeds.length), [10, 10]);
    assert.deepEqual(differences.map(({ precision }) => precision.map(({ of, held }) => [of, held])), [[["p99", false], ["mean", true]]]);
  });

  test("give intervals of the level that the baseline's scenario asks for", async () => {
    const at = async (level: string): Promise<Difference | undefined> => (await compared([both(LONGER.replace("seed: 1 }", `seed: 1, confidence: ${level} }`))], { messages: 1200, replications: 6 })).differences[0];
    const [usual, high] = await Promise.all([at("95%"), at("99%")]);
    assert.deepEqual([usual?.confidence, high?.confidence], [0.95, 0.99]);
    // Student's t with 5 degrees of freedom is 2.5706 at 95 % and 4.0321 at 99 %.
    const side = (one: Difference | undefined): number => (one?.mean.highPs ?? NaN) - (one?.mean.deltaPs ?? NaN);
    assert.ok(Math.abs(side(high) / side(usual) - 4.0321 / 2.5706) < 0.01, `${side(usual)}, ${side(high)}`);
  });

  test("that were made one by one are in the result, so that an earlier result is paired as well", async () => {
    const options = { messages: 1200, replications: 5 };
    const { made, differences } = await compared([both(LONGER)], options);
    const [earlier] = made;
    assert.ok(earlier !== undefined);
    const result = (variant: string): Compared => ({ kind: "result", result: { ...earlier.result, runs: earlier.result.runs.filter((run) => run.variant === variant) } });
    const again = await compared([result("base"), result("slow")], {});
    assert.deepEqual(again.differences[0]?.mean, differences[0]?.mean);
    const others = await compared([result("base"), scenario(LONGER, "slow")], { ...options, seed: 9 });
    assert.equal(others.differences[0]?.mean.by, "stretches", "other seeds are no pairs");
  });
});

test("messages to look at are of the paths that were simulated, by the metric compared", async () => {
  const measured: Compared = { kind: "result", result: measuredResult("measured", Float64Array.from([100, 200, 300])) };
  const { made, paths } = await compared([both(BUSY), measured], { messages: 300, points: "all" });
  const explored = exploreCompared(paths, made, { messages: 300 });
  assert.deepEqual(names(explored), ["small/base, 2 Mpps", "small/base, 4 Mpps", "small/slow, 2 Mpps", "small/slow, 4 Mpps"]);
  for (const { messages } of explored) {
    assert.deepEqual(messages.map(({ why }) => why), ["p50", "p99", "slowest"]);
    for (const { journey } of messages) assert.equal(journey.metric, "delay");
  }
  const slowest = explored.map(({ messages }) => messages.at(-1)?.journey.latencyPs);
  assert.deepEqual(slowest, paths.slice(0, 4).map(({ metric }) => metric.maxPs));
});
