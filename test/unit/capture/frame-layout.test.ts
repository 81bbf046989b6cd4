import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { frameLayout, multicastMac, parseCapture, udpFrame, writePcap, type FrameLayout } from "../../../src/capture/index.js";

const ETHERNET = 1;

function layoutOf(bytes: Uint8Array | readonly number[], linkType = ETHERNET, originalBytes = bytes.length): FrameLayout | null {
  const packet = { seconds: 0, picoseconds: 0, bytes: Uint8Array.from(bytes), originalBytes };
  return frameLayout(parseCapture(writePcap([packet], { linkType }), "x"), 0);
}

const GROUP = [233, 252, 0, 1];
const MACS = [...new Array<number>(12).fill(2)];

function datagram(payloadBytes: number): Uint8Array {
  return udpFrame({
    source: { mac: [0, 0, 0x5e, 0, 0x53, 1], address: [192, 0, 2, 1], port: 1234 },
    target: { mac: multicastMac(GROUP), address: GROUP, port: 5678 },
    identification: 1,
    payload: new Uint8Array(payloadBytes),
  });
}

/** An IPv4 header of `words` 32-bit words. */
function ipv4(protocol: number, totalBytes: number, words = 5, fragment = 0): number[] {
  return [0x40 | words, 0, totalBytes >> 8, totalBytes & 255, 0, 0, fragment >> 8, fragment & 255, 64, protocol, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2, ...new Array<number>((words - 5) * 4).fill(0)];
}

function ipv6(nextHeader: number, payloadBytes: number): number[] {
  return [0x60, 0, 0, 0, payloadBytes >> 8, payloadBytes & 255, nextHeader, 64, ...new Array<number>(15).fill(0), 1, ...new Array<number>(15).fill(0), 2];
}

function tcp(words: number): number[] {
  return [0, 80, 0, 81, ...new Array<number>(8).fill(0), words << 4, ...new Array<number>(words * 4 - 13).fill(0)];
}

const UDP = [0, 53, 0, 54, 0, 8, 0, 0];

