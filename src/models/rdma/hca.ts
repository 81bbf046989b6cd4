import {
  type Amount, amountOf, batch, bytes, cache, type Carrier, choice, choose, chosen, claim, claimStage, count, dataRate, defineModel, delay, duration, estimated, flag, gather,
  inParallel, type InstanceRef, leaveCore, type MessageShape, move, need, number, type PartOf, pool, published, type Rate, type Region, release, spawn, stage, type Step, stream, text, use,
  work, ZERO,
} from "../../modeling/index.js";

/** The first packet of a write also says where it goes; the last may carry a word for the receiver. */
const TARGET = 16;
const IMMEDIATE = 4;
/** A work request: control and target segments, then the payload itself or a pointer to it; pushed and fetched in blocks. */
const REQUEST = 16 + 16;
const INLINE_HEADER = 4;
const POINTER = 16;
const BLOCK = 64;
const DOORBELL = amountOf(8);
const ENTRY = amountOf(64);
const ONE = amountOf(1);

/** What a write is told. */
const WRITE = {
  to: text(null, "region that is written, e.g. b.mailbox", chosen("the application's own")),
  via: text(null, "link to the other host", chosen("how the hosts are wired")),
  inline: flag(true, "the work request carries the payload if it is small enough", chosen("the application's own")),
  core: text("app", "thread that posts", chosen("the application's own")),
} as const;

