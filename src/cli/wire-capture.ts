import { roceFrame, udpFrame, writePcapng, type OutgoingPacket, type UdpEnd } from "../capture/index.js";
import { WirelatError } from "../errors/index.js";
import { eachMessage, messageTables, type Amounts, type CompiledCase } from "../experiment/index.js";
import { nearest } from "../scenario/index.js";
import { writeWhole } from "./whole-file.js";

/** A capture of more packets is split by those who want it. */
const MOST_PACKETS = 1_000_000;
const PICOSECONDS = 1e12;
/** Bytes kept of each packet; the length that it had is stated beside. */
const SNAP = 2048;
const SENDER: UdpEnd = { mac: [0x02, 0, 0, 0, 0, 1], address: [10, 0, 0, 1], port: 40_000 };
const RECEIVER: UdpEnd = { mac: [0x02, 0, 0, 0, 0, 2], address: [10, 0, 0, 2], port: 40_001 };

/**
 * Writes what passes a tap on a wire as pcapng, with the simulated time of each frame's first bit: Ethernet, IP and UDP, or RoCEv2 where
 * the path goes through an RDMA adapter. A message is one frame. Throws `tap-unknown`.
 */
export function writeWireCapture(path: string, tap: string, one: CompiledCase, amounts: Amounts): string {
  const own = one.compiled.paths.filter((candidate) => !candidate.aside);
  const columns = messageTables(one.compiled).map((table, index) => {
    const mark = own[index]?.taps.find((known) => known.wire && known.name === tap)?.mark;
    return table.columns.indexOf(`${own[index]?.taps.findLast((known) => known.mark === mark)?.name ?? ""}_ps`);
  });
  if (columns.every((column) => column < 0)) throw unknownTap(tap, one);
  const rdma = usesRdma(one);
  const packets: OutgoingPacket[] = [];
  eachMessage(one.compiled, amounts, (table, row) => {
    const time = row[columns[table] ?? -1];
    if (time !== undefined && packets.length < MOST_PACKETS) packets.push(packetOf({ time, message: row[0] ?? 0, payload: row[1] ?? 0, source: table }, rdma));
  });
  packets.sort((first, second) => first.seconds - second.seconds || first.picoseconds - second.picoseconds);
  return writeWhole(path, writePcapng(packets));
}

interface Passing {
  readonly time: number;
  readonly message: number;
  readonly payload: number;
  readonly source: number;
}

function packetOf({ time, message, payload, source }: Passing, rdma: boolean): OutgoingPacket {
  const bytes = new Uint8Array(Math.min(payload, rdma ? 4096 : 65_507));
  // The number of the message, so that a frame can be found again in the other tables.
  if (bytes.length >= 4) new DataView(bytes.buffer).setUint32(0, message % 2 ** 32);
  const ends = { source: { ...SENDER, port: SENDER.port + source }, target: RECEIVER, identification: message };
  const frame = rdma ? roceFrame({ ...ends, queuePair: 1 + source, sequence: message, key: 1, payload: bytes }) : udpFrame({ ...ends, payload: bytes });
  return { seconds: Math.floor(time / PICOSECONDS), picoseconds: time % PICOSECONDS, bytes: frame.subarray(0, SNAP), originalBytes: frame.length };
}

function usesRdma({ compiled }: CompiledCase): boolean {
  const adapters = [...compiled.instances.all()].filter((instance) => instance.model?.name.startsWith("rdma/") === true).map((instance) => instance.instance);
  return adapters.length > 0;
}

function unknownTap(tap: string, { compiled }: CompiledCase): WirelatError {
  const known = [...new Set(compiled.paths.flatMap((path) => path.taps.filter((one) => one.wire).map((one) => one.name)))];
  const near = nearest(tap, known);
  return new WirelatError("tap-unknown", `--pcap ${tap}: no path passes a tap of that name`, { remedy: near === null ? `Taps on wires are ${known.join(", ") || "none"}.` : `Did you mean ${near}?` });
}
