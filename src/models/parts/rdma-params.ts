import {
  batch, bytes, cache, choice, chosen, dataRate, duration, estimated, flag, number, percent, pool, published, stage, standard, text, toNumber, turn,
  type InstanceRef, type MessageShape, type Part, type PartOf, type Region, type Values,
} from "../../modeling/index.js";

const own = chosen("the application's own");
const small = "small-message calibration of ib_send_lat";
const specification = standard("infiniband-1.3");

export const ADAPTER_PARAMS = {
  transport: choice(["link", "iwarp", "toe"], "link", "what carries the messages: the link's own packets (InfiniBand, or RoCEv2 over Ethernet), remote access over TCP in the adapter, or TCP alone, which can only send", chosen("what the adapter is")),
  post: duration("60 ns", "building a work request and ordering the stores", estimated("40 ns direct, 75 ns through the verbs library (UCX)", ["40 ns", "100 ns"])),
  "post-batch": number(1, "work requests that are posted as one list and share a doorbell; the adapter then fetches them", chosen("one by one is fastest for a single message"), 1),
  "post-wait": duration("1 us", "longest time for which a list waits to become full", own),
  inline: bytes("220 B", "largest payload of a write that a work request carries itself; sends can carry 16 B more, datagrams 32 B less", published("perftest")),
  blueflame: flag(true, "work requests are pushed to the adapter; if not, it is told and fetches them", chosen("the library's default")),
  "blueflame-size": bytes("256 B", "largest work request that can be pushed", published("openucx")),
  phy: duration("60 ns", "PHY and link layer, either way", estimated(small, ["30 ns", "150 ns"])),
  tx: duration("120 ns", "from the work request in the adapter to the first bit of a packet", estimated(small, ["80 ns", "180 ns"])),
  "tx-interval": duration("6 ns", "shortest time between packets sent", estimated("message rates of this class of adapter", ["4 ns", "15 ns"])),
  rx: duration("120 ns", "from the last bit of a packet to its write on the bus", estimated(small, ["80 ns", "180 ns"])),
  "rx-interval": duration("6 ns", "shortest time between packets received", estimated("message rates of this class of adapter", ["4 ns", "15 ns"])),
  "tcp.send": duration("1.2 us", "work of the TCP engine on a segment to send, where TCP carries the messages", estimated("1 to 2 us a side for first adapters, a third of a microsecond for later ones", ["200 ns", "2 us"])),
  "tcp.receive": duration("1.2 us", "the same for a segment received", estimated("1 to 2 us a side for first adapters, a third of a microsecond for later ones", ["200 ns", "2 us"])),
  "fetch-rate": dataRate("100 Gbit/s", "pace at which the payloads of packets are fetched, so that packets follow each other", chosen("the port's own rate")),
  mtu: bytes("4096 B", "largest payload of one packet", chosen("the path's MTU, set when the connection is made")),
  qps: number(1, "connections that the traffic uses in turn or at random", own, 1),
  "hot.qps": number(0, "connections among them that most of the traffic uses, if it chooses at random; 0: all alike", own),
  "hot.share": percent("0%", "share of the traffic on those", own),
  "qp-cache": number(1024, "connection contexts that the adapter keeps", estimated("512 to 2048 reported for this class", ["256", "4096"])),
  "qp-context": bytes("256 B", "context of one connection, fetched on a miss", estimated("device context structures", ["128 B", "512 B"])),
  pages: number(1, "pages of registered memory that the traffic uses in turn or at random", own, 1),
  "mtt-cache": number(2048, "address translations that the adapter keeps", estimated("device documentation of this class", ["1024", "16384"])),
  "mtt-entry": bytes("64 B", "translations fetched on a miss: a line of eight", estimated("eight bytes each, fetched by the line", ["8 B", "64 B"])),
  access: choice(["uniform", "cyclic"], "uniform", "how the traffic chooses among connections and pages", own),
  ordering: choice(["strict", "relaxed"], "strict", "whether the parts of one write become visible in order", chosen("in order unless the registration allows otherwise")),
  numa: number(0, "memory node that the adapter's slot belongs to", chosen("where the card is plugged")),
  "send-queue": number(128, "work requests in flight", chosen("depth set when the connection is made"), 1),
  "send-queue-full": choice(["wait", "refuse"], "wait", "what posting to a full queue does: the thread waits, or the message is given up", chosen("applications that poll their completions wait")),
  reads: number(16, "reads and changes of words that may be under way", published("perftest"), 1),
  "receive-queue": number(512, "receive requests posted; a send, and a write with immediate data, takes one", chosen("depth set when the connection is made")),
  "completion-queue": number(1024, "completion entries; an entry is free again once it has been taken, and one that finds none breaks the queue", chosen("depth set when the queue is made"), 1),
  "receive-fetch": choice(["ahead", "on-demand"], "ahead", "when the adapter fetches receive requests", chosen("adapters fetch them ahead in batches")),
  "ack.every": number(1, "messages that one acknowledgement answers for", chosen("one each; responders may answer for several"), 1),
  "signal.every": number(1, "writes and sends of which one leaves a completion entry at its sender; only then are their places in the send queue free", chosen("the library's default; applications often signal one in 64"), 1),
  reap: duration("0 ns", "how long a sender's completion entry waits until the application takes it", own),
  arm: duration("100 ns", "arming the completion queue for the next event and looking into it once more", estimated("a store to the adapter and a look that finds nothing", ["60 ns", "250 ns"])),
  loss: percent("0%", "share of the packets sent that do not arrive; answers to reads are not lost", chosen("cables and lossless networks lose next to nothing")),
  recovery: choice(["report", "timeout"], "report", "how the sender learns of a loss: from the receiver, which notices a gap, or by the timeout alone", specification),
  "recovery-reports": number(1, "packets behind a gap until the receiver's reports make the sender repeat: 1 for InfiniBand, 3 for TCP", specification, 1),
  "ack.timeout": duration("67.108864 ms", "wait for an acknowledgement before packets are repeated: 4.096 us times a power of two, or TCP's", specification),
  "ack.retries": number(7, "repetitions before a connection is given up", specification),
  "rnr.timer": duration("640 us", "how long a sender waits that has met a receiver without a receive request, or a page that is not there", published("perftest")),
  "rnr.retries": number(7, "repetitions before a sender gives that up", specification),
  "register.base": duration("16 us", "registering memory: system call, command to the adapter", published("openucx")),
  "register.byte": duration("60 ps", "registering memory, per byte: pinning and translating its pages", published("openucx")),
  deregister: duration("10 us", "taking a registration back", estimated("a command to the adapter and the release of the pages", ["5 us", "20 us"])),
  "ud.qkey": text("0x11111111", "Q_Key of the queue pair for datagrams: one that bears another is dropped, and counted", chosen("the key that the performance tests use")),
  "address.make": duration("400 ns", "making an address handle for datagrams, by the library alone", estimated("an allocation, a look into the table of addresses and a few stores; a kernel call where the adapter asks for one", ["100 ns", "5 us"])),
  "address.free": duration("100 ns", "freeing one", estimated("a lock and a list", ["50 ns", "2 us"])),
  "odp.fault": duration("220 us", "page fault of an adapter on memory that is paged on demand: interrupt, driver, kernel, adapter's tables", estimated("hundreds of microseconds measured for adapters, 3.5 to 5.7 us where software pages (NP-RDMA)", ["3.5 us", "3 ms"])),
  "odp.resident": number(1024, "pages of memory paged on demand that stay mapped", own),
  "moderation.mode": choice(["none", "timer-from-first", "timer-from-last", "throttle"], "none", "law by which completion events share an interrupt", chosen("events are armed one at a time")),
  "moderation.time": duration("16 us", "time of that law", published("linux-mlx5-en-h")),
  "moderation.frames": number(32, "events that close a group before its time", published("linux-mlx5-en-h")),
} as const;