/** Executes remote writes: neither operating system is on the path of the data. */
export default defineModel({
  name: "rdma/hca",
  title: "InfiniBand host channel adapter",
  about:
    "A thread builds a work request and pushes it to the adapter. The adapter looks up the connection, fetches what it was not given, sends packets and acknowledges. " +
    "The other adapter checks key and rights, translates the address and writes to pinned memory. A plain write tells nobody; one with immediate data takes a receive request and leaves a completion entry.",
  provides: "interrupts",
  needs: { cpu: "cpu", bus: "bus", memory: "memory" },
  params: {
    post: duration("60 ns", "building a work request and ordering the stores", estimated("40 ns direct, 75 ns through the verbs library (UCX)", ["40 ns", "100 ns"])),
    inline: bytes("220 B", "largest payload that a work request carries itself", published("perftest")),
    blueflame: flag(true, "work requests are pushed to the adapter; if not, it is told and fetches them", chosen("the library's default")),
    "blueflame-size": bytes("256 B", "largest work request that can be pushed", published("openucx")),
    phy: duration("60 ns", "PHY and link layer, either way", estimated("small-message calibration of ib_send_lat", ["30 ns", "150 ns"])),
    tx: duration("120 ns", "from the work request in the adapter to the first bit of a packet", estimated("small-message calibration of ib_send_lat", ["80 ns", "180 ns"])),
    "tx-interval": duration("6 ns", "shortest time between packets sent", estimated("message rates of this class of adapter", ["4 ns", "15 ns"])),
    rx: duration("120 ns", "from the last bit of a packet to its write on the bus", estimated("small-message calibration of ib_send_lat", ["80 ns", "180 ns"])),
    "rx-interval": duration("6 ns", "shortest time between packets received", estimated("message rates of this class of adapter", ["4 ns", "15 ns"])),
    "fetch-rate": dataRate("100 Gbit/s", "pace at which the payloads of packets are fetched, so that packets follow each other", chosen("the port's own rate")),
    mtu: bytes("4096 B", "largest payload of one packet", chosen("the path's MTU, set when the connection is made")),
    qps: number(1, "connections that the traffic uses in turn or at random", chosen("the application's own")),
    "qp-cache": number(1024, "connection contexts that the adapter keeps", estimated("512 to 2048 reported for this class", ["256", "4096"])),
    "qp-context": bytes("256 B", "context of one connection, fetched on a miss", estimated("device context structures", ["128 B", "512 B"])),
    pages: number(1, "pages of registered memory that the traffic uses in turn or at random", chosen("the application's own")),
    "mtt-cache": number(2048, "address translations that the adapter keeps", estimated("device documentation of this class", ["1024", "16384"])),
    "mtt-entry": bytes("64 B", "translations fetched on a miss: a line of eight", estimated("eight bytes each, fetched by the line", ["8 B", "64 B"])),
    access: choice(["uniform", "cyclic"], "uniform", "how the traffic chooses among connections and pages", chosen("the application's own")),
    ordering: choice(["strict", "relaxed"], "strict", "whether the parts of one write become visible in order", chosen("in order unless the registration allows otherwise")),
    numa: number(0, "memory node that the adapter's slot belongs to", chosen("where the card is plugged")),
    "send-queue": number(128, "work requests in flight; posting waits for a free one", chosen("depth set when the connection is made")),
    "receive-queue": number(512, "receive requests posted; a write with immediate data waits for one", chosen("depth set when the connection is made")),
    "completion-queue": number(1024, "completion entries; an entry is free again once it has been taken", chosen("depth set when the queue is made")),
    "receive-fetch": choice(["ahead", "on-demand"], "ahead", "when the adapter fetches receive requests", chosen("adapters fetch them ahead in batches")),
    acknowledge: duration("500 ns", "from the packet's end at the far adapter to the completion entry at the near one", estimated("engines, 30 B on the wire, cable and bus write", ["300 ns", "800 ns"])),
    signalled: flag(true, "every write leaves a completion entry at its sender", chosen("the library's default; applications often signal one in 64")),
    "moderation.mode": choice(["none", "timer-from-first", "timer-from-last", "throttle"], "none", "law by which completion events share an interrupt", chosen("events are armed one at a time")),
    "moderation.time": duration("16 us", "time of that law", published("linux-mlx5-en-h")),
    "moderation.frames": number(32, "events that close a group before its time", published("linux-mlx5-en-h")),
  },
  parts: ({ params }) => ({
    sends: pool({ capacity: params["send-queue"].of(0), whenFull: "block" }),
    receives: pool({ capacity: params["receive-queue"].of(0), whenFull: "block" }),
    completions: pool({ capacity: params["completion-queue"].of(0), whenFull: "block" }),
    fetch: stage(),
    tx: stage(),
    rx: stage(),
    contexts: cache({ entries: params["qp-cache"].of(0), keys: params.access, workingSet: params.qps.of(0) }),
    translations: cache({ entries: params["mtt-cache"].of(0), keys: params.access, workingSet: params.pages.of(0) }),
    moderation: batch({ law: params["moderation.mode"], time: params["moderation.time"], count: params["moderation.frames"].of(0) }),
  }),
  operations: (operation) => ({
    "rdma.write": operation({
      from: ["umem", "pinned"],
      meaning: "writes the payload to a region of another host and tells nobody there",
      args: { ...WRITE, flag: choice(["none", "last-byte"], "none", "whether the last byte changes with every message, so that a loop can watch it", chosen("the application's own")) },
      steps: (context) => write(context, { immediate: false, watched: context.args.flag === "none" ? null : `${context.args.to}.flag` }),
    }),
    "rdma.write-imm": operation({
      from: ["umem", "pinned"],
      meaning: "writes the payload to a region of another host and leaves a completion entry there",
      args: WRITE,
      steps: (context) => write(context, { immediate: true, watched: "cq" }),
    }),
    receive: operation({
      meaning: "one packet arrives at the adapter and its payload goes to memory",
      steps: ({ params, parts, needs, message, passed }) => [
        stream(params.phy, "PHY, receive"),
        need("last"),
        claimStage(parts.rx, params.rx, "HCA receive", { occupancy: params["rx-interval"] }),
        ...lookUp(needs.bus, { cache: parts.contexts, fetch: params["qp-context"], label: "connection context" }),
        ...lookUp(needs.bus, { cache: parts.translations, fetch: params["mtt-entry"], label: "address translation" }),
        use(needs.memory, "dma-write", { bytes: message.payload, remote: passed["numa"] !== params.numa.of(0) }),
        // A completion entry is never relaxed and pushes the data ahead of it, so only a watched byte can be seen too early.
        use(needs.bus, "write", { bytes: message.payload, label: "payload", visible: passed["immediate"] !== true, relaxed: params.ordering === "relaxed" }),
      ],
    }),
    place: operation({
      meaning: "the message is in memory; how a program there can learn of it",
      steps: ({ params, parts, needs, message, passed }) => {
        const arrive = move("wire", "pinned", "dma", message.payload);
        const { watched } = passed;
        if (passed["immediate"] !== true) {
          return [arrive, ...(watched === null ? [] : [use(needs.cpu, "announce", { watched })])];
        }
        const fetch = params["receive-fetch"] === "ahead" ? [] : [use(needs.bus, "read", { bytes: amountOf(POINTER), label: "receive request", until: "last" })];
        return [
          arrive,
          claim(parts.receives, ONE, "receive request"),
          ...fetch,
          claim(parts.completions, ONE, "completion queue"),
          use(needs.bus, "write", { bytes: ENTRY, label: "completion entry" }),
          use(needs.bus, "visible", { label: "completion entry" }),
          use(needs.cpu, "announce", { watched, afterwards: [release(parts.receives, ONE), release(parts.completions, ONE)] }),
        ];
      },
    }),
    collect: operation({
      meaning: "a completion raises an event, and events that come together share an interrupt",
      steps: ({ parts, needs, passed }) => {
        const carrier = passed["carrier"] as Carrier;
        const raised = [use(needs.bus, "write", { bytes: ENTRY, label: "event entry" }), use(needs.bus, "interrupt", { label: "interrupt message" })];
        return [gather(parts.moderation, String(passed["label"]), { ...carrier, before: [...raised, ...carrier.before] })];
      },
    }),
    replenish: operation({
      meaning: "a polling driver takes a completion; its receive request is posted again once it has been noticed",
      steps: () => [],
    }),
  }),
});

