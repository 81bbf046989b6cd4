import {
  type Amount, amountOf, batch, bytes, choice, chosen, claimAs, dataRate, duration, enter, estimated, flag, type InstanceRef, type MessageShape, number, type Part, type PartOf, pool, published, release, ring, sequence, stage, standard, type Step, turn,
  type Values, ZERO,
} from "../../modeling/index.js";
import { searching } from "./dynamic-moderation.js";
import { throttling } from "./interrupt-throttling.js";

export const ONE = amountOf(1);
export const CHECK_SEQUENCE = 4;
export const PREAMBLE = 8;

/** Law and policy behind each name of moderation. */
const MODERATION = {
  none: { law: "none", policy: null },
  "timer-from-first": { law: "timer-from-first", policy: null },
  "timer-from-last": { law: "timer-from-last", policy: null },
  throttle: { law: "throttle", policy: null },
  "dim-event": { law: "timer-from-first", policy: searching("event") },
  "dim-completion": { law: "timer-from-last", policy: searching("completion") },
  "itr-conservative": { law: "throttle", policy: throttling(true) },
  "itr-lowest": { law: "throttle", policy: throttling(false) },
} as const;
const MODES = Object.keys(MODERATION) as readonly (keyof typeof MODERATION)[];

/** What can be set of an adapter with rings in host memory. */
export const NIC_PARAMS = {
  rate: dataRate("10 Gbit/s", "speed of the port: when a sent frame is over, and whether one that was begun early runs dry", standard("ieee-802-3")),
  "stamp.resolution": duration("8 ns", "period of the clock that frames are stamped with: metrics with `stamps` see times in its steps", estimated("one cycle of the device's clock", ["1 ns", "64 ns"])),
  numa: number(0, "node that the device is attached to; cores and buffers are on node 0", chosen("the near socket")),
  queues: number(1, "receive queues, each with a ring, a moderation timer and an interrupt of its own", chosen("one: whatever comes in goes the same way"), 1),
  "rx.phy": duration("80 ns", "PHY and MAC, receive: from the wire to the first pipeline register", estimated("vendor cores: PMA 13 ns and MAC 42 ns, plus PCS", ["50 ns", "450 ns"])),
  "rx.pipeline": duration("150 ns", "from the last bit at the MAC to the first DMA request: check, parse, steer, choose the queue", estimated("forwarders' round trips less bus and wire", ["80 ns", "250 ns"])),
  "rx.interval": duration("15 ns", "shortest time between two frames in the pipeline", estimated("line rate at 64 B frames, with a margin", ["7 ns", "67 ns"])),
  "rx.fifo": bytes("512 KiB", "receive buffer of the device; a frame that finds it full is dropped", estimated("data sheets of 10G adapters", ["64 KiB", "2 MiB"])),
  "rx.ring": number(1024, "receive descriptors of each queue; a frame that finds none is dropped", published("linux-mlx5-en-h")),
  "rx.buffer": bytes("2 KiB", "memory of one receive buffer, and of one to send; the buffers of a ring are used in turn", chosen("a full frame, metadata and a power of two")),
  "rx.prefetch": number(64, "receive descriptors that the device fetches in one read, once it has used as many", estimated("descriptor caches of 10G adapters", ["8", "64"]), 1),
  "rx.low-water": number(32, "receive descriptors left in the device when it fetches more", estimated("half a fetch", ["4", "32"])),
  "rx.engines": number(4, "frames that the DMA engine writes at the same time", estimated("data sheets of this class", ["1", "16"]), 1),
  "rx.check-sequence": flag(true, "whether the frame check sequence goes to memory with the frame", chosen("kept, as capture tools want it; stripping saves 4 B a frame")),
  "rx.steering": choice(["hash", "filter"], "hash", "how a flow finds its queue: by the hash of its addresses, or by a filter that names it, queues in turn", chosen("receive-side scaling is on in every driver")),
  "rx.table": number(128, "entries of the indirection table behind the hash, which name the queues in turn; a power of two", standard("microsoft-rss"), 1),
  "rx.hash": choice(["ports", "addresses"], "ports", "what is hashed: addresses and ports, or addresses only", chosen("four values tell the flows of one pair of hosts apart")),
  "rx.key": choice(["common", "symmetric"], "common", "key of the hash: the usual one, or one that hashes both directions alike", chosen("the default of most drivers")),
  "rx.filters": number(8192, "flows that filters can name; further ones go by the hash", estimated("perfect-match filters of 10G adapters", ["128", "8192"])),
  completion: bytes("16 B", "completion entry that the device writes behind a frame", estimated("16 to 64 B", ["16 B", "64 B"])),
  "write-back.entries": number(1, "frames whose completion entries share one write", chosen("each is written at once"), 1),
  "write-back.wait": duration("0 ns", "longest wait of a completion entry for others to share its write with", chosen("none waits")),
  descriptor: bytes("16 B", "descriptor that the device reads", published("pcie-bench-model")),
  "moderation.mode": choice(
    MODES, "timer-from-first",
    "what the moderation timer means: from the first frame, from the last, or least time between two interrupts; dim and itr set timer and frames anew as traffic changes",
    chosen("one name in drivers, three mechanisms in devices"),
  ),
  "moderation.time": duration("16 us", "the moderation timer, where no policy sets it", published("linux-mlx5-en-h")),
  "moderation.frames": number(32, "frames that raise an interrupt at once, where no policy sets them", published("linux-mlx5-en-h")),
  "tx.mode": choice(["dma", "inline", "streamed"], "dma", "whether the device fetches frames by DMA, or the core stores them into the device: small ones, or all, which may leave while they come", chosen("small frames may be stored into the device")),
  "tx.inline-limit": bytes("256 B", "largest frame that is stored into the device; larger ones are fetched", published("onload-user-guide")),
  "tx.doorbell": duration("180 ns", "from the doorbell store until the device acts on it", estimated("150 to 300 ns of flight", ["150 ns", "300 ns"])),
  "tx.batch": number(1, "frames that share a doorbell and a descriptor read", chosen("each is rung for at once"), 1),
  "tx.drain": duration("0 ns", "longest wait of a frame for others to share its doorbell with", chosen("none waits")),
  "tx.ring": number(1024, "transmit descriptors; with none left the sender waits", published("linux-mlx5-en-h"), 1),
  "tx.engines": number(4, "frames of large sends that the device fetches at the same time", estimated("data sheets of this class", ["1", "16"]), 1),
  "tx.start": choice(["store-forward", "cut-through"], "store-forward", "whether a frame leaves when it is complete in the device, or after its first bytes", chosen("checksums in the header need the whole frame")),
  "tx.lead": bytes("128 B", "cut-through: bytes that must be in the device before the first leaves", estimated("a quarter to a half of an early-transmit threshold", ["64 B", "512 B"])),
  "tx.pace": duration("10 ns", "streamed: from one line of 64 B that the core stores to the next", estimated("write-combining buffers at 4 to 10 GB/s", ["6 ns", "60 ns"])),
  "tx.checksum": choice(
    ["none", "header", "trailer"], "none",
    "whether the device fills in a checksum: one in the header stands ahead of what it sums, so the frame cannot leave before it is complete; one behind the data can",
    chosen("the sender sums small datagrams itself"),
  ),
  "tx.pipeline": duration("0 ns", "from the frame's bytes in the device to its transmitter: scheduling, offloads; on top of the PHY", estimated("some adapters take hundreds of ns more to forward a frame than bus and wire explain", ["0 ns", "1.2 us"])),
  "tx.phy": duration("100 ns", "MAC and PHY, transmit", estimated("vendor cores: MAC 26 ns and PMA 18 ns, plus PCS and queues", ["40 ns", "200 ns"])),
} as const;