export type AdapterParams = Values<typeof ADAPTER_PARAMS>;
export type AdapterParts = ReturnType<typeof makeAdapter>;

export function makeAdapter({ params }: { readonly params: AdapterParams }) {
  const depth = (name: "reads" | "send-queue" | "receive-queue" | "completion-queue"): number => params[name].of(0);
  const acknowledged = params["ack.every"].of(0);
  return {
    sends: pool({ capacity: depth("send-queue"), whenFull: params["send-queue-full"] === "wait" ? "block" : "drop" }),
    receives: pool({ capacity: depth("receive-queue"), whenFull: "drop" }),
    completions: pool({ capacity: depth("completion-queue"), whenFull: "drop" }),
    reads: pool({ capacity: depth("reads"), whenFull: "block" }),
    list: batch({ law: "timer-from-first", time: params["post-wait"], count: params["post-batch"].of(0) }),
    bell: pool({ capacity: 1, whenFull: "block" }),
    fetch: stage(),
    tx: stage(),
    rx: stage(),
    contexts: cache({ entries: params["qp-cache"].of(0), keys: params.access, workingSet: params.qps.of(0), hot: hotOf(params) }),
    translations: cache({ entries: params["mtt-cache"].of(0), keys: params.access, workingSet: params.pages.of(0) }),
    resident: cache({ entries: params["odp.resident"].of(0), keys: params.access, workingSet: params.pages.of(0) }),
    acknowledgements: turn({ every: acknowledged }),
    signals: turn({ every: acknowledgementsPerSignal(params) }),
    moderation: batch({ law: params["moderation.mode"], time: params["moderation.time"], count: params["moderation.frames"].of(0) }),
  } satisfies Record<string, Part>;
}

