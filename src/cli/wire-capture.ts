import { pcapngPieces, roceFrame, udpFrame, type OutgoingPacket, type UdpEnd } from "../capture/index.js";
import { WirelatError } from "../errors/index.js";
import { messageTables, type CompiledCase } from "../experiment/index.js";
import { nearest } from "../scenario/index.js";
import { formatCount } from "../units/index.js";
import { GrowingFile } from "./whole-file.js";

/** A capture of more packets is split by those who want it. */
const MOST_PACKETS = 1_000_000;
const PICOSECONDS = 1e12;
/** Bytes kept of each packet; the length that it had is stated beside. */
const SNAP = 2048;
const MOST_UDP = 65_507;
const MOST_ROCE = 4096;
/** Pairs 0 and 1 are for management. */
const FIRST_QUEUE_PAIR = 2;
const SENDER: UdpEnd = { mac: [0x02, 0, 0, 0, 0, 1], address: [10, 0, 0, 1], port: 40_000 };
const RECEIVER: UdpEnd = { mac: [0x02, 0, 0, 0, 0, 2], address: [10, 0, 0, 2], port: 40_001 };

/** Where a path passes the tap: the column of its table, -1 where it does not, and what the adapter there sends. */
interface Passage {
  readonly column: number;
  readonly rdma: boolean;
}

/**
 * What passes a tap on a wire, with the simulated time of each frame's first bit, in whole nanoseconds: Ethernet, IP and UDP, or RoCEv2 where an
 * RDMA adapter sends or takes it. A message is one frame.
 */
export class WireCapture {
  readonly #passages: readonly Passage[];
  /** Four numbers a packet: time, message, payload and path. */
  readonly #packets = new GrowingNumbers();
  #passed = 0;

  /** Throws `tap-unknown`. */
  constructor(private readonly tap: string, one: CompiledCase, private readonly most = MOST_PACKETS) {
    const own = one.compiled.paths.filter((candidate) => !candidate.aside);
    this.#passages = messageTables(one.compiled).map(({ columns }, index) => {
      const taps = own[index]?.taps ?? [];
      const found = taps.find((known) => known.wire && known.name === tap);
      // A point has a column under the name that it was given last.
      const name = `${taps.findLast((known) => known.mark === found?.mark)?.name ?? ""}_ps`;
      return { column: found === undefined ? -1 : columns.findIndex((column) => column.name === name), rdma: found?.adapter?.startsWith("rdma/") === true };
    });
    if (this.#passages.every(({ column }) => column < 0)) throw unknownTap(tap, one);
  }

  /** Looks at a row of the table with that number. */
  add(table: number, row: Float64Array): void {
    const time = row[this.#passages[table]?.column ?? -1] ?? NaN;
    if (Number.isNaN(time) || ++this.#passed > this.most) return;
    this.#packets.add(time, row[0] ?? 0, row[1] ?? 0, table);
  }

  /** Writes the packets in the order of time. Answers the path. */
  write(path: string): string {
    const { values, count } = this.#packets;
    const order = Uint32Array.from({ length: count }, (_, packet) => packet * 4).sort((one, other) => (values[one] ?? 0) - (values[other] ?? 0) || one - other);
    const file = new GrowingFile(path);
    const base = Math.floor((values[order[0] ?? -1] ?? 0) / PICOSECONDS);
    for (const piece of pcapngPieces(this.#framed(order), base, { resolution: "ns" })) file.write(piece);
    return file.close();
  }

  /** What is missing, in a sentence; null for a capture of everything. */
  get shortage(): string | null {
    if (this.#passed <= this.most) return null;
    return `holds the first ${formatCount(this.most)} of ${formatCount(this.#passed)} frames that pass ${this.tap}, by when their messages end; --csv and --parquet have all of them`;
  }

  *#framed(order: Uint32Array): Generator<OutgoingPacket> {
    const { values } = this.#packets;
    for (const at of order) {
      const [time = 0, message = 0, payload = 0, table = 0] = values.subarray(at, at + 4);
      const frame = frameOf({ message, payload, source: table, rdma: this.#passages[table]?.rdma === true });
      yield { seconds: Math.floor(time / PICOSECONDS), picoseconds: time % PICOSECONDS, bytes: frame.subarray(0, SNAP), originalBytes: frame.length };
    }
  }
}

/** Rows of four numbers in one array that grows. */
class GrowingNumbers {
  values = new Float64Array(4096);
  count = 0;

  add(...row: readonly [number, number, number, number]): void {
    if (this.count * 4 === this.values.length) {
      const grown = new Float64Array(this.values.length * 2);
      grown.set(this.values);
      this.values = grown;
    }
    this.values.set(row, 4 * this.count++);
  }
}

function frameOf({ message, payload, source, rdma }: { readonly message: number; readonly payload: number; readonly source: number; readonly rdma: boolean }): Uint8Array {
  const bytes = new Uint8Array(Math.min(payload, rdma ? MOST_ROCE : MOST_UDP));
  // The number of the message, so that a frame can be found again in the other tables.
  if (bytes.length >= 4) new DataView(bytes.buffer).setUint32(0, message % 2 ** 32);
  const ends = { source: { ...SENDER, port: SENDER.port + source }, target: RECEIVER, identification: message };
  return rdma ? roceFrame({ ...ends, queuePair: FIRST_QUEUE_PAIR + source, sequence: message, key: 1, payload: bytes }) : udpFrame({ ...ends, payload: bytes });
}

function unknownTap(tap: string, { compiled }: CompiledCase): WirelatError {
  const known = [...new Set(compiled.paths.flatMap((path) => path.taps.filter((one) => one.wire).map((one) => one.name)))];
  const near = nearest(tap, known);
  return new WirelatError("tap-unknown", `--pcap ${tap}: no path passes a tap of that name`, { remedy: near === null ? `Taps on wires are ${known.join(", ") || "none"}.` : `Did you mean ${near}?` });
}