describe("the layout of a frame", () => {
  test("of UDP over IPv4 does not count the padding to 60 bytes as payload", () => {
    const frame = datagram(5);
    assert.equal(frame.length, 60);
    assert.deepEqual(layoutOf(frame), {
      transport: "udp", linkBytes: 14, networkBytes: 20, transportBytes: 8, payloadBytes: 5, sourcePort: 1234, destinationPort: 5678, destinationAddress: Uint8Array.from(GROUP),
    });
    assert.equal(layoutOf(datagram(100))?.payloadBytes, 100);
  });

  test("counts up to four VLAN tags as link header and gives up at five", () => {
    const inner = [...datagram(30)].slice(12);
    for (let tags = 0; tags <= 5; tags += 1) {
      const stack = Array.from({ length: tags }, (_, tag) => [tag === 0 ? 0x88 : 0x81, tag === 0 ? 0xa8 : 0x00, 0, tag]).flat();
      const layout = layoutOf([...MACS, ...stack, ...inner]);
      assert.deepEqual(layout && [layout.linkBytes, layout.payloadBytes], tags <= 4 ? [14 + 4 * tags, 30] : null);
    }
  });

  test("counts IPv4 and TCP options as headers", () => {
    const layout = layoutOf([...MACS, 8, 0, ...ipv4(6, 28 + 32 + 3, 7), ...tcp(8), 1, 2, 3]);
    assert.deepEqual(layout && [layout.transport, layout.networkBytes, layout.transportBytes, layout.payloadBytes], ["tcp", 28, 32, 3]);
  });

  test("walks IPv6 extension headers, but not without end", () => {
    const plain = layoutOf([...MACS, 0x86, 0xdd, ...ipv6(17, 10), ...UDP, 1, 2]);
    assert.deepEqual(plain && [plain.networkBytes, plain.payloadBytes, plain.destinationAddress[15]], [40, 2, 2]);
    const extended = layoutOf([...MACS, 0x86, 0xdd, ...ipv6(0, 34), 60, 0, 0, 0, 0, 0, 0, 0, 17, 1, ...new Array<number>(14).fill(0), ...UDP, 1, 2]);
    assert.deepEqual(extended && [extended.networkBytes, extended.payloadBytes], [64, 2]);
    const endless = new Array<number>(9 * 8).fill(0);
    assert.equal(layoutOf([...MACS, 0x86, 0xdd, ...ipv6(0, 80), ...endless, ...UDP]), null);
  });

  test("is told from a snapshot of the headers, from the length that the packet had", () => {
    const layout = layoutOf([...datagram(500)].slice(0, 42), ETHERNET, 542);
    assert.equal(layout?.payloadBytes, 500);
    assert.equal(layoutOf([...datagram(500)].slice(0, 41), ETHERNET, 542), null);
  });

  test("takes the whole packet where a sender left the total length to its NIC", () => {
    assert.equal(layoutOf([...MACS, 8, 0, ...ipv4(6, 0), ...tcp(5), 1, 2, 3, 4])?.payloadBytes, 4);
  });

  test("is known for Linux cooked, loopback and raw captures", () => {
    const ip = [...ipv4(17, 30), ...UDP, 1, 2];
    const cooked = [...new Array<number>(14).fill(0), 8, 0];
    const cooked2 = [8, 0, ...new Array<number>(18).fill(0)];
    const cases = [[113, cooked], [276, cooked2], [0, [2, 0, 0, 0]], [108, [0, 0, 0, 2]], [101, []], [228, []]] as const;
    for (const [linkType, link] of cases) {
      const layout = layoutOf([...link, ...ip], linkType);
      assert.deepEqual(layout && [layout.linkBytes, layout.payloadBytes], [link.length, 2], `link type ${linkType}`);
    }
  });

  test("is null for what is no such packet, or contradicts itself", () => {
    const udp = [...UDP, 1, 2];
    assert.notEqual(layoutOf([...MACS, 8, 0, ...ipv4(17, 30), ...udp]), null);
    const cases: Readonly<Record<string, readonly number[]>> = {
      "nothing": [],
      "ARP": [...MACS, 8, 6, ...new Array<number>(28).fill(0)],
      "ICMP": [...MACS, 8, 0, ...ipv4(1, 30), ...udp],
      "a later fragment": [...MACS, 8, 0, ...ipv4(17, 30, 5, 0x0001), ...udp],
      "IP version 5": [...MACS, 8, 0, 0x55, ...ipv4(17, 30).slice(1), ...udp],
      "an IPv4 header of 16 bytes": [...MACS, 8, 0, 0x44, ...ipv4(17, 30).slice(1), ...udp],
      "an IP length longer than the packet": [...MACS, 8, 0, ...ipv4(17, 31), ...udp],
      "an IP length shorter than its headers": [...MACS, 8, 0, ...ipv4(17, 27), ...udp],
      "a TCP header of 16 bytes": [...MACS, 8, 0, ...ipv4(6, 40), ...tcp(5).with(12, 0x40)],
    };
    for (const [what, bytes] of Object.entries(cases)) assert.equal(layoutOf(bytes), null, what);
    assert.equal(layoutOf(datagram(5), 147), null, "a link type of private use");
  });

  test("is null for a packet that does not exist", () => {
    assert.equal(frameLayout(parseCapture(writePcap([]), "x"), 3), null);
  });
});

test("a UDP frame carries checksums that add up to ffff, for odd and even payloads", () => {
  for (const length of [0, 1, 2, 57, 58]) {
    const frame = datagram(length);
    const view = new DataView(frame.buffer);
    const padded = new Uint8Array(frame.length + 1);
    padded.set(frame);
    const words = new DataView(padded.buffer);
    const sum = (from: number, bytes: number): number => Array.from({ length: Math.ceil(bytes / 2) }, (_, word) => words.getUint16(from + 2 * word)).reduce((total, word) => total + word, 0);
    const folded = (total: number): number => (total % 0xffff === 0 ? 0xffff : total % 0xffff);
    assert.equal(folded(sum(14, 20)), 0xffff);
    assert.equal(folded(sum(34, 8 + length) + sum(26, 8) + 17 + 8 + length), 0xffff);
    assert.notEqual(view.getUint16(40), 0);
  }
});