function hotOf(params: AdapterParams): { readonly share: number; readonly count: number } | null {
  const count = params["hot.qps"].of(0);
  return count === 0 ? null : { share: toNumber(params["hot.share"]), count };
}

/** How many acknowledgements come until one completes something at the sender. */
export function acknowledgementsPerSignal(params: AdapterParams): number {
  return Math.max(1, Math.ceil(params["signal.every"].of(0) / params["ack.every"].of(0)));
}

/** One adapter along one path, as the files that make up its operations see it. */
export interface Adapter {
  readonly params: AdapterParams;
  readonly parts: AdapterParts;
  readonly part: <K extends Part["primitive"]>(name: string, make: () => PartOf<K>) => PartOf<K>;
  readonly needs: Readonly<Record<"cpu" | "bus" | "memory", InstanceRef>>;
  readonly message: MessageShape;
  readonly state: Map<string, unknown>;
  readonly passed: Readonly<Record<string, unknown>>;
  readonly region: (name: string) => Region;
  readonly instance: (name: string) => InstanceRef;
  readonly refuse: (code: string, message: string, remedy?: string) => never;
}

/** Arguments that all verbs take. */
export const VERB = {
  via: text(null, "link to the other host", chosen("how the hosts are wired")),
  core: text("app", "thread that posts", own),
  qp: text("main", "connection; messages of one connection arrive in order", own),
  local: text(null, "region of this host that the data come from or go to; its key is checked; none: some registered buffer", own),
} as const;

/** A verb: an adapter with what the step was told. */
export interface Verb extends Adapter {
  readonly args: { readonly via: string; readonly core: string; readonly qp: string; readonly local?: string; readonly qkey?: string };
}

/** The share of packets that a sender loses, as a chance. */
export function lossOf(params: AdapterParams): number {
  return toNumber(params.loss);
}

export function hostOf({ needs }: Pick<Adapter, "needs">): string {
  return needs.cpu.instance.slice(0, needs.cpu.instance.indexOf("."));
}

