import { WirelatError } from "../errors/index.js";
import { EXACT_LIMIT, roundToInteger, type Rational } from "../units/index.js";
import type { Capture } from "./capture.js";
import { frameLayout, linkHeaderBytes } from "./frame-layout.js";
import { selectPackets, type PacketFilter } from "./packet-filter.js";
import { timesSince } from "./times.js";

/** How to turn a capture into traffic. */
export interface ArrivalOptions {
  /** 2/1 replays twice as fast; 1/1 where absent. */
  readonly speed?: Rational;
  readonly filter?: PacketFilter;
  /** Bytes of frame check sequence that the recorded lengths include; where absent, what the file says, else 0. */
  readonly fcsBytes?: number;
}

/** Packets in the order of their times; row i of every column is arrival i. */
export interface ArrivalSeries {
  readonly count: number;
  /** Integer ps since the first arrival, never decreasing. */
  readonly times: Float64Array;
  /** Ethernet frame from destination address to FCS, at least 64 bytes; preamble and inter-frame gap not counted. */
  readonly frameBytes: Uint32Array;
  /** UDP or TCP payload, or -1 where the packet is neither (or cannot be told). */
  readonly payloadBytes: Int32Array;
  /** Which packet of the capture it is. */
  readonly packets: Uint32Array;
  /** How many of the chosen packets are earlier than the one before them in the file; sorting moved them. */
  readonly backwardSteps: number;
}

const ETHERNET_HEADER_BYTES = 14;
const ETHERNET_FCS_BYTES = 4;
const SHORTEST_FRAME_BYTES = 64;

/**
 * The arrival series of a capture: chosen, stably sorted by time, and scaled by `speed`, each time rounded once to the nearest picosecond.
 * Packets without a time are left out. Throws `capture-empty`, `capture-span`, `capture-link-type` or `capture-option`.
 */
export function arrivals(capture: Capture, options: ArrivalOptions = {}): ArrivalSeries {
  const fcsBytes = checkedFcs(options.fcsBytes);
  const chosen = selectPackets(capture, options.filter ?? {});
  const backwardSteps = chosen.reduce((steps, packet, row) => (row > 0 && compare(capture, chosen[row - 1] ?? 0, packet) > 0 ? steps + 1 : steps), 0);
  // The index breaks ties, so the order of equal times is the order of the file whatever the engine's sort does.
  const packets = backwardSteps === 0 ? chosen : chosen.sort((one, other) => compare(capture, one, other) || one - other);
  const first = packets[0];
  if (first === undefined) throw empty(capture);
  return {
    count: packets.length,
    times: scaled(timesSince(capture, first, packets), options.speed ?? { num: 1n, den: 1n }),
    frameBytes: packets.map((packet) => wireFrameBytes(capture, packet, fcsBytes)),
    payloadBytes: Int32Array.from(packets, (packet) => frameLayout(capture, packet)?.payloadBytes ?? -1),
    packets,
    backwardSteps,
  };
}

function compare(capture: Capture, one: number, other: number): number {
  const seconds = (capture.seconds[one] ?? 0) - (capture.seconds[other] ?? 0);
  return seconds !== 0 ? seconds : (capture.picoseconds[one] ?? 0) - (capture.picoseconds[other] ?? 0);
}

function scaled(times: Float64Array, speed: Rational): Float64Array {
  const { num, den } = speed;
  if (num <= 0n || den <= 0n) {
    throw new WirelatError("capture-option", `speed ${num}/${den}: a positive ratio was expected`, { remedy: "Use 2/1 to replay twice as fast." });
  }
  if (num === den) return times;
  const last = BigInt(times[times.length - 1] ?? 0);
  if (last * den > EXACT_LIMIT * num) {
    throw new WirelatError("capture-span", `at speed ${num}/${den} the packets span more than 9007 s (2^53 ps), where simulated time ends`, {
      remedy: "Replay faster, or use fewer packets.",
    });
  }
  return times.map((time) => roundToInteger({ num: BigInt(time) * den, den: num }));
}

function wireFrameBytes(capture: Capture, packet: number, fcsGiven: number | undefined): number {
  const from = capture.interfaces[capture.interfaceOf[packet] ?? 0];
  const header = from === undefined ? null : linkHeaderBytes(from.linkType);
  if (from === undefined || header === null) {
    throw new WirelatError("capture-link-type", `${capture.name}: packet ${packet} has link type ${from?.linkType ?? "unknown"}, of which the Ethernet frame size is not known`, {
      remedy: "Choose an interface with Ethernet (link type 1), Linux cooked or raw IP packets.",
    });
  }
  const fcs = fcsGiven ?? from.fcsBytes ?? 0;
  const content = (capture.originalBytes[packet] ?? 0) - header - fcs;
  return Math.max(SHORTEST_FRAME_BYTES, content + ETHERNET_HEADER_BYTES + ETHERNET_FCS_BYTES);
}

function checkedFcs(bytes: number | undefined): number | undefined {
  if (bytes === undefined || (Number.isInteger(bytes) && bytes >= 0 && bytes <= 8)) return bytes;
  throw new WirelatError("capture-option", `${bytes} bytes of frame check sequence: an integer from 0 to 8 was expected`, { remedy: "Ethernet has 4; most captures leave them out." });
}

function empty(capture: Capture): WirelatError {
  const what = capture.timed === 0 ? `none of its ${capture.count} packets has a time` : `none of its ${capture.timed} timed packets passes the filter`;
  return new WirelatError("capture-empty", `${capture.name}: ${what}`, { remedy: "Check the filter against the capture, e.g. with tcpdump -nr." });
}
