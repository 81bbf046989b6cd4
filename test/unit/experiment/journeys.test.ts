// Goal: what is told of single messages is what the run measured. Method: journeys of shipped scenarios against the run's own latencies and percentiles.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { WirelatError } from "../../../src/errors/index.js";
import { explainJourneys, runScenario, type Selection } from "../../../src/experiment/index.js";
import { CATALOGUE } from "../../../src/models/index.js";
import { openScenarioFile, readScenario, type Scenario } from "../../../src/scenario/index.js";

function scenarioOf(id: string): Scenario {
  const { access, file } = openScenarioFile(`scenarios/${id}.yaml`);
  return readScenario(file, { access, catalogue: CATALOGUE });
}

const MESSAGES = 3000;
const look = (id: string, select: Selection, variant = "base", metric: string | null = null) =>
  explainJourneys(scenarioOf(id), CATALOGUE, { variant, select, metric, messages: MESSAGES });

describe("journeys of single messages", () => {
  for (const [id, metric] of [["kernel-udp-t2t", "t2t"], ["dpdk-t2t", "t2t"], ["rdma-poll-byte", "notice"], ["fpga-t2t", "wire-to-wire"]] as const) {
    test(`of ${id}: the slowest is the maximum of the run, and the pieces of each follow one another and add to its latency`, async () => {
      const result = await runScenario(scenarioOf(id), { catalogue: CATALOGUE, messages: MESSAGES, variants: ["base"], open: (other) => scenarioOf(other) });
      const measured = result.runs[0]?.metrics.find((one) => one.name === metric);
      const { journeys, point } = look(id, { kind: "worst", count: 5 }, "base", metric);
      assert.deepEqual(point, result.runs[0]?.point);
      assert.equal(journeys.length, 5);
      assert.equal(journeys[0]?.latencyPs, measured?.maxPs);
      for (const { pieces, latencyPs } of journeys) {
        let at = 0;
        for (const piece of pieces) {
          assert.equal(piece.atPs, at);
          at += piece.ps;
        }
        assert.equal(at, latencyPs);
        assert.ok(pieces.length >= 5);
      }
      const p99 = measured?.percentiles.find((one) => one.q === 0.99)?.ps ?? null;
      if (p99 !== null) assert.equal(look(id, { kind: "at", q: 0.99 }, "base", metric).journeys[0]?.latencyPs, p99);
    });
  }

  test("under load name the message that stood in the way", () => {
    const { journeys } = look("kernel-udp-t2t", { kind: "worst", count: 3 }, "unmoderated");
    const waits = journeys.flatMap((journey) => journey.pieces.filter((piece) => piece.waitedFor !== null).map((piece) => journey.message - (piece.waitedFor ?? 0)));
    assert.ok(waits.length > 0, "nobody waited for anybody");
    for (const behind of waits) assert.ok(behind >= 0 && behind < 5, `a message waited for one ${behind} before it`);
  });

  test("are found by number, also in the warm-up", () => {
    const { journeys } = look("kernel-udp-t2t", { kind: "message", number: 3 });
    assert.deepEqual(journeys.map((one) => [one.message, one.source, one.path, one.payload]), [[3, "ticks", "t2t", 64]]);
  });

  test("are refused where there is no such message, no such metric, or far too many", () => {
    const code = (run: () => unknown): string => {
      try {
        run();
      } catch (error) {
        return (error as WirelatError).code;
      }
      return "none";
    };
    assert.equal(code(() => look("kernel-udp-t2t", { kind: "message", number: MESSAGES })), "message-unknown");
    assert.equal(code(() => look("kernel-udp-t2t", { kind: "message", number: 1 }, "base", "tt")), "metric-unknown");
    assert.equal(code(() => look("kernel-udp-t2t", { kind: "worst", count: 1001 })), "option-value");
    assert.equal(code(() => look("rdma-poll-byte", { kind: "message", number: 1 }, "unpinned")), "variant-unknown");
  });
});
