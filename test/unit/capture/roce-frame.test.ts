// Goal: RoCEv2 frames carry the invariant CRC that adapters compute. Method: a congestion notification that a ConnectX-4 Lx sent.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { invariantCrc, roceFrame } from "../../../src/capture/index.js";

const bytesOf = (hex: string): Uint8Array => Uint8Array.from(hex.replaceAll(/\s/gu, "").match(/../gu) ?? [], (byte) => Number.parseInt(byte, 16));
const crcIn = (frame: Uint8Array): number => new DataView(frame.buffer).getUint32(frame.length - 4, true);

/** Captured on a wire, as published with Scapy's tests of its RoCE layer. */
const FROM_AN_ADAPTER = bytesOf(`
  e41d 2dab 2bc2 7cfe 9064 3b32 0800 45c2 003c 718c 4000 4011 9161 0a00 1101 0a00 1201 0000 12b7 0028 0000
  8100 ffff 4000 0118 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 82fd 002a`);

const END = { mac: [2, 0, 0, 0, 0, 1], address: [10, 0, 0, 1], port: 40_000 };
const frameWith = (payload: readonly number[]): Uint8Array => roceFrame({ source: END, target: { ...END, address: [10, 0, 0, 2] }, identification: 7, queuePair: 3, sequence: 9, key: 1, payload: Uint8Array.from(payload) });

describe("the invariant CRC", () => {
  test("is the one in a frame that an adapter sent", () => {
    assert.equal(invariantCrc(FROM_AN_ADAPTER), crcIn(FROM_AN_ADAPTER));
  });

  test("does not see what switches may change, and sees everything else", () => {
    const whole = invariantCrc(FROM_AN_ADAPTER);
    const blind = Array.from({ length: FROM_AN_ADAPTER.length - 4 }, (_, offset) => offset).filter((offset) => invariantCrc(FROM_AN_ADAPTER.map((byte, at) => (at === offset ? byte ^ 0x5a : byte))) === whole);
    // The Ethernet header, type of service, time to live, both checksums, and a reserved byte.
    assert.deepEqual(blind, [...Array.from({ length: 14 }, (_, offset) => offset), 15, 22, 24, 25, 40, 41, 46]);
  });

  test("is in every frame, whatever the padding", () => {
    for (const payload of [[], [1], [1, 2], [1, 2, 3], [1, 2, 3, 4], Array.from({ length: 1000 }, (_, byte) => byte % 256)]) {
      const frame = frameWith(payload);
      assert.equal(crcIn(frame), invariantCrc(frame));
      assert.notEqual(crcIn(frame), 0);
    }
  });
});
