// Goal: a traced run tells of every message what it did, whom it waited for and which branches had time to spare, and changes nothing.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { TokenTrace } from "../../../src/engine/index.js";
import { claim, delay, drop, end, fork, free, hold, joined, jump, release, server, spawn, stage, station, transfer, work } from "../../support/instructions.js";
import { always, each, travel, type TimedSketch } from "../../support/journeys.js";

function traced(of: TimedSketch): TokenTrace[] {
  const traces: TokenTrace[] = [];
  const { machine } = travel(of, { trace: (trace) => void traces.push(trace) });
  assert.equal(machine.ledger.fingerprint.text, travel(of).machine.ledger.fingerprint.text);
  return traces;
}

const pieces = (trace: TokenTrace | undefined): unknown => trace?.segments.map(({ slot, at, ps, blocker }) => [slot, at, ps, blocker]);
const SLOTS = ["queue", "process", "process"];

describe("a traced run", () => {
  test("says when each piece of a message's time began, and which message had the stage that it waited for", () => {
    const traces = traced({ times: [0, 10, 20], code: [delay(0), stage(0, 1)], amounts: always(5, 100), stages: [station()] });
    assert.deepEqual(traces.map((trace) => [trace.message, trace.start, trace.end, trace.finished]), [[0, 0, 105, true], [1, 10, 205, true], [2, 20, 305, true]]);
    assert.deepEqual(pieces(traces[0]), [[1, 0, 5, -1], [1, 5, 100, -1]]);
    assert.deepEqual(pieces(traces[1]), [[1, 10, 5, -1], [0, 15, 90, 0], [1, 105, 100, -1]]);
    assert.deepEqual(pieces(traces[2]), [[1, 20, 5, -1], [0, 25, 180, 1], [1, 205, 100, -1]]);
  });

  test("of several servers names the one who had the server that came free", () => {
    const traces = traced({ times: [0, 1, 2, 3], code: [stage(0, 0)], amounts: [each([50, 10, 100, 5])], stages: [station("fifo", 2)] });
    // Message 2 takes the server of message 1, message 3 that of message 0.
    assert.deepEqual(traces.map((trace) => [trace.message, trace.segments.find((one) => one.slot === 0)?.blocker ?? null]), [[0, null], [1, null], [2, 1], [3, 0]]);
  });

  test("names who gave back what a pool lacked, who had the bus and who had the server", () => {
    const held = traced({ times: [0, 10], code: [hold(0, 1), work(0), free], amounts: always(100, 0), cores: ["core"], servers: [server()] });
    assert.deepEqual(pieces(held[1]), [[0, 10, 90, 0], [1, 100, 100, -1]]);
    const bus = traced({ times: [0, 10], code: [transfer(0, 0, 1)], amounts: always(100, 1), buses: [{ name: "bus", arbiter: "fifo" }] });
    assert.deepEqual(pieces(bus[1]), [[0, 10, 90, 0], [1, 100, 100, -1]]);
    const pool = traced({ times: [0, 10], code: [claim(0, 1), delay(0), release(0, 1)], amounts: always(100, 1), pools: [{ name: "pool", capacity: 1, whenFull: "block", refill: null }] });
    assert.deepEqual(pieces(pool[1]), [[0, 10, 90, 0], [1, 100, 100, -1]]);
  });

  test("gives the branch that did not decide its slack, and the message the segments of the one that did", () => {
    const kinds = [["all", 90, [2, 0, 90]], ["race", 50, [1, 0, 50]]] as const;
    for (const [kind, latency, piece] of kinds) {
      const [trace] = traced({ times: [0], slots: SLOTS, code: [fork(0), jump(6), delay(0), joined, { ...delay(1), work: 2 }, joined], amounts: always(50, 90), forks: [{ kind, branches: [3, 5], count: -1, chunk: -1, slots: null }] }).filter((one) => one.place === 0);
      assert.deepEqual(trace?.segments.map(({ slot, at, ps }) => [slot, at, ps]), [piece]);
      assert.equal(trace?.end, latency);
      assert.deepEqual(trace?.losers.map((one) => one.slack), [40]);
    }
  });

  test("follows what works off the path under the number of its message", () => {
    const traces = traced({ times: [0, 100], code: [spawn(2), jump(4), delay(0), end], amounts: always(7) });
    assert.deepEqual(traces.map((trace) => [trace.message, trace.place > 0, trace.start, trace.end]), [[0, false, 0, 0], [0, true, 0, 7], [1, false, 100, 100], [1, true, 100, 107]]);
  });

  test("says of a dropped message that it was not finished", () => {
    const [trace] = traced({ times: [0], code: [delay(0), drop(0)], amounts: always(7), reasons: ["lost"] });
    assert.deepEqual([trace?.finished, trace?.end], [false, 7]);
  });
});
