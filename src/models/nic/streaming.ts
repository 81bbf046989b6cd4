import {
  type Amount, amountOf, bytes, choice, choose, chosen, claim, claimStage, dataRate, defineModel, delay, duration, estimated, type InstanceRef, leaveCore, type MessageShape, move, need, pool, published,
  release, repeat, spawn, stage, standard, type Step, stream, use, type Values,
} from "../../modeling/index.js";

const PREAMBLE = 8;
const CHECK_SEQUENCE = 4;
/** A store that tells the device to send what it holds. */
const COMMIT = amountOf(8);

const PARAMS = {
  rate: dataRate("10 Gbit/s", "speed of the port: how far chunks lie apart", standard("ieee-802-3")),
  "stamp.resolution": duration("6.2 ns", "period of the clock that frames are stamped with: metrics with `stamps` see times in its steps", estimated("one cycle of the 161 MHz at which such devices work", ["0.25 ns", "8 ns"])),
  "rx.phy": duration("40 ns", "PHY and MAC, receive", estimated("soft or thin MACs of such devices, with the PHY", ["25 ns", "80 ns"])),
  "rx.pipeline": duration("30 ns", "from a chunk's last byte at the MAC to its write on the bus", estimated("five to ten cycles of 6.2 ns", ["15 ns", "60 ns"])),
  "rx.interval": duration("12.4 ns", "shortest time between two chunks in the pipeline", estimated("two cycles of 6.2 ns", ["6.2 ns", "50 ns"])),
  "rx.ring": bytes("2 MiB", "memory that the device writes round and round; chunks that nobody has taken yet are not written over but dropped, with their frame", published("exanic-software")),
  chunk: bytes("128 B", "what the device writes at once, its own note included", published("exanic-software")),
  note: bytes("8 B", "the device's note in each chunk: sequence, length, time stamp", published("exanic-software")),
  "tx.mode": choice(["preloaded", "stored"], "preloaded", "whether the frame lies in the device's memory and one store sends it, or the core stores it first", chosen("orders are prepared ahead")),
  "tx.pipeline": duration("20 ns", "from the store that sends to the first byte at the MAC", estimated("three to five cycles of 6.2 ns", ["10 ns", "50 ns"])),
  "tx.phy": duration("30 ns", "MAC and PHY, transmit", estimated("soft or thin MACs of such devices, with the PHY", ["20 ns", "80 ns"])),
} as const;

interface Device {
  readonly params: Values<typeof PARAMS>;
  readonly parts: ReturnType<typeof makeParts>;
  readonly needs: { readonly bus: InstanceRef<"bus"> };
  readonly message: MessageShape;
}

function makeParts({ params }: { readonly params: Values<typeof PARAMS> }) {
  return {
    pipeline: stage(),
    ring: pool({ capacity: Math.floor(params["rx.ring"].of(0) / params.chunk.of(0)), whenFull: "drop" }),
  };
}

/** A trader's adapter: nothing is stored in it on the way in, and nothing fetched on the way out. */
export default defineModel({
  name: "nic/streaming",
  title: "Adapter that streams frames in chunks",
  about:
    "Writes each chunk of a frame to host memory as it comes, so that a program may read the header before the frame has ended, and waits at the end for one chunk only. " +
    "Sends a frame that lies in its own memory on a single store, or one that the core stores first. No descriptors, no interrupts: a thread polls the memory that chunks are written to.",
  provides: "interrupts",
  needs: { bus: "bus" },
  params: PARAMS,
  parts: makeParts,
  operations: (operation) => ({
    rx: operation({
      from: ["wire"],
      meaning: "a frame comes in chunk by chunk; goes on when its last, or its first, can be read",
      args: { ready: choice(["whole", "header"], "whole", "whether the program reads the whole frame, or decides by its first chunk", chosen("programs check the frame before they believe it")) },
      main: "ready",
      steps: (context) => (context.args.ready === "whole" ? whole(context) : header(context)),
    }),
    replenish: operation({
      meaning: "the polling program has read a frame; its chunks may be written over",
      steps: ({ parts, params, message }) => [release(parts.ring, chunksOf(params, message))],
    }),
    "by-queue": operation({
      meaning: "there is one ring",
      steps: ({ passed }) => (passed["steps"] as (queue: number) => readonly Step[])(0),
    }),
    preload: operation({
      meaning: "off the path, the core stores a frame into the device's memory, to be sent later",
      steps: ({ needs, message }) => [spawn(use(needs.bus, "store", { bytes: message.stored, label: "preload" }))],
    }),
    tx: operation({
      from: ["umem", "pinned"],
      meaning: "one store sends a frame that the device holds, or the core stores the frame",
      steps: (context) => send(context),
    }),
  }),
});

