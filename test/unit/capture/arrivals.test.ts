import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { arrivals, multicastMac, parseCapture, relativeTimes, udpFrame, writePcap, writePcapng, type Capture, type OutgoingPacket } from "../../../src/capture/index.js";
import { rational } from "../../../src/units/index.js";
import { enhancedPacket, interfaceBlock, option, section, simplePacket } from "./pcapng-bytes.js";
import { refuses } from "./refusal.js";

function frame(port: number, group: readonly number[], payloadBytes: number): Uint8Array {
  return udpFrame({
    source: { mac: [0, 0, 0x5e, 0, 0x53, 1], address: [192, 0, 2, 1], port: 1000 },
    target: { mac: multicastMac(group), address: group, port },
    identification: 0,
    payload: new Uint8Array(payloadBytes),
  });
}

const A = [233, 252, 0, 1];
const B = [233, 252, 0, 2];

/** Packets at these ps after second 100, to port 1 of group A unless said otherwise. */
function captureAt(times: readonly number[], packet: Partial<OutgoingPacket> = {}): Capture {
  const packets = times.map((time) => ({ seconds: 100 + Math.floor(time / 1e12), picoseconds: time % 1e12, bytes: frame(1, A, 10), ...packet }));
  return parseCapture(writePcapng(packets), "test.pcapng");
}

describe("arrivals", () => {
  test("begin at zero with the earliest packet, whatever the order of the file, equal times in the order of the file", () => {
    const series = arrivals(captureAt([50, 30, 30, 70, 10, 30]));
    assert.deepEqual([...series.times], [0, 20, 20, 20, 40, 60]);
    assert.deepEqual([...series.packets], [4, 1, 2, 5, 0, 3]);
    assert.equal(series.backwardSteps, 2);
    assert.equal(series.count, 6);
  });

  test("are exact to the picosecond over two hours", () => {
    const time = 7200e12 + 1;
    assert.deepEqual([...arrivals(captureAt([0, time - 1, time])).times], [0, time - 1, time]);
  });

  test("at a speed are divided once each, rounded to the nearest picosecond, halves up", () => {
    const capture = captureAt([0, 1, 2, 3, 1000]);
    assert.deepEqual([...arrivals(capture, { speed: rational(2) }).times], [0, 1, 1, 2, 500]);
    assert.deepEqual([...arrivals(capture, { speed: rational(3) }).times], [0, 0, 1, 1, 333]);
    assert.deepEqual([...arrivals(capture, { speed: rational(1, 3) }).times], [0, 3, 6, 9, 3000]);
    assert.deepEqual([...arrivals(captureAt([0, 7200e12 + 1]), { speed: rational(7, 7) }).times], [0, 7200e12 + 1]);
    assert.deepEqual([...arrivals(captureAt([0, 7200e12 + 1]), { speed: rational(10 ** 9 + 1, 10 ** 9) }).times], [0, 7_199_999_992_800_001]);
  });

  test("refuse a speed that is not positive, or so slow that simulated time ends before", () => {
    const capture = captureAt([0, 2 ** 40]);
    refuses(() => arrivals(capture, { speed: rational(0) }), "capture-option", /speed 0\/1/);
    refuses(() => arrivals(capture, { speed: rational(-1, 2) }), "capture-option", /speed -1\/2/);
    assert.equal(arrivals(capture, { speed: rational(1, 2 ** 13) }).times[1], 2 ** 53);
    refuses(() => arrivals(capture, { speed: rational(1, 2 ** 13 + 1) }), "capture-span", /at speed 1\/8193/);
  });

  test("refuse packets that lie further apart than 2^53 ps, which a range of packets avoids", () => {
    const capture = captureAt([0, 5, 2 ** 53 - 1]);
    assert.equal(arrivals(capture).times[2], Number.MAX_SAFE_INTEGER);
    const days: OutgoingPacket[] = [0, 1, 90_000, 90_000].map((seconds) => ({ seconds, picoseconds: 7, bytes: frame(1, A, 1) }));
    const long = parseCapture(writePcapng(days), "long");
    refuses(() => arrivals(long), "capture-span", /packets 0 and 2 are 90000 s apart/);
    refuses(() => relativeTimes(long), "capture-span", /packets 0 and 2/);
    assert.deepEqual([...arrivals(long, { filter: { from: 2 } }).times], [0, 0]);
    assert.deepEqual([...arrivals(long, { filter: { from: 0, count: 2 } }).times], [0, 1e12]);
  });
});

