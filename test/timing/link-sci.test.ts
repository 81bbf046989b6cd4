// Goal: a ring of one-way links. Method: packets of a test's own between its nodes, alone and behind each other.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WirelatErrors } from "../../src/errors/index.js";
import { amountOf, use } from "../../src/modeling/index.js";
import { probe, type Flow, type Probe } from "../support/probe.js";
import type { Written } from "../support/model-tester.js";

const flow = (name: string, times: readonly number[]): Flow => ({ path: [{ tap: `${name}-from` }, `gw.probe.${name}`, { tap: `${name}-to` }], times, from: `${name}-from`, to: `${name}-to` });
const packet = (from: string, to: string, bytes: number): Probe => ({ instance }) => [use(instance("ring"), "send", { from, to, bytes: amountOf(bytes) })];
const run = (probes: Readonly<Record<string, Probe>>, times: Readonly<Record<string, readonly number[]>> = {}, params: Readonly<Record<string, Written>> = {}) =>
  probe({ links: { ring: { model: "link/sci", params: { length: "0 m", ...params } } }, probes, flows: Object.keys(probes).map((name) => flow(name, times[name] ?? [0])) });
const alone = (from: string, to: string, params: Readonly<Record<string, Written>> = {}): number => run({ one: packet(from, to, 64) }, {}, params).latencies[0]![0]!;

describe("the SCI ring", () => {
  test("a packet passes each node once and its bytes are paid once: 70 ns a hop, 2 ns a byte", () => {
    assert.deepEqual(["b", "c", "d"].map((to) => alone("a", to)), [1, 2, 3].map((hops) => hops * 70_000 + 160_000));
    assert.equal(alone("d", "a"), 70_000 + 160_000);
    assert.equal(alone("c", "b"), 3 * 70_000 + 160_000);
  });

  test("cable, header, rate and hop each have their effect", () => {
    assert.equal(alone("a", "c", { length: "5 m" }), 2 * (70_000 + 25_000) + 160_000);
    assert.equal(alone("a", "b", { header: "32 B" }), 70_000 + 192_000);
    assert.equal(alone("a", "b", { rate: "8 Gbit/s" }), 70_000 + 80_000);
    assert.equal(alone("a", "b", { hop: "30 ns" }), 30_000 + 160_000);
  });

  test("packets on one link follow each other; on different links they do not meet", () => {
    const both = run({ one: packet("a", "b", 64), other: packet("a", "b", 64) });
    assert.deepEqual([both.latencies[0]![0], both.latencies[1]![0]], [230_000, 230_000 + 160_000]);
    const apart = run({ one: packet("a", "b", 64), other: packet("c", "d", 64) }, {}, { echo: "0 B" });
    assert.deepEqual([apart.latencies[0]![0], apart.latencies[1]![0]], [230_000, 230_000]);
  });

  test("a node that a packet passes must let it through before its own", () => {
    const crossing = run({ long: packet("a", "d", 64), short: packet("b", "c", 64) }, { long: [0], short: [71_000] });
    assert.equal(crossing.latencies[1]![0], 230_000 + 70_000 + 160_000 - 71_000);
  });

  test("echoes take the rest of the round and keep others waiting", () => {
    // The echo of a -> b sets out at b when the packet has come, and takes 16 ns of the link to c.
    const behind = run({ one: packet("a", "b", 64), other: packet("b", "c", 64) }, { one: [0], other: [230_001] });
    assert.equal(behind.latencies[1]![0], 230_000 + 16_000 - 1);
  });

  test("a host that is not on the ring is refused", () => {
    assert.throws(() => alone("a", "z"), (error: unknown) => error instanceof WirelatErrors && error.errors[0]?.code === "ring-place");
    assert.equal(alone("x", "y", { nodes: ["x", "y"] }), 230_000);
  });
});
