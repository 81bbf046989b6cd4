import {
  amountOf, batch, bytes, type Carrier, choice, choose, chosen, claim, claimStage, count, checkLate, dataRate, defineModel, delay, duration, estimated, flag, gather, leaveCore, move, need,
  number, pool, published, release, spawn, stage, standard, stream, use, type Amount, type InstanceRef, type Location, type MessageShape, type Step, type Values,
} from "../../modeling/index.js";

const ONE = amountOf(1);
const CHECK_SEQUENCE = 4;
const PREAMBLE = 8;
const DOORBELL_BYTES = amountOf(8);
/** The last bytes of a frame, which must have come when the transmitter is about to send them. */
const LAST_WORD = 64;
const PLACES = { kernel: "kmem", user: "umem", pinned: "pinned" } as const;
const LAW = { none: "none", "timer-from-first": "timer-from-first", "timer-from-last": "timer-from-last", throttle: "throttle" } as const;

const PARAMS = {
  rate: dataRate("10 Gbit/s", "speed of the port: when a sent frame is over, and whether one that was begun early runs dry", standard("ieee-802-3")),
  numa: number(0, "node that the device is attached to; cores and buffers are on node 0", chosen("the near socket")),
  "rx.phy": duration("80 ns", "PHY and MAC, receive: from the wire to the first pipeline register", estimated("vendor cores: PMA 13 ns and MAC 42 ns, plus PCS", ["50 ns", "450 ns"])),
  "rx.pipeline": duration("150 ns", "from the last bit at the MAC to the first DMA request: check, parse, steer, choose the queue", estimated("forwarders' round trips less bus and wire", ["80 ns", "250 ns"])),
  "rx.interval": duration("15 ns", "shortest time between two frames in the pipeline", estimated("line rate at 64 B frames, with a margin", ["7 ns", "67 ns"])),
  "rx.fifo": bytes("512 KiB", "receive buffer of the device; a frame that finds it full is dropped", estimated("data sheets of 10G adapters", ["64 KiB", "2 MiB"])),
  "rx.ring": number(1024, "receive descriptors; a frame that finds none is dropped", published("linux-mlx5-en-h")),
  "rx.prefetch": number(64, "receive descriptors that the device fetches in one read", estimated("descriptor caches of 10G adapters", ["8", "64"])),
  "rx.low-water": number(32, "receive descriptors left in the device when it fetches more", estimated("half a fetch", ["4", "32"])),
  "rx.fetch": duration("600 ns", "time until a used descriptor has been replaced in the device: one read", published("pcie-bench-data")),
  "rx.engines": number(4, "frames that the DMA engine writes at the same time", estimated("data sheets of this class", ["1", "16"])),
  "rx.check-sequence": flag(true, "whether the frame check sequence goes to memory with the frame", chosen("kept, as capture tools want it; stripping saves 4 B a frame")),
  completion: bytes("16 B", "completion entry that the device writes behind a frame", estimated("16 to 64 B", ["16 B", "64 B"])),
  descriptor: bytes("16 B", "descriptor that the device reads", published("pcie-bench-model")),
  "moderation.mode": choice(["none", "timer-from-first", "timer-from-last", "throttle"], "timer-from-first", "what the moderation timer means: from the first frame, from the last, or least time between two interrupts", chosen("one name in drivers, three mechanisms in devices")),
  "moderation.time": duration("16 us", "the moderation timer", published("linux-mlx5-en-h")),
  "moderation.frames": number(32, "frames that raise an interrupt at once", published("linux-mlx5-en-h")),
  "tx.mode": choice(["dma", "inline"], "dma", "whether the device fetches frames by DMA, or the core stores them into the device", chosen("small frames may be stored into the device")),
  "tx.inline-limit": bytes("256 B", "largest frame that is stored into the device; larger ones are fetched", published("onload-user-guide")),
  "tx.doorbell": duration("180 ns", "from the doorbell store until the device acts on it", estimated("150 to 300 ns of flight", ["150 ns", "300 ns"])),
  "tx.ring": number(1024, "transmit descriptors; with none left the sender waits", published("linux-mlx5-en-h")),
  "tx.start": choice(["store-forward", "cut-through"], "store-forward", "whether a frame leaves when it is complete in the device, or after its first bytes", chosen("checksums in the header need the whole frame")),
  "tx.lead": bytes("128 B", "cut-through: bytes that must be in the device before the first leaves", estimated("a quarter to a half of an early-transmit threshold", ["64 B", "512 B"])),
  "tx.phy": duration("100 ns", "MAC and PHY, transmit", estimated("vendor cores: MAC 26 ns and PMA 18 ns, plus PCS and queues", ["40 ns", "200 ns"])),
} as const;

