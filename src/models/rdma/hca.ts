import {
  type Amount, amountOf, batch, bytes, cache, type Carrier, choice, choose, chosen, claim, claimStage, count, dataRate, defineModel, delay, duration, estimated, flag, gather,
  inParallel, type InstanceRef, leaveCore, type MessageShape, move, need, number, type PartOf, pool, published, type Rate, type Region, release, spawn, stage, type Step, stream, text, use,
  work, ZERO,
} from "../../modeling/index.js";

/** The first packet of a write also says where it goes; the last may carry a word for the receiver. */
const TARGET = 16;
const IMMEDIATE = 4;
/** The request for a change of a word, and what answers bear. */
const ATOMIC = 28;
const ACKNOWLEDGE = 4;
const WORD = 8;
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

const READ = {
  from: text(null, "region that is asked for, e.g. b.heap", chosen("the application's own")),
  via: WRITE.via,
  core: WRITE.core,
} as const;

/** Executes remote writes, reads and changes: neither operating system is on the path of the data. */
export default defineModel({
  name: "rdma/hca",
  title: "InfiniBand host channel adapter",
  about:
    "A thread builds a work request and pushes it to the adapter. The adapter looks up the connection, fetches what it was not given, sends packets and acknowledges. " +
    "The other adapter checks key and rights, translates the address and writes to pinned memory. A plain write tells nobody; one with immediate data takes a receive request and leaves a completion entry. A read is answered by the other adapter alone.",
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
    reads: number(16, "reads and changes of words that may be under way", published("perftest")),
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
    reads: pool({ capacity: params.reads.of(0), whenFull: "block" }),
    lock: pool({ capacity: 1, whenFull: "block" }),
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
    "rdma.read": operation({
      from: ["pinned"],
      meaning: "reads the payload from a region of another host, which does not notice",
      args: READ,
      steps: (context) => asked(context, context.args.from, "remote-read"),
    }),
    "rdma.fetch-add": operation({
      meaning: "adds to a word in a region of another host and gets the old one",
      args: READ,
      steps: (context) => asked(context, context.args.from, "remote-atomic"),
    }),
    receive: operation({
      meaning: "one packet arrives at the adapter and its payload goes to memory",
      steps: (context) => received(context, { visible: context.passed["immediate"] !== true, numa: context.passed["numa"] }),
    }),
    place: operation({
      meaning: "the message is in memory; how a program there can learn of it",
      steps: (context) => placed(context, context.passed as unknown as Notice),
    }),
    accept: operation({
      meaning: "a request arrives at the adapter and is checked",
      steps: ({ params, parts, needs }) => [...taken(params, parts), ...lookUps({ params, parts, needs })],
    }),
    lend: operation({ meaning: "the payload leaves this host's memory for whoever asked", steps: ({ message }) => [move("pinned", "wire", "dma", message.payload)] }),
    respond: operation({
      meaning: "one packet of what was asked for is read from memory and sent",
      steps: (context) => [...read(context), ...sent(context)],
    }),
    change: operation({
      meaning: "a word is read, changed and written back while nobody else may change one, and the old one sent",
      steps: (context) => changed(context),
    }),
    collect: operation({
      meaning: "a completion raises an event, and events that come together share an interrupt",
      steps: ({ parts, needs, passed }) => {
        const carrier = passed["carrier"] as Carrier;
        const raised = [use(needs.bus, "write", { bytes: ENTRY, label: "event entry" }), use(needs.bus, "interrupt", { label: "interrupt message" })];
        return [gather(parts.moderation, String(passed["label"]), { ...carrier, before: [...raised, ...carrier.before] })];
      },
    }),
    replenish: operation({ meaning: "a polling driver takes a completion; its request is posted again once it has been noticed", steps: () => [] }),
  }),
});

type Amounts = "post" | "inline" | "blueflame-size" | "tx" | "tx-interval" | "rx" | "rx-interval" | "mtu" | "qp-context" | "mtt-entry" | "acknowledge" | "phy" | "numa";

