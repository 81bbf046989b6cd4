import { WirelatError } from "../errors/index.js";
import type { Capture } from "./capture.js";
import { frameLayout, type FrameLayout } from "./frame-layout.js";

/** Which packets of a capture to use; every field that is given must hold. */
export interface PacketFilter {
  readonly transport?: "udp" | "tcp";
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  /** An IPv4 address in dotted decimal, e.g. a multicast group. */
  readonly destinationAddress?: string;
  /** Row of `capture.interfaces`. */
  readonly interfaceIndex?: number;
  /** First packet of the file to consider, from 0. */
  readonly from?: number;
  /** How many packets of the file to consider. */
  readonly count?: number;
}

/** The packets that have a time and pass `filter`, in the order of the file. Throws `capture-option` for a filter that nothing could pass. */
export function selectPackets(capture: Capture, filter: PacketFilter): Uint32Array {
  checkFilter(capture, filter);
  const from = filter.from ?? 0;
  const end = Math.min(capture.count, from + (filter.count ?? capture.count));
  const chosen = new Uint32Array(Math.max(0, end - from));
  let count = 0;
  for (let packet = from; packet < end; packet += 1) {
    if (Number.isNaN(capture.seconds[packet]) || !passes(capture, packet, filter)) continue;
    chosen[count] = packet;
    count += 1;
  }
  return chosen.slice(0, count);
}

function passes(capture: Capture, packet: number, filter: PacketFilter): boolean {
  if (filter.interfaceIndex !== undefined && capture.interfaceOf[packet] !== filter.interfaceIndex) return false;
  if (!looksAtHeaders(filter)) return true;
  const layout = frameLayout(capture, packet);
  return layout !== null && headersPass(layout, filter);
}

function looksAtHeaders(filter: PacketFilter): boolean {
  return [filter.transport, filter.sourcePort, filter.destinationPort, filter.destinationAddress].some((field) => field !== undefined);
}

function headersPass(layout: FrameLayout, filter: PacketFilter): boolean {
  return (
    (filter.transport ?? layout.transport) === layout.transport &&
    (filter.sourcePort ?? layout.sourcePort) === layout.sourcePort &&
    (filter.destinationPort ?? layout.destinationPort) === layout.destinationPort &&
    (filter.destinationAddress === undefined || filter.destinationAddress === layout.destinationAddress.join("."))
  );
}

function checkFilter(capture: Capture, filter: PacketFilter): void {
  checkRange("source port", filter.sourcePort, 65_535);
  checkRange("destination port", filter.destinationPort, 65_535);
  checkRange("interface", filter.interfaceIndex, Math.max(0, capture.interfaces.length - 1));
  checkRange("first packet", filter.from, Number.MAX_SAFE_INTEGER);
  checkRange("number of packets", filter.count, Number.MAX_SAFE_INTEGER);
  const address = filter.destinationAddress;
  if (address === undefined) return;
  const parts = address.split(".");
  if (parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) return;
  throw new WirelatError("capture-option", `destination address ${JSON.stringify(address)}: an IPv4 address in dotted decimal was expected`, {
    remedy: "Write it like 233.252.0.1.",
  });
}

function checkRange(subject: string, value: number | undefined, largest: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= 0 && value <= largest)) return;
  throw new WirelatError("capture-option", `${subject} ${value}: an integer from 0 to ${largest} was expected`, {
    remedy: "Correct the filter, or leave this part of it out.",
  });
}