interface Adapter {
  readonly params: Readonly<Record<"post" | "inline" | "blueflame-size" | "tx" | "tx-interval" | "mtu" | "qp-context" | "mtt-entry" | "acknowledge" | "phy", Amount>> & {
    readonly "fetch-rate": Rate;
    readonly blueflame: boolean;
    readonly signalled: boolean;
  };
  readonly parts: { readonly sends: PartOf<"pool">; readonly fetch: PartOf<"stage">; readonly tx: PartOf<"stage">; readonly contexts: PartOf<"cache">; readonly translations: PartOf<"cache"> };
  readonly needs: { readonly cpu: InstanceRef; readonly bus: InstanceRef; readonly memory: InstanceRef };
  readonly args: { readonly to: string; readonly via: string; readonly inline: boolean; readonly core: string };
  readonly message: MessageShape;
  readonly region: (name: string) => Region;
  readonly instance: (name: string) => InstanceRef;
  readonly refuse: (code: string, message: string, remedy?: string) => never;
}

interface Notice {
  readonly immediate: boolean;
  /** What a program at the other side can watch; null for nothing. */
  readonly watched: string | null;
}

/** One write, from the posting thread to the other host's memory. */
function write(adapter: Adapter, notice: Notice): readonly Step[] {
  const { params, parts, needs, args, message } = adapter;
  const region = targetOf(adapter);
  const receiver = adapter.instance(`${region.host}.hca`);
  const mtu = params.mtu.of(0);
  const fits = choose({ kind: "size", test: (payload) => payload <= mtu }, [...hand(adapter), ...packet(adapter, notice, receiver)], [
    ...request(adapter),
    inParallel("packets", params.mtu, message.payload.dividedUp(params.mtu), [...fetch(adapter), ...packet(adapter, notice, receiver)]),
  ]);
  const completed = params.signalled ? [use(needs.bus, "write", { bytes: ENTRY, label: "completion entry" })] : [];
  return [
    claim(parts.sends, ONE, "send queue"),
    use(needs.cpu, "enter", { thread: args.core, label: args.core }),
    work(params.post, "user", "post"),
    count("doorbells"),
    leaveCore(),
    move(message.location ?? "pinned", "wire", "dma", message.payload),
    fits,
    use(receiver, "place", { ...notice }),
    release(parts.sends, ONE, params.acknowledge),
    spawn(delay(params.acknowledge, "acknowledgement", "propagate"), ...completed),
  ];
}