describe("the sizes of arrivals", () => {
  test("are those of the frame on the wire, with FCS and at least 64 bytes, and of its payload", () => {
    const packets = [5, 18, 19, 100].map((bytes, index) => ({ seconds: index, picoseconds: 0, bytes: frame(1, A, bytes) }));
    const capture = parseCapture(writePcap(packets), "x");
    assert.deepEqual([...arrivals(capture).frameBytes], [64, 64, 65, 146]);
    assert.deepEqual([...arrivals(capture).payloadBytes], [5, 18, 19, 100]);
    assert.deepEqual([...arrivals(capture, { fcsBytes: 4 }).frameBytes], [64, 64, 64, 142]);
    refuses(() => arrivals(capture, { fcsBytes: 1.5 }), "capture-option", /1\.5 bytes of frame check sequence/);
  });

  test("believe the file where it says that it holds the FCS, and the caller before the file", () => {
    const bytes = [...section(), ...interfaceBlock({}, 0, option(13, [4])), ...enhancedPacket(0n, new Array<number>(100).fill(0))];
    const capture = parseCapture(Uint8Array.from(bytes), "x");
    assert.deepEqual([...arrivals(capture).frameBytes], [100]);
    assert.deepEqual([...arrivals(capture, { fcsBytes: 0 }).frameBytes], [104]);
    assert.deepEqual([...arrivals(capture).payloadBytes], [-1]);
  });

  test("put an Ethernet header in the place of another link header, and refuse a link they do not know", () => {
    const packet = { seconds: 0, picoseconds: 0, bytes: new Uint8Array(216) };
    const cooked = parseCapture(writePcap([packet], { linkType: 113 }), "x");
    assert.deepEqual([...arrivals(cooked).frameBytes], [200 + 18]);
    const wireless = parseCapture(writePcap([packet], { linkType: 105 }), "x");
    refuses(() => arrivals(wireless), "capture-link-type", /packet 0 has link type 105/);
  });
});

describe("a filter", () => {
  const ports = [[1, A], [2, A], [1, B], [1, A]] as const;
  const packets = ports.map(([port, group], index) => ({ seconds: index, picoseconds: 0, bytes: frame(port, group, 20) }));
  const capture = parseCapture(writePcap([...packets, { seconds: 9, picoseconds: 0, bytes: new Uint8Array(60) }]), "f.pcap");

  test("passes the packets that meet all of it", () => {
    assert.deepEqual([...arrivals(capture).packets], [0, 1, 2, 3, 4]);
    assert.deepEqual([...arrivals(capture, { filter: { transport: "udp" } }).packets], [0, 1, 2, 3]);
    assert.deepEqual([...arrivals(capture, { filter: { destinationPort: 1 } }).packets], [0, 2, 3]);
    assert.deepEqual([...arrivals(capture, { filter: { destinationPort: 1, destinationAddress: "233.252.0.1" } }).packets], [0, 3]);
    assert.deepEqual([...arrivals(capture, { filter: { sourcePort: 1000, from: 2, count: 2 } }).packets], [2, 3]);
    assert.deepEqual([...arrivals(capture, { filter: { interfaceIndex: 0, from: 4 } }).packets], [4]);
  });

  test("that nothing passes is refused, as is a capture without times", () => {
    refuses(() => arrivals(capture, { filter: { transport: "tcp" } }), "capture-empty", /f\.pcap: none of its 5 timed packets/);
    const untimed = parseCapture(Uint8Array.from([...section(), ...interfaceBlock(), ...simplePacket(1, [1])]), "u");
    refuses(() => arrivals(untimed), "capture-empty", /none of its 1 packets has a time/);
    assert.deepEqual([...relativeTimes(untimed)], [NaN]);
  });

  test("that makes no sense is refused", () => {
    refuses(() => arrivals(capture, { filter: { destinationPort: 65_536 } }), "capture-option", /destination port 65536/);
    refuses(() => arrivals(capture, { filter: { sourcePort: -1 } }), "capture-option", /source port -1/);
    refuses(() => arrivals(capture, { filter: { interfaceIndex: 1 } }), "capture-option", /interface 1: an integer from 0 to 0/);
    refuses(() => arrivals(capture, { filter: { from: 0.5 } }), "capture-option", /first packet 0\.5/);
    for (const address of ["localhost", "1.2.3", "1.2.3.256", "01.2.3.4"]) {
      refuses(() => arrivals(capture, { filter: { destinationAddress: address } }), "capture-option", /destination address/);
    }
  });
});

test("relative times keep the order of the file and count from its first packet with a time", () => {
  assert.deepEqual([...relativeTimes(captureAt([50, 30, 1e12 + 50]))], [0, -20, 1e12]);
  const mixed = [...section(), ...interfaceBlock(), ...simplePacket(1, [1]), ...enhancedPacket(5n, []), ...enhancedPacket(7n, [])];
  assert.deepEqual([...relativeTimes(parseCapture(Uint8Array.from(mixed), "m"))], [NaN, 0, 2e6]);
});
