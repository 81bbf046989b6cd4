import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { OP, type ArrivalSpec, type MachineOptions } from "../../../src/engine/index.js";
import { distribution } from "../../../src/random/index.js";
import { stage, station } from "../../support/instructions.js";
import { always } from "../../support/journeys.js";
import { poisson, run, sketch, type Ran } from "../../support/program.js";

const MESSAGES = 60_000;
const STAY = 2_000_000;

/** Each message stays for a time of its own and then passes a stage that takes no time, for which it has to come back in its turn. */
const stays = (arrivals: ArrivalSpec, options: Partial<MachineOptions> = {}): Ran =>
  run(sketch({ code: [{ op: OP.draw, amount: 0, work: 1 }, stage(0, 0)], amounts: always(0), draws: [{ component: "stay", sampler: distribution.exponential(STAY) }], stages: [station()], arrivals }), { messages: MESSAGES, ...options });

const sorted = (latencies: readonly number[]): Float64Array => Float64Array.from(latencies).sort();

describe("more messages in flight than the caches hold", () => {
  // How long a message stays is drawn for its number, whoever else is there.
  const alone = stays({ kind: "renewal", gap: distribution.constant(40 * STAY) });

  for (const [name, options] of [["with a ledger", {}], ["bare", { bare: true }], ["with every event through the calendar", { detour: true }]] as const) {
    test(`take as long as each alone, ${name}`, () => {
      const crowd = stays(poisson(STAY / 20_000), options);
      assert.equal(alone.machine.tokens.peak, 1);
      assert.ok(crowd.machine.tokens.peak > 16_384, `${crowd.machine.tokens.peak} in flight`);
      assert.deepEqual(sorted(crowd.latencies), sorted(alone.latencies));
    });
  }
});