/** A write needs the other side's leave: a page that stays where it is, and a key that allows it. */
function targetOf({ args, region, refuse }: Adapter): Region {
  if (args.to === undefined || args.via === undefined) refuse("parameter-missing", "a remote write needs a region and a link", "write e.g. rdma.write: { to: b.mailbox, via: ib }");
  const target = region(args.to);
  if (!target.pinned) refuse("region-not-pinned", `region ${target.name} is not pinned: its page could be moved while the adapter writes it`, `declare ${target.name} with pinned: true`);
  if (!target.rights.includes("remote-write")) refuse("region-rights", `the key of region ${target.name} does not allow remote writes`, `add remote-write to the rights of ${target.name}`);
  return target;
}

/** Gives the adapter one packet's worth: within the work request if it is small enough, otherwise for it to fetch. */
function hand(adapter: Adapter): readonly Step[] {
  const { params, args, message } = adapter;
  const limit = params.inline.of(0);
  const fetched = [...request(adapter), ...fetch(adapter)];
  if (!args.inline || limit === 0) return fetched;
  const whole = [...push(adapter, blocks(message.payload.plus(REQUEST + INLINE_HEADER)), blocks(amountOf(limit + REQUEST + INLINE_HEADER))), ...context(adapter)];
  return [choose({ kind: "size", test: (payload) => payload <= limit }, whole, fetched)];
}

/** A work request that points to the payload. */
function request(adapter: Adapter): readonly Step[] {
  const size = blocks(amountOf(REQUEST + POINTER));
  return [...push(adapter, size, size), ...context(adapter)];
}

/** A work request goes to the adapter in the doorbell's place, or waits in memory to be fetched. `largest` is the largest size there can be. */
function push({ params, needs }: Adapter, size: Amount, largest: Amount): readonly Step[] {
  const told = [use(needs.bus, "store", { bytes: DOORBELL, label: "doorbell" }), use(needs.bus, "read", { bytes: size, label: "work request", until: "last" })];
  if (!params.blueflame) return told;
  const limit = params["blueflame-size"].of(0);
  const pushed = [use(needs.bus, "store", { bytes: size, label: "work request" })];
  return largest.of(0) <= limit ? pushed : [choose({ kind: "size", test: (payload) => size.of(payload) <= limit }, pushed, told)];
}

/** Payload of one packet, from pinned memory. */
function fetch({ params, parts, needs, message }: Adapter): readonly Step[] {
  return [
    ...lookUp(needs.bus, { cache: parts.translations, fetch: params["mtt-entry"], label: "address translation" }),
    claimStage(parts.fetch, ZERO, "fetch engine", { occupancy: params["fetch-rate"].timeFor(message.payload) }),
    use(needs.memory, "dma-read", { bytes: message.payload }),
    use(needs.bus, "read", { bytes: message.payload, label: "payload", until: "last" }),
  ];
}

function context({ params, parts, needs }: Adapter): readonly Step[] {
  return lookUp(needs.bus, { cache: parts.contexts, fetch: params["qp-context"], label: "connection context" });
}

/** A cache that holds the whole working set is warm; one that does not costs a read from host memory at each miss. */
function lookUp(bus: InstanceRef, entry: { readonly cache: PartOf<"cache">; readonly fetch: Amount; readonly label: string }): readonly Step[] {
  const { cache: kept, fetch: missing, label } = entry;
  if (kept.workingSet <= kept.entries) return [];
  return [choose({ kind: "hit", cache: kept }, [], [use(bus, "read", { bytes: missing, label, until: "last" })])];
}

/** One packet: through the adapter, over the link, through the other adapter to its memory. Each bears the target's header, which of a long message only the first does. */
function packet({ params, parts, args, instance, region }: Adapter, { immediate }: Notice, receiver: InstanceRef): readonly Step[] {
  return [
    claimStage(parts.tx, params.tx, "HCA send", { occupancy: params["tx-interval"] }),
    delay(params.phy, "PHY, send"),
    use(instance(args.via), "frame", { extended: TARGET + (immediate ? IMMEDIATE : 0) }),
    use(instance(args.via), "traverse"),
    use(receiver, "receive", { immediate, numa: region(args.to).numa }),
  ];
}

/** Bytes in whole blocks. */
function blocks(size: Amount): Amount {
  return size.dividedUp(amountOf(BLOCK)).times(BLOCK);
}
