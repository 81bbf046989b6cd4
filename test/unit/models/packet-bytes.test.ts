// Goal: every byte of a packet on the wire has a field that it belongs to. Method: sums of the fields as the standards lay them out, against
// the time that each packet takes on a link.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { need, use } from "../../../src/modeling/index.js";
import type { Written } from "../../support/model-tester.js";
import { probe, type Probe } from "../../support/probe.js";

type Params = Readonly<Record<string, Written>>;
const stored: Probe = () => [need("last")];

/** Bytes that a message takes on a link whose byte time is known; `extended` header bytes make it RDMA packets. */
function bytesOn(link: { readonly model: string; readonly params: Params; readonly byte: number }, payload: number, more: { readonly extended?: number; readonly stack?: string } = {}): number {
  const { extended, stack = "udp" } = more;
  const framed: Probe = ({ instance }) => (extended === undefined ? [] : [use(instance("wire"), "frame", { extended })]);
  const run = probe({
    links: { wire: { model: link.model, params: { length: "0 m", ...link.params } } },
    probes: { stored, framed },
    flows: [{ path: [{ tap: "sent" }, "gw.probe.framed", "wire", "gw.probe.stored", { tap: "there" }], times: [0], payload, stack, from: "sent", to: "there" }],
  });
  return run.latencies[0]![0]! / link.byte;
}

const infiniband = (params: Params = {}) => ({ model: "link/infiniband", params: { speed: "edr", width: "4x", ...params }, byte: 80 });
const ethernet = (params: Params = {}) => ({ model: "link/ethernet", params: { rate: "100 Gbit/s", ...params }, byte: 80 });
const sum = (...fields: readonly number[]): number => fields.reduce((total, field) => total + field, 0);

/** Fields of the base transport's packets. */
const LRH = 8, GRH = 40, BTH = 12, RETH = 16, AETH = 4, IMMEDIATE = 4, ATOMIC_ETH = 28, ATOMIC_ACK = 8, ICRC = 4, VCRC = 2;

describe("InfiniBand", () => {
  const packets: readonly (readonly [what: string, payload: number, extended: number, fields: readonly number[]])[] = [
    ["send, only", 64, 0, [LRH, BTH, 64, ICRC, VCRC]],
    ["write, only", 64, RETH, [LRH, BTH, RETH, 64, ICRC, VCRC]],
    ["write with immediate data", 64, RETH + IMMEDIATE, [LRH, BTH, RETH, IMMEDIATE, 64, ICRC, VCRC]],
    ["read request", 0, RETH, [LRH, BTH, RETH, ICRC, VCRC]],
    ["read response, only", 64, AETH, [LRH, BTH, AETH, 64, ICRC, VCRC]],
    ["acknowledgement", 0, AETH, [LRH, BTH, AETH, ICRC, VCRC]],
    ["compare and swap", 0, ATOMIC_ETH, [LRH, BTH, ATOMIC_ETH, ICRC, VCRC]],
    ["its answer", 0, AETH + ATOMIC_ACK, [LRH, BTH, AETH, ATOMIC_ACK, ICRC, VCRC]],
  ];
  for (const [what, payload, extended, fields] of packets) {
    test(`${what} has ${sum(...fields)} bytes, and ${GRH} more between subnets`, () => {
      assert.equal(bytesOn(infiniband(), payload, { extended }), sum(...fields));
      assert.equal(bytesOn(infiniband({ global: true }), payload, { extended }), sum(...fields, GRH));
    });
  }

  test("a payload is filled up to words of four bytes", () => {
    for (const [payload, filled] of [[1, 4], [3, 4], [4, 4], [5, 8], [4095, 4096]] as const) {
      assert.equal(bytesOn(infiniband(), payload, { extended: 0 }), sum(LRH, BTH, filled, ICRC, VCRC), `${payload}`);
    }
  });

  test("a message of several packets bears its target once and the other headers in each", () => {
    for (const mtu of [256, 512, 1024, 2048, 4096]) {
      assert.equal(bytesOn(infiniband({ mtu: `${mtu} B` }), 65_536, { extended: RETH }), 65_536 + RETH + (65_536 / mtu) * sum(LRH, BTH, ICRC, VCRC), `${mtu}`);
    }
  });
});

describe("RoCEv2", () => {
  const PREAMBLE = 8, ETHERNET = 14, IP = 20, UDP = 8, FCS = 4, GAP = 12;
  const around = sum(PREAMBLE, ETHERNET, IP, UDP, BTH, ICRC, FCS);

  test("a packet has Ethernet, IP and UDP where InfiniBand has its link and network headers", () => {
    assert.equal(around, 70);
    assert.equal(bytesOn(ethernet(), 64, { extended: RETH }), around + RETH + 64);
    assert.equal(bytesOn(ethernet(), 1024, { extended: RETH + IMMEDIATE }), around + RETH + IMMEDIATE + 1024);
    assert.equal(bytesOn(ethernet(), 0, { extended: ATOMIC_ETH }), around + ATOMIC_ETH);
  });

  test("a short one is filled up to the shortest frame, and its payload to words of four bytes", () => {
    assert.equal(bytesOn(ethernet(), 0, { extended: 0 }), 64 + PREAMBLE);
    assert.equal(bytesOn(ethernet(), 1, { extended: RETH }), around + RETH + 4);
  });

  test("packets of one message follow each other with the gap of Ethernet", () => {
    assert.equal(bytesOn(ethernet({ mtu: "1024 B" }), 8192, { extended: RETH }), 8192 + RETH + 8 * around + 7 * GAP);
  });
});

describe("Ethernet", () => {
  test("each stack of headers has its length, and a short frame is filled up", () => {
    const headers = { raw: 0, ethernet: 14, ip: 14 + 20, udp: 14 + 20 + 8, tcp: 14 + 20 + 20 };
    for (const [stack, length] of Object.entries(headers)) {
      assert.equal(bytesOn(ethernet(), 100, { stack }), 8 + length + 100 + 4, stack);
      assert.equal(bytesOn(ethernet(), 0, { stack }), 8 + 64, stack);
      assert.equal(bytesOn(ethernet(), 64 - 4 - length, { stack }), 8 + 64, stack);
      assert.equal(bytesOn(ethernet(), 64 - 4 - length + 1, { stack }), 8 + 65, stack);
    }
  });
});
