// Goal: every law of the contract can fail. Method: a small model that keeps all of them, and one planted fault for each law.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ContractSuite, type ContractReport } from "../../src/contract/index.js";
import {
  Amount, amountOf, chosen, claim, claimStage, defineModel, delay, duration, estimated, move, need, number, pool, published, release, stage,
  type Evidence, type Location, type Model, type Step,
} from "../../src/modeling/index.js";
import { CATALOGUE } from "../../src/models/index.js";

interface Plant {
  readonly evidence?: Evidence;
  readonly from?: Location;
  readonly meaning?: string;
  readonly steps?: (good: readonly Step[], own: { readonly fifo: ReturnType<typeof pool> }) => readonly Step[];
}

const ESTIMATE = estimated("a guess", ["50 ns", "200 ns"]);

/** Stores a frame, works on it and gives it on; with a fault planted. */
function model({ evidence = ESTIMATE, from = "wire", meaning = "a frame is looked at", steps = (good) => good }: Plant = {}): Model {
  return defineModel({
    name: "test/box", title: "A box", about: "For tests.",
    params: { time: duration("100 ns", "time for a frame", evidence), room: number(8, "frames that wait", chosen("a few")) },
    parts: ({ params }) => ({ fifo: pool({ capacity: params.room.of(0), whenFull: "drop" }), engine: stage() }),
    operations: (operation) => ({
      look: operation({
        from: [from], meaning,
        steps: ({ params, parts }) => steps([claim(parts.fifo, amountOf(1), "FIFO"), need("last"), claimStage(parts.engine, params.time, "look"), release(parts.fifo, amountOf(1))], parts),
      }),
    }),
  });
}

function check(plant: Plant = {}): ContractReport {
  const own = model(plant);
  const catalogue = { models: new Map([...CATALOGUE.models, [own.name, own]]), traffic: CATALOGUE.traffic };
  return new ContractSuite({ catalogue, sources: new Set(["ieee-802-3"]), scenarios: [] }).check(own);
}

const broken = (report: ContractReport): string[] => report.verdicts.filter(({ faults }) => faults.length > 0).map(({ law }) => law);

/** Numbers that differ each time they are asked for, as nothing in a simulation may. */
function restless(): () => number {
  let count = 0;
  return () => 1000 * ++count;
}

const shared = restless();

const FAULTS: readonly (readonly [fault: string, plant: Plant, law: RegExp])[] = [
  ["a default outside its own range", { evidence: estimated("a guess", ["1 us", "2 us"]) }, /unit, a meaning and evidence/u],
  ["a range that does not read", { evidence: estimated("a guess", ["50 parsec", "2 us"]) }, /unit, a meaning and evidence/u],
  ["a citation of nothing", { evidence: published("nobody-1999") }, /unit, a meaning and evidence/u],
  ["an operation without a meaning", { meaning: " " }, /says what it is/u],
  ["a claim that is never given back", { steps: (good) => good.slice(0, -1) }, /give back what they claim/u],
  ["a release of what was never claimed", { steps: (good) => good.slice(1) }, /give back what they claim/u],
  ["a release of less than was claimed", { steps: (good, { fifo }) => [claim(fifo, amountOf(2), "FIFO"), ...good.slice(1)] }, /drains to empty/u],
  ["an operation that cannot be expanded", { steps: () => { throw new TypeError("no"); } }, /its operations can be used/u],
  ["data from another place than it says", { from: "kmem", steps: (good) => [...good, move("dev", "wire", "dma", amountOf(1))] }, /its operations can be used/u],
  ["times that are not the same each time", { steps: (good) => [...good, delay(new Amount(() => 0, [], { law: "uniform", sample: shared, mean: () => 1000 } as never), "restless")] }, /the same seed gives the same run/u],
  ["a floor that is not what a message takes", { steps: (good) => [...good, delay(new Amount(restless()), "restless")] }, /the segments add up to the zero-load floor/u],
  ["a frame that is too large for it", { steps: (good) => [...good, delay(new Amount((payload) => { if (payload > 1000) throw new RangeError("too large"); return 0; }), "small only")] }, /the smallest and the largest message pass/u],
];

describe("the contract", () => {
  test("is kept by a sound model, on a bench that the suite finds by itself", () => {
    const report = check();
    assert.deepEqual(broken(report), []);
    assert.deepEqual([...report.unreached], []);
    assert.ok(report.verdicts.some(({ benches }) => benches.includes("look of its own bench")));
  });

  for (const [fault, plant, law] of FAULTS) {
    test(`is broken by ${fault}`, () => {
      const found = broken(check(plant));
      assert.ok(found.some((one) => law.test(one)), found.join("; ") || "no law was broken");
    });
  }
});