export type NicParams = Values<typeof NIC_PARAMS>;
export type NicParts = Readonly<Record<string, Part>>;

/** What an operation knows, for the functions that write its parts. */
export interface Nic {
  readonly params: NicParams;
  readonly parts: NicParts;
  readonly needs: { readonly bus: InstanceRef<"bus">; readonly memory: InstanceRef<"memory"> };
  readonly message: MessageShape;
  readonly state: Map<string, unknown>;
}

export function makeNicParts({ params }: { readonly params: NicParams }): NicParts {
  const queues = Array.from({ length: params.queues.of(0) }, (_, queue) => queueParts(params, queue));
  return {
    fifo: pool({ capacity: params["rx.fifo"].of(0), whenFull: "drop" }),
    pipeline: stage(),
    engines: pool({ capacity: params["rx.engines"].of(0), whenFull: "block" }),
    segments: pool({ capacity: params["tx.engines"].of(0), whenFull: "block" }),
    doorbells: batch({ law: "timer-from-first", time: params["tx.drain"], count: params["tx.batch"].of(0) }),
    landing: sequence(),
    sending: sequence(),
    bursts: batch({ law: "timer-from-first", time: ZERO, count: Infinity }),
    sendRing: pool({ capacity: params["tx.ring"].of(0), whenFull: "block" }),
    buffers: ring({ slots: params["rx.ring"].of(0) * params.queues.of(0) }),
    sendBuffers: ring({ slots: params["tx.ring"].of(0) }),
    sendDescriptors: ring({ slots: params["tx.ring"].of(0) }),
    ...Object.assign({}, ...queues),
  };
}