/** What an operation knows, for the functions that write its parts. */
interface Nic {
  readonly params: Values<typeof PARAMS>;
  readonly parts: ReturnType<typeof makeParts>;
  readonly needs: { readonly bus: InstanceRef; readonly memory: InstanceRef };
  readonly message: MessageShape;
}

function makeParts({ params }: { readonly params: Values<typeof PARAMS> }) {
  return {
    fifo: pool({ capacity: params["rx.fifo"].of(0), whenFull: "drop" }),
    pipeline: stage(),
    ring: pool({ capacity: params["rx.ring"].of(0), whenFull: "drop" }),
    descriptors: pool({ capacity: params["rx.prefetch"].of(0) + params["rx.low-water"].of(0), whenFull: "block" }),
    engines: pool({ capacity: params["rx.engines"].of(0), whenFull: "block" }),
    moderation: batch({ law: LAW[params["moderation.mode"]], time: params["moderation.time"], count: params["moderation.frames"].of(0) }),
    sendRing: pool({ capacity: params["tx.ring"].of(0), whenFull: "block" }),
  };
}

/** An ordinary network adapter: rings in host memory, DMA, completion entries, interrupts with moderation. */
export default defineModel({
  name: "nic/generic",
  title: "Network adapter with rings in host memory",
  about:
    "Receives a whole frame, picks a descriptor and writes frame and completion entry to host memory; then an interrupt, moderated by one of three laws, or a polling thread finds it. " +
    "Sends on a doorbell: fetches descriptor and frame by two dependent reads, or takes the frame from the core's stores. Full buffers and empty rings drop.",
  provides: "interrupts",
  needs: { bus: "bus", memory: "memory" },
  params: PARAMS,
  parts: makeParts,
  operations: (operation) => ({
    rx: operation({
      from: ["wire"],
      meaning: "a frame comes in and is written to host memory, with its completion entry",
      args: { into: choice(["kernel", "user", "pinned"], "kernel", "whose buffers the receive ring holds", chosen("kernel stack, or a user-space driver's pool")) },
      main: "into",
      steps: ({ params, parts, needs, message, args }) => receive({ params, parts, needs, message }, PLACES[args.into]),
    }),
    collect: operation({
      meaning: "frames gather until the device raises its interrupt; then the driver takes them one by one",
      steps: ({ parts, needs, passed }) => {
        const carrier = passed["carrier"] as Carrier;
        const raised = use(needs.bus, "interrupt", { label: "interrupt message" });
        return [gather(parts.moderation, passed["label"] as string, { ...carrier, before: [raised, ...carrier.before] }), release(parts.ring, ONE)];
      },
    }),
    replenish: operation({
      meaning: "a polling driver takes a frame and gives its descriptor back to the ring",
      steps: ({ parts }) => [release(parts.ring, ONE)],
    }),
    tx: operation({
      from: ["kmem", "umem", "pinned"],
      meaning: "a frame in host memory goes out",
      steps: ({ params, parts, needs, message }) => send({ params, parts, needs, message }),
    }),
  }),
});