/** One adapter, as the functions below see it. */
interface Adapter {
  readonly params: Readonly<Record<Amounts, Amount>> & {
    readonly "fetch-rate": Rate;
    readonly "receive-fetch": "ahead" | "on-demand";
    readonly ordering: "strict" | "relaxed";
    readonly blueflame: boolean;
    readonly signalled: boolean;
  };
  readonly parts: Readonly<Record<"sends" | "receives" | "completions" | "reads" | "lock", PartOf<"pool">> & Record<"fetch" | "tx" | "rx", PartOf<"stage">> & Record<"contexts" | "translations", PartOf<"cache">>>;
  readonly needs: Readonly<Record<"cpu" | "bus" | "memory", InstanceRef>>;
  readonly message: MessageShape;
}

/** A verb: an adapter with what the step was told and the means to look it up. */
interface Verb extends Adapter {
  readonly args: { readonly via: string; readonly core: string };
  readonly region: (name: string) => Region;
  readonly instance: (name: string) => InstanceRef;
  readonly refuse: (code: string, message: string, remedy?: string) => never;
}

interface WriteVerb extends Verb {
  readonly args: Verb["args"] & { readonly to: string; readonly inline: boolean };
}

interface Notice {
  readonly immediate: boolean;
  /** What a program at the other side can watch; null for nothing. */
  readonly watched: string | null;
}

/** One write, from the posting thread to the other host's memory. */
function write(verb: WriteVerb, notice: Notice): readonly Step[] {
  const { params, parts, needs, message } = verb;
  const target = targetOf(verb, verb.args.to, "remote-write");
  const receiver = verb.instance(`${target.host}.hca`);
  const packet = (again: boolean): readonly Step[] => [
    ...sent(verb),
    ...crossed(verb, { extended: amountOf(TARGET + (notice.immediate ? IMMEDIATE : 0)), again }),
    use(receiver, "receive", { immediate: notice.immediate, numa: target.numa }),
  ];
  return [
    ...posted(verb),
    move(message.location ?? "pinned", "wire", "dma", message.payload),
    byPacket(verb, [...handed(verb), ...packet(false)], { before: request(verb), each: [...read(verb), ...packet(true)] }),
    use(receiver, "place", { ...notice }),
    release(parts.sends, ONE, params.acknowledge),
    spawn(delay(params.acknowledge, "acknowledgement", "propagate"), ...(params.signalled ? [use(needs.bus, "write", { bytes: ENTRY, label: "completion entry" })] : [])),
  ];
}

/** A question to the other adapter, and its answer: what is in memory there, or what a word held before it was changed. */
function asked(verb: Verb, region: string, right: "remote-read" | "remote-atomic"): readonly Step[] {
  const { parts, needs, message } = verb;
  const target = targetOf(verb, region, right);
  const responder = verb.instance(`${target.host}.hca`);
  const question = [
    ...posted(verb),
    ...request(verb),
    claim(parts.reads, ONE, "outstanding reads"),
    ...sent(verb),
    ...crossed(verb, { payload: ZERO, extended: amountOf(right === "remote-read" ? TARGET : ATOMIC) }),
    use(responder, "accept"),
  ];
  const packet = (again: boolean): readonly Step[] => [use(responder, "respond"), ...crossed(verb, { extended: amountOf(ACKNOWLEDGE), again }), ...received(verb, { visible: false, numa: verb.params.numa.of(0) })];
  const contents = [use(responder, "lend"), byPacket(verb, packet(false), { before: [], each: packet(true) }), move("wire", "pinned", "dma", message.payload)];
  const word = [use(responder, "change"), ...crossed(verb, { payload: ZERO, extended: amountOf(ACKNOWLEDGE + WORD) }), ...taken(verb.params, parts), use(needs.bus, "write", { bytes: amountOf(WORD), label: "old word" })];
  return [...question, ...(right === "remote-read" ? contents : word), release(parts.reads, ONE), release(parts.sends, ONE), ...completed(verb, [])];
}