function queueParts(params: NicParams, queue: number): NicParts {
  const { law, policy } = MODERATION[params["moderation.mode"]];
  const fetch = params["rx.prefetch"].of(0);
  const named: Record<QueuePart, Part> = {
    ring: pool({ capacity: params["rx.ring"].of(0), whenFull: "drop" }),
    descriptors: pool({ capacity: fetch + params["rx.low-water"].of(0), whenFull: "block" }),
    fetch: turn({ every: fetch }),
    moderation: batch({ law, policy, time: policy === null ? params["moderation.time"] : amountOf(policy().time), count: policy === null ? params["moderation.frames"].of(0) : policy().count }),
    completions: batch({ law: "timer-from-first", time: params["write-back.wait"], count: params["write-back.entries"].of(0) }),
  };
  return Object.fromEntries(Object.entries(named).map(([name, part]) => [partName(name as QueuePart, queue), part]));
}

type QueuePart = "ring" | "descriptors" | "fetch" | "moderation" | "completions";
type KindOf = { ring: "pool"; descriptors: "pool"; fetch: "turn"; moderation: "batch"; completions: "batch" };

const partName = (name: QueuePart, queue: number): string => (queue === 0 ? name : `${name}${queue}`);

/** A part that each queue has one of. */
export function partOf<K extends QueuePart>(parts: NicParts, name: K, queue: number): PartOf<KindOf[K]> {
  return parts[partName(name, queue)] as PartOf<KindOf[K]>;
}

/** A part that the device has one of. */
export const poolOf = (parts: NicParts, name: "fifo" | "landing" | "sending" | "engines" | "segments" | "sendRing"): PartOf<"pool"> => parts[name] as PartOf<"pool">;

/** Buffers or descriptors of a ring, which are used in turn. */
export const ringOf = (parts: NicParts, name: "buffers" | "sendBuffers" | "sendDescriptors"): PartOf<"ring"> => parts[name] as PartOf<"ring">;

/** Pieces of a message do not overtake each other, though several are fetched or written at a time. */
export function inTurn({ parts, message }: Pick<Nic, "parts" | "message">, name: "landing" | "sending", steps: readonly Step[]): readonly Step[] {
  if (message.pieces === null) return steps;
  const line = poolOf(parts, name);
  return [enter(line), ...steps, claimAs("order", line, ONE, "pieces ahead"), release(line, ONE)];
}

export function isRemote(params: NicParams): boolean {
  return params.numa.of(0) !== 0;
}

/** Bytes of the frame in the device's buffer. */
export function bufferedBytes(message: MessageShape): Amount {
  return message.stored.plus(CHECK_SEQUENCE);
}
