// Goal: stages, transmitters and joins say what the LogGP model of message passing says. Method: a reduction along a binomial tree of eight
// hosts, whose finish times LogGOPSim publishes in the example of its README (spcl/LogGOPSim): each host's time is compared to the nanosecond.
import assert from "node:assert/strict";
import { test } from "node:test";
import { all, amountOf, claimStage, defineModel, need, pipe, Rate, rational, stage, stream, transmit, ZERO, type PartOf, type Step } from "../../src/modeling/index.js";
import { probe } from "../support/probe.js";

/** Latency, overhead at either end, gap between messages and gap per byte, in ps; and the size of each message. */
const LOGGP = { latency: 2_500_000, overhead: 1_500_000, gap: 1_000_000, perByte: 6000, bytes: 1024 };

/** Who sends to whom: a host sends once all that send to it have been received. */
const PARENT: Readonly<Record<number, number>> = { 7: 3, 6: 2, 5: 1, 4: 0, 3: 1, 2: 0, 1: 0 };
const FINISH_NS = [34_914, 24_776, 13_138, 13_138, 1500, 1500, 1500, 1500];

type Parts = Readonly<Record<string, PartOf<"stage"> | PartOf<"pipe">>>;

/** Everything up to the end of what a host does: what it is sent, in any order, and its own sending. */
function until(host: number, parts: Parts): readonly Step[] {
  const cpu = parts[`cpu${host}`] as PartOf<"stage">;
  const port = parts[`port${host}`] as PartOf<"stage">;
  const children = Object.entries(PARENT).flatMap(([child, parent]) => (parent === host ? [Number(child)] : []));
  const received = children.map((child) => [
    ...until(child, parts),
    // The first byte goes with the overhead; the others follow at the gap per byte.
    transmit(parts[`wire${child}`] as PartOf<"pipe">, { bytes: amountOf(LOGGP.bytes - 1), header: ZERO, label: "message" }),
    stream(amountOf(LOGGP.latency), "latency", "propagate"),
    need("last"),
    claimStage(port, ZERO, "gap", { occupancy: amountOf(LOGGP.gap) }),
    claimStage(cpu, amountOf(LOGGP.overhead), "receive"),
  ]);
  return [...(received.length > 0 ? [all("messages", ...received)] : []), ...(host in PARENT ? [claimStage(cpu, amountOf(LOGGP.overhead), "send")] : [])];
}

const HOSTS = FINISH_NS.map((_, host) => host);

const tree = defineModel({
  name: "test/tree",
  title: "Hosts of a reduction",
  about: "Eight hosts add up what they have along a binomial tree.",
  params: {},
  parts: () => Object.fromEntries(HOSTS.flatMap((host) => [
    [`cpu${host}`, stage()],
    [`port${host}`, stage()],
    [`wire${host}`, pipe({ rate: new Rate(rational(LOGGP.perByte)), gap: ZERO })],
  ])) as Parts,
  operations: (operation) => Object.fromEntries(HOSTS.map((host) => [`finish${host}`, operation({ meaning: `host ${host} is done`, steps: ({ parts }) => until(host, parts) })])),
});

for (const [host, finish] of FINISH_NS.entries()) {
  test(`host ${host} of the reduction finishes after ${finish} ns`, () => {
    const run = probe({ models: { tree }, flows: [{ path: [{ tap: "begun" }, `tree.finish${host}`, { tap: "done" }], times: [0], from: "begun", to: "done" }] });
    assert.equal(run.latencies[0]![0], finish * 1000);
    assert.equal(run.floors[0], finish * 1000, "the latency without load is the same, for nobody waits");
  });
}