/** A message of one packet, or one of several, which go side by side. */
function byPacket({ params, message }: Adapter, single: readonly Step[], several: { readonly before: readonly Step[]; readonly each: readonly Step[] }): Step {
  const mtu = params.mtu.of(0);
  return choose({ kind: "size", test: (payload) => payload <= mtu }, single, [...several.before, inParallel("packets", params.mtu, message.payload.dividedUp(params.mtu), several.each)]);
}

/** The other side must give leave: a page that stays where it is, and a key that allows what is done. */
function targetOf({ args, region, refuse }: Verb, name: string, right: "remote-write" | "remote-read" | "remote-atomic"): Region {
  if (name === undefined || args.via === undefined) refuse("parameter-missing", "a remote access needs a region and a link", "write e.g. rdma.write: { to: b.mailbox, via: ib }");
  const target = region(name);
  if (!target.pinned) refuse("region-not-pinned", `region ${target.name} is not pinned: its page could be moved while the adapter uses it`, `declare ${target.name} with pinned: true`);
  if (!target.rights.includes(right)) refuse("region-rights", `the key of region ${target.name} does not allow ${right}`, `add ${right} to the rights of ${target.name}`);
  return target;
}

/** A thread builds the work request, once the queue has room for it. */
function posted({ params, parts, needs, args }: Verb): readonly Step[] {
  return [claim(parts.sends, ONE, "send queue"), use(needs.cpu, "enter", { thread: args.core, label: args.core }), work(params.post, "user", "post"), count("doorbells"), leaveCore()];
}

/** Gives the adapter one packet's worth: within the work request if it is small enough, otherwise for it to fetch. */
function handed(verb: WriteVerb): readonly Step[] {
  const { params, args, message } = verb;
  const limit = params.inline.of(0);
  const fetched = [...request(verb), ...read(verb)];
  if (!args.inline || limit === 0) return fetched;
  const size = (payload: Amount): Amount => blocks(payload.plus(REQUEST + INLINE_HEADER));
  const whole = [...pushed(verb, size(message.payload), size(params.inline)), ...lookUp(verb, "contexts")];
  return [choose({ kind: "size", test: (payload) => payload <= limit }, whole, fetched)];
}

/** A work request that points to the payload. */
function request(verb: Adapter): readonly Step[] {
  const size = blocks(amountOf(REQUEST + POINTER));
  return [...pushed(verb, size, size), ...lookUp(verb, "contexts")];
}

/** A work request goes to the adapter in the doorbell's place, or waits in memory to be fetched. `largest` is the largest size there can be. */
function pushed({ params, needs }: Adapter, size: Amount, largest: Amount): readonly Step[] {
  const told = [use(needs.bus, "store", { bytes: DOORBELL, label: "doorbell" }), use(needs.bus, "read", { bytes: size, label: "work request", until: "last" })];
  if (!params.blueflame) return told;
  const limit = params["blueflame-size"].of(0);
  const whole = [use(needs.bus, "store", { bytes: size, label: "work request" })];
  return largest.of(0) <= limit ? whole : [choose({ kind: "size", test: (payload) => size.of(payload) <= limit }, whole, told)];
}

/** Payload of one packet, from pinned memory. */
function read(adapter: Adapter): readonly Step[] {
  const { params, parts, needs, message } = adapter;
  return [
    ...lookUp(adapter, "translations"),
    claimStage(parts.fetch, ZERO, "fetch engine", { occupancy: params["fetch-rate"].timeFor(message.payload) }),
    use(needs.memory, "dma-read", { bytes: message.payload }),
    use(needs.bus, "read", { bytes: message.payload, label: "payload", until: "last" }),
  ];
}

/** Out of the adapter, up to the wire. */
function sent({ params, parts }: Pick<Adapter, "params" | "parts">): readonly Step[] {
  return [claimStage(parts.tx, params.tx, "HCA send", { occupancy: params["tx-interval"] }), delay(params.phy, "PHY, send")];
}

