// Goal: flows come to the queues that the definition of receive-side scaling says. Method: the definition's own examples; a hash
// worked out bit by bit; and laws that any table has.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { tupleOf, type FlowTuple } from "../../../src/modeling/index.js";
import { hashedBytes, KEYS, queuesOf, toeplitz, type Steering } from "../../../src/models/parts/receive-side-scaling.js";

const address = (text: string): number => text.split(".").reduce((value, part) => value * 256 + Number(part), 0);
const tuple = (source: string, sourcePort: number, destination: string, destinationPort: number): FlowTuple => ({ source: address(source), sourcePort, destination: address(destination), destinationPort });

/** Destination and source of the examples, hash of the addresses, hash with the ports. */
const EXAMPLES: readonly [FlowTuple, number, number][] = [
  [tuple("66.9.149.187", 2794, "161.142.100.80", 1766), 0x323e8fc2, 0x51ccc178],
  [tuple("199.92.111.2", 14230, "65.69.140.83", 4739), 0xd718262a, 0xc626b0ea],
  [tuple("24.19.198.95", 12898, "12.22.207.184", 38024), 0xd2d0a5de, 0x5c2b394a],
  [tuple("38.27.205.30", 48228, "209.142.163.6", 2217), 0x82989176, 0xafc7327f],
  [tuple("153.39.163.191", 44251, "202.188.127.2", 1303), 0x5d1809c5, 0x10e828a2],
];

const steering = (of: Partial<Steering> = {}): Steering => ({ queues: 4, by: "hash", table: 128, key: "common", of: "ports", filters: 8192, ...of });
const flows = (count: number) => ({ flows: count, tupleOf: (flow: number) => tupleOf("ticks", flow) });
const counts = (queues: Int32Array, of: number): number[] => Array.from({ length: of }, (_, queue) => queues.filter((one) => one === queue).length);

describe("the hash", () => {
  test("is that of the definition's examples", () => {
    for (const [flow, addresses, ports] of EXAMPLES) {
      assert.equal(toeplitz(KEYS.common, hashedBytes(flow, "addresses")), addresses);
      assert.equal(toeplitz(KEYS.common, hashedBytes(flow, "ports")), ports);
    }
  });

  test("under the symmetric key is the same in both directions, under the common one it is not", () => {
    for (const [flow] of EXAMPLES) {
      const back: FlowTuple = { source: flow.destination, destination: flow.source, sourcePort: flow.destinationPort, destinationPort: flow.sourcePort };
      assert.equal(toeplitz(KEYS.symmetric, hashedBytes(flow, "ports")), toeplitz(KEYS.symmetric, hashedBytes(back, "ports")));
      assert.notEqual(toeplitz(KEYS.common, hashedBytes(flow, "ports")), toeplitz(KEYS.common, hashedBytes(back, "ports")));
    }
  });
});

describe("steering", () => {
  test("spreads many flows evenly and few unevenly", () => {
    const many = counts(queuesOf(steering(), flows(40_000)), 4);
    assert.ok(many.every((count) => Math.abs(count - 10_000) < 6 * Math.sqrt(40_000 * 0.25 * 0.75)), String(many));
    const few = counts(queuesOf(steering(), flows(16)), 4);
    assert.equal(few.reduce((sum, count) => sum + count, 0), 16);
    assert.ok(Math.max(...few) > 4, String(few));
  });

  test("by the table gives a queue as many entries as its share, rounded", () => {
    // Three queues of 128 entries have 43, 43 and 42.
    const shares = counts(queuesOf(steering({ queues: 3 }), flows(60_000)), 3).map((count) => count / 60_000);
    [43, 43, 42].forEach((entries, queue) => assert.ok(Math.abs(shares[queue]! - entries / 128) < 0.012, String(shares)));
  });

  test("by filters gives each flow a queue of its own in turn, as far as filters go", () => {
    assert.deepEqual([...queuesOf(steering({ by: "filter" }), flows(6))], [0, 1, 2, 3, 0, 1]);
    const short = queuesOf(steering({ by: "filter", filters: 2 }), flows(6));
    assert.deepEqual([...short.subarray(0, 2)], [0, 1]);
    assert.deepEqual([...short.subarray(2)], [...queuesOf(steering(), flows(6)).subarray(2)]);
  });

  test("by addresses alone keeps the flows of two hosts together", () => {
    const one = { flows: 50, tupleOf: (flow: number) => ({ ...tupleOf("ticks", 0), sourcePort: 50_000 + flow }) };
    assert.equal(new Set(queuesOf(steering({ of: "addresses" }), one)).size, 1);
    assert.ok(new Set(queuesOf(steering(), one)).size > 1);
  });

  test("with one queue takes no hash", () => {
    assert.deepEqual([...queuesOf(steering({ queues: 1 }), flows(3))], [0, 0, 0]);
  });
});
