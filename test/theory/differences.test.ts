// Goal: a difference between two runs is called one when it is, and not when it is chance.
// Method: pairs of runs of one queue with different seeds (A/A), and with a service that is one per cent longer; how often each is told apart.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { OP } from "../../src/engine/index.js";
import { distribution } from "../../src/random/index.js";
import { pairedStretches, sections, type Sections } from "../../src/stats/index.js";
import { poisson, run, sketch } from "../support/program.js";

const CONFIDENCE = 0.95;

/** Sojourn times of an M/M/1 queue at a load. */
function queue(seed: number, load: number, messages: number, service = 1_000_000): Sections {
  const program = sketch({
    code: [{ op: OP.drawStage, part: 0, amount: 0, wait: 0, work: 1 }], arrivals: poisson(1_000_000 / load),
    draws: [{ component: "service", sampler: distribution.exponential(service) }], stages: [{ name: "server", servers: 1, discipline: "fifo" }],
  });
  const { latencies } = run(program, { messages, seed });
  const found = sections(Float64Array.from(latencies));
  assert.ok(found !== null);
  return found;
}

const toldApart = (one: readonly number[], other: readonly number[]): boolean => {
  const { mean, halfWidth } = pairedStretches(one, other, CONFIDENCE);
  return Math.abs(mean) > halfWidth;
};

describe("the difference of two runs", () => {
  for (const [load, messages] of [[0.3, 6_400], [0.7, 16_000]] as const) {
    test(`with nothing but other random numbers is called chance in at least 94 % of 400 pairs, at a load of ${load}`, () => {
      const called = { means: 0, p50s: 0, p99s: 0 };
      for (let pair = 0; pair < 400; pair++) {
        const [one, other] = [queue(2 * pair, load, messages), queue(2 * pair + 1, load, messages)];
        for (const of of ["means", "p50s", "p99s"] as const) if (toldApart(one[of], other[of])) called[of]++;
      }
      for (const [of, count] of Object.entries(called)) assert.ok(count <= 24, `${of}: ${count} of 400 pairs were told apart`);
      assert.ok(Object.values(called).some((count) => count > 0), "an interval that never misses is too wide to be one of 95 %");
    });
  }

  test("of one per cent in the service is found every time on the same random numbers", () => {
    for (let seed = 0; seed < 40; seed++) {
      const [one, other] = [queue(seed, 0.3, 6_400), queue(seed, 0.3, 6_400, 1_010_000)];
      assert.ok(toldApart(other.means, one.means), `seed ${seed}`);
    }
  });
});