/** Over the link as a packet with the headers that its kind needs. Of a long message each packet bears them, though only one has to. */
function crossed({ args, instance }: Verb, packet: { readonly payload?: Amount; readonly extended: Amount; readonly again?: boolean }): readonly Step[] {
  const link = instance(args.via);
  return [use(link, "frame", packet), use(link, packet.payload === undefined ? "traverse" : "carry", { again: packet.again === true })];
}

/** Into the adapter, off the wire. */
function taken(params: Adapter["params"], parts: Adapter["parts"]): readonly Step[] {
  return [stream(params.phy, "PHY, receive"), need("last"), claimStage(parts.rx, params.rx, "HCA receive", { occupancy: params["rx-interval"] })];
}

function received(adapter: Adapter, { visible, numa }: { readonly visible: boolean; readonly numa: unknown }): readonly Step[] {
  const { params, parts, needs, message } = adapter;
  return [
    ...taken(params, parts),
    ...lookUps(adapter),
    use(needs.memory, "dma-write", { bytes: message.payload, remote: numa !== params.numa.of(0) }),
    // A completion entry is never relaxed and pushes the data ahead of it, so only a watched byte can be seen too early.
    use(needs.bus, "write", { bytes: message.payload, label: "payload", visible, relaxed: params.ordering === "relaxed" }),
  ];
}

function placed(adapter: Adapter, { immediate, watched }: Notice): readonly Step[] {
  const { params, parts, needs, message } = adapter;
  const arrive = move("wire", "pinned", "dma", message.payload);
  if (!immediate) return [arrive, ...(watched === null ? [] : [use(needs.cpu, "announce", { watched })])];
  const fetch = params["receive-fetch"] === "ahead" ? [] : [use(needs.bus, "read", { bytes: amountOf(POINTER), label: "receive request", until: "last" })];
  return [arrive, claim(parts.receives, ONE, "receive request"), ...fetch, ...completed(adapter, [release(parts.receives, ONE)])];
}

/** A completion entry, behind the data; whoever notices it gives back what it stands for. */
function completed({ parts, needs }: Adapter, afterwards: readonly Step[]): readonly Step[] {
  return [
    claim(parts.completions, ONE, "completion queue"),
    use(needs.bus, "write", { bytes: ENTRY, label: "completion entry" }),
    use(needs.bus, "visible", { label: "completion entry" }),
    use(needs.cpu, "announce", { watched: "cq", afterwards: [...afterwards, release(parts.completions, ONE)] }),
  ];
}

function changed(adapter: Adapter): readonly Step[] {
  const { parts, needs } = adapter;
  const word = amountOf(WORD);
  return [
    claim(parts.lock, ONE, "atomic lock"),
    use(needs.bus, "read", { bytes: word, label: "word", until: "last" }),
    use(needs.bus, "write", { bytes: word, label: "changed word" }),
    release(parts.lock, ONE),
    ...sent(adapter),
  ];
}

function lookUps(adapter: Pick<Adapter, "params" | "parts" | "needs">): readonly Step[] {
  return [...lookUp(adapter, "contexts"), ...lookUp(adapter, "translations")];
}

/** A cache that holds the whole working set is warm; one that does not costs a read from host memory at each miss. */
function lookUp({ params, parts, needs }: Pick<Adapter, "params" | "parts" | "needs">, name: "contexts" | "translations"): readonly Step[] {
  const kept = parts[name];
  if (kept.workingSet <= kept.entries) return [];
  const [missing, label] = name === "contexts" ? [params["qp-context"], "connection context"] : [params["mtt-entry"], "address translation"];
  return [choose({ kind: "hit", cache: kept }, [], [use(needs.bus, "read", { bytes: missing, label, until: "last" })])];
}

/** Bytes in whole blocks. */
function blocks(size: Amount): Amount {
  return size.dividedUp(amountOf(BLOCK)).times(BLOCK);
}