function receive({ params, parts, needs, message }: Nic, into: Location): readonly Step[] {
  const remote = isRemote(params);
  const frame = params["rx.check-sequence"] ? message.stored.plus(CHECK_SEQUENCE) : message.stored;
  const buffered = message.stored.plus(CHECK_SEQUENCE);
  const fetch = params["rx.prefetch"];
  const refill = use(needs.bus, "read", { bytes: params.descriptor.times(fetch.of(0)), label: "descriptor prefetch", until: "last" });
  return [
    stream(params["rx.phy"], "PHY and MAC, receive"),
    claim(parts.fifo, buffered, "receive FIFO"),
    need("last"),
    claimStage(parts.pipeline, params["rx.pipeline"], "receive pipeline", { occupancy: params["rx.interval"] }),
    claim(parts.ring, ONE, "receive ring", [release(parts.fifo, buffered)]),
    claim(parts.descriptors, ONE, "prefetched descriptor"),
    claim(parts.engines, ONE, "DMA engine"),
    use(needs.bus, "write", { bytes: frame, label: "payload write" }),
    release(parts.engines, ONE),
    release(parts.fifo, buffered),
    use(needs.bus, "write", { bytes: params.completion, label: "completion write-back" }),
    release(parts.descriptors, ONE, params["rx.fetch"]),
    choose({ kind: "chance", probability: 1 / fetch.of(0), name: "descriptor prefetch" }, [spawn(refill)]),
    use(needs.memory, "dma-write", {
      bytes: frame,
      remote,
      land: (extra: Amount, where: string) => [use(needs.bus, "visible", { label: extra.of(0) === 0 ? "upstream" : `upstream, ${where}`, extra, bytes: frame })],
    }),
    move("wire", into, "dma", message.stored),
  ];
}

function send(nic: Nic): readonly Step[] {
  const { params, parts, needs, message } = nic;
  const limit = params["tx.inline-limit"].of(0);
  const fits = (payload: number): boolean => message.stored.of(payload) <= limit;
  const way = params["tx.mode"] === "dma" ? fetched(nic) : [choose({ kind: "size", test: fits }, stored(nic), fetched(nic))];
  return [
    leaveCore(),
    claim(parts.sendRing, ONE, "transmit ring"),
    ...way,
    // A store into the device is a transfer over the bus like a DMA: device memory is not a region that a copy could end in.
    move(message.location ?? "umem", "wire", "dma", message.stored),
    delay(params["tx.phy"], "MAC and PHY, transmit"),
    release(parts.sendRing, ONE, params.rate.timeFor(message.wire)),
    spawn(use(needs.bus, "write", { bytes: params.completion, label: "transmit completion" })),
  ];
}

/** The core stores the whole frame into the device. */
function stored({ needs, message }: Nic): readonly Step[] {
  return [use(needs.bus, "store", { bytes: message.stored, label: "frame store" })];
}

/** Doorbell, then two reads that depend on each other. */
function fetched(nic: Nic): readonly Step[] {
  const { params, needs, message } = nic;
  const remote = isRemote(params);
  const lead = params["tx.lead"].of(0);
  const whole = read(nic, message.stored, "payload read");
  const longer = (payload: number): boolean => message.stored.of(payload) > lead;
  return [
    use(needs.bus, "store", { bytes: DOORBELL_BYTES, label: "doorbell", within: params["tx.doorbell"] }),
    count("doorbells"),
    use(needs.bus, "read", { bytes: params.descriptor, label: "descriptor read", until: "first" }),
    use(needs.memory, "dma-read", { bytes: params.descriptor, remote }),
    ...(params["tx.start"] === "cut-through" ? [choose({ kind: "size", test: longer }, begunEarly(nic), whole)] : whole),
  ];
}

function read({ params, needs }: Nic, size: Amount, label: string): readonly Step[] {
  return [use(needs.bus, "read", { bytes: size, label, until: "last" }), use(needs.memory, "dma-read", { bytes: size, remote: isRemote(params) })];
}

/** Leaves after the first bytes; the others must come while the wire takes those, or the transmitter runs dry. */
function begunEarly(nic: Nic): readonly Step[] {
  const { params, needs, message } = nic;
  const rest = message.stored.minus(params["tx.lead"]).atLeast(1);
  const due = params["tx.phy"].plus(params.rate.timeFor(message.stored.plus(PREAMBLE - LAST_WORD).atLeast(0)));
  const others = use(needs.bus, "read", { bytes: rest, label: "rest of the payload", requested: true });
  return [...read(nic, params["tx.lead"], "payload read"), spawn(others, checkLate(due, "underruns"))];
}

function isRemote(params: Nic["params"]): boolean {
  return params.numa.of(0) !== 0;
}