/** Chunks of a frame: the device's note takes its part of each. */
function chunksOf(params: Device["params"], message: MessageShape): Amount {
  return message.stored.plus(CHECK_SEQUENCE).dividedUp(params.chunk.minus(params.note));
}

function write({ params, needs }: Device, label: string): Step {
  return use(needs.bus, "write", { bytes: params.chunk, label });
}

/** Chunks that come one after the other at the wire's pace, each written as it is there; off the path. */
function streamed(device: Device, count: Amount, first: readonly Step[]): Step {
  const { params } = device;
  const pace = params.rate.timeFor(params.chunk.minus(params.note));
  return spawn(...first, repeat(count, [delay(pace, "chunk on the wire"), write(device, "chunk")]));
}

function whole(device: Device): readonly Step[] {
  const { params, message } = device;
  const earlier = chunksOf(params, message).minus(1);
  const before = streamed(device, earlier, [delay(params.rate.timeFor(PREAMBLE), "preamble"), delay(params["rx.pipeline"], "receive pipeline")]);
  return [
    stream(params["rx.phy"], "PHY and MAC, receive"),
    claim(device.parts.ring, chunksOf(params, message), "chunk ring"),
    choose({ kind: "size", test: (payload) => earlier.of(payload) > 0 }, [before]),
    need("last"),
    ...landed(device, "last chunk"),
  ];
}

/** The program goes on with the first chunk; the frame's others, and whether its check sequence is right, come later. */
function header(device: Device): readonly Step[] {
  const { params, message } = device;
  const later = chunksOf(params, message).minus(1);
  const first = params.chunk.minus(params.note).plus(PREAMBLE);
  return [
    stream(params["rx.phy"], "PHY and MAC, receive"),
    claim(device.parts.ring, chunksOf(params, message), "chunk ring"),
    need(least(first, message.wire)),
    ...landed(device, "first chunk"),
    choose({ kind: "size", test: (payload) => later.of(payload) > 0 }, [streamed(device, later, [])]),
  ];
}

function landed(device: Device, label: string): readonly Step[] {
  const { params, parts, needs, message } = device;
  return [
    claimStage(parts.pipeline, params["rx.pipeline"], "receive pipeline", { occupancy: params["rx.interval"] }),
    write(device, label),
    use(needs.bus, "visible", { label: "upstream", bytes: params.chunk }),
    move("wire", "umem", "dma", message.stored),
  ];
}

function send({ params, needs, message }: Device): readonly Step[] {
  const stored = params["tx.mode"] === "stored" ? [use(needs.bus, "store", { bytes: message.stored, label: "frame store" })] : [use(needs.bus, "store", { bytes: COMMIT, label: "store that sends" })];
  return [leaveCore(), ...stored, move(message.location ?? "umem", "wire", "dma", message.stored), delay(params["tx.pipeline"], "transmit pipeline"), delay(params["tx.phy"], "MAC and PHY, transmit")];
}

/** The smaller of two. */
function least(one: Amount, other: Amount): Amount {
  return one.plus(other).minus(one.max(other));
}
