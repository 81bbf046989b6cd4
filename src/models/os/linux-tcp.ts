import {
  type Amount, amountOf, bareFrame, batch, bytes, type Carrier, type Choice, choice, choose, chosen, claim, claimAs, count, defineModel, drop, duration, enter, entrust, estimated, flag, gather, gatherAs,
  type InstanceRef, leaveCore, meet, type MessageShape, number, type PartOf, pool, published, race, release, retry, sequence, shrink, standard, type Step, text, until, use, type Values, window,
  work, ZERO,
} from "../../modeling/index.js";

/** An acknowledgement on Ethernet: preamble, the shortest frame. */
const ACKNOWLEDGEMENT = amountOf(8 + 64);
const ONE = amountOf(1);
const PREAMBLE = 8;
/** What the message has claimed and a later step gives back, remembered along one path. */
const WINDOW = "window";
/** The sender's congestion window, remembered at the receiver. */
const SENDER = "sender";
/** A carrier that does something for all members of a batch at once. */
const ALONE: Omit<Carrier, "before"> = { weight: Infinity, budget: Infinity, budgetTime: amountOf(Infinity), handOver: ZERO, after: [] };

const BACK = {
  ack: text(null, "link over which acknowledgements go back as frames; none: they ride on what is sent back anyway", chosen("the path's own")),
  to: text(null, "host at the other end, whose adapter, stack and TCP are called nic, os and tcp", chosen("the path's own")),
};

const PARAMS = {
  irq: text("irq", "thread on whose core acknowledgements are made", chosen("deferred work runs where the interrupt came")),
  mss: bytes("1448 B", "payload of a full segment: 1500 B less IP, TCP and time stamps", standard("rfc-9293")),
  offload: flag(true, "whether the adapter cuts what is sent into segments; otherwise the kernel builds each", chosen("segmentation offload is on by default")),
  "offload-limit": bytes("64 KiB", "payload that the adapter cuts at once", estimated("the limit of one packet buffer", ["60 KiB", "256 KiB"])),
  build: duration("700 ns", "headers, route and packet buffer of what goes down as one", estimated("300 ns more than a datagram: state, window, timers", ["450 ns", "1170 ns"])),
  receive: duration("650 ns", "TCP receive: look-up, state, window, queueing", estimated("400 ns more than a datagram", ["400 ns", "1 us"])),
  send: duration("85 ns", "send call besides entry, exit and copy", estimated("split of measured send totals of 975 to 1710 ns (Homa on Linux)", ["50 ns", "200 ns"])),
  read: duration("135 ns", "receive call besides entry, exit and copy", estimated("recv call of 300 to 560 ns including a copy of 100 B (Homa on Linux)", ["80 ns", "400 ns"])),
  window: bytes("65535 B", "bytes on their way or unread at the receiver; a sender that finds the window full waits", published("linux-ip-sysctl")),
  nagle: flag(false, "whether a small segment waits until what was sent before it has been acknowledged; not for steps inside parallel", chosen("latency-critical programs switch it off (TCP_NODELAY)")),
  "congestion.initial": number(10, "segments of the congestion window at first, and again after a pause", published("linux-tcp-h"), 1),
  "congestion.threshold": bytes("1 GiB", "congestion window up to which slow start goes at first: it grows by all that is acknowledged; above it by a segment a round trip", standard("rfc-5681")),
  push: duration("400 ns", "what an acknowledgement lets go, or what is sent again: window, queueing discipline, driver", estimated("queueing discipline and driver of a datagram", ["250 ns", "800 ns"])),
  rto: duration("200 ms", "time from a segment's sending until it is sent again, if nothing else has told of its loss", published("linux-tcp-h")),
  reports: number(3, "acknowledgements out of turn, from segments behind a gap, that tell of a loss", standard("rfc-5681"), 1),
  "ack.mode": choice(["delayed", "each"], "delayed", "acknowledge every second segment, or the first after a time; or each at once", chosen("the kernel delays unless told otherwise")),
  "ack.segments": number(2, "segments that are acknowledged at once, when acknowledgements are delayed", standard("rfc-9293")),
  "ack.delay": duration("40 ms", "longest time that an acknowledgement is delayed", published("linux-tcp-h")),
  "ack.build": duration("250 ns", "making an acknowledgement", estimated("a packet buffer without data, and a header", ["150 ns", "500 ns"])),
  "ack.receive": duration("300 ns", "taking an acknowledgement: state, freeing what it covers", estimated("half of what data need", ["150 ns", "600 ns"])),
} as const;

interface Tcp {
  readonly params: Values<typeof PARAMS>;
  readonly parts: ReturnType<typeof makeParts>;
  readonly needs: { readonly cpu: InstanceRef<"cpu">; readonly stack: InstanceRef<"stack"> };
  readonly message: MessageShape;
  readonly state: Map<string, unknown>;
  readonly name: string;
}

function makeParts({ params }: { readonly params: Values<typeof PARAMS> }) {
  const segment = params.mss.of(0);
  return {
    window: pool({ capacity: params.window.of(0), whenFull: "block" }),
    flight: pool({ capacity: Math.max(segment, params.window.of(0)), whenFull: "block" }),
    congestion: window({ capacity: params["congestion.initial"].of(0) * segment, segment, threshold: params["congestion.threshold"].of(0), idle: params.rto.of(0) }),
    pushes: batch({ law: "timer-from-first", time: ZERO, count: Infinity }),
    line: sequence(),
    gap: pool({ capacity: 1, whenFull: "block" }),
    notice: batch({ law: "timer-from-first", time: params.rto, count: params.reports.of(0) + 1 }),
    unacknowledged: pool({ capacity: 1, whenFull: "block" }),
    acknowledgements: batch({ law: "timer-from-first", time: params["ack.delay"], count: params["ack.mode"] === "each" ? 1 : params["ack.segments"].of(0), merges: true }),
  };
}

/** One connection of the kernel's TCP on top of its stack: calls, segments, window, acknowledgements. */
export default defineModel({
  name: "os/linux-tcp",
  title: "TCP of the Linux network stack",
  about:
    "One connection. A send waits until the receiver has room for it, is copied, and goes down in one piece if the adapter cuts it, segment by segment if not. Each segment waits for the congestion window, " +
    "which acknowledgements open (Reno: slow start, congestion avoidance, half of it after a loss), and for the receiver's. On the way up segments of one turn of the poll are merged, so only the first climbs through IP and TCP. " +
    "Acknowledgements are frames that cross adapters, link and interrupt of the other side off the path, every second segment or when their time is over. What is lost, wherever, is sent again after three reports of the gap or a " +
    "timeout, one loss after the other; reports release what they tell of, as selective acknowledgements do. The timeout does not grow from one time to the next, and the window of a message is the reader's again when all of it has been read.",
  provides: "socket",
  needs: { cpu: "cpu", stack: "stack" },
  params: PARAMS,
  parts: makeParts,
  operations: (operation) => ({
    tx: operation({
      from: ["umem", "pinned"],
      meaning: "a send call: window, copy, segments, driver",
      args: { to: BACK.to },
      steps: (context) => sent(context, { to: context.args.to, instance: context.instance, handing: [use(context.needs.cpu, "copy", { to: "kernel" })], cleaned: [] }),
    }),
    rx: operation({
      from: ["kmem"],
      meaning: "driver, merging, IP and TCP, up to the connection's queue; the acknowledgement goes back off the path",
      args: BACK,
      steps: (context) => received(context, context.args),
    }),
    recv: operation({
      meaning: "the thread that waits is woken, and its call returns; what it has read makes room in the window",
      args: { thread: text("app", "thread that waits", chosen("the application's own")), ...BACK },
      main: "thread",
      steps: (context) => read(context, context.args),
    }),
    transmit: operation({
      meaning: "a send call of which another model says how the payload is handed to the kernel",
      args: { to: BACK.to },
      steps: (context) => sent(context, { ...(context.passed as unknown as Sending), instance: context.instance }),
    }),
    admit: operation({
      meaning: "a sender on another host waits for room in this end's buffer, and takes its place in the order of delivery",
      steps: ({ parts, params, message, state, passed }) => {
        state.set(WINDOW, true);
        state.set(SENDER, passed["from"]);
        return [claim(parts.window, windowed(params, message), "receive window"), enter(parts.line)];
      },
    }),
    depart: operation({
      meaning: "a segment waits for the windows; from here on its loss is made up for",
      steps: (context) => departed(context, context.passed["other"] as InstanceRef),
    }),
    permit: operation({
      meaning: "a segment takes its part of what may be on the way to this end",
      steps: ({ parts, message }) => [claim(parts.flight, message.payload, "receive window")],
    }),
    covered: operation({
      meaning: "a segment has come to the other end and will be acknowledged, at once if one before it is missing; then the windows open, and with Nagle's rule the next small segment may go",
      steps: (context) => covered(context, context.passed as unknown as Covering),
    }),
    acknowledged: operation({
      meaning: "an acknowledgement has climbed to this end",
      steps: ({ params, needs }) => [use(needs.stack, "receive", { merges: false, transport: [work(params["ack.receive"], "softirq", "acknowledgement")] }), leaveCore()],
    }),
  }),
});

interface Sending {
  readonly to: string | undefined;
  readonly instance: (name: string) => InstanceRef;
  /** How the call comes to the kernel, where that is not a system call. */
  readonly entered?: readonly Step[];
  /** How the payload comes to the kernel: a copy, or pages that change hands. */
  readonly handing: readonly Step[];
  /** What is due when the adapter has sent it. */
  readonly cleaned: readonly Step[];
}

function sent(context: Tcp, { to, instance, entered, handing, cleaned }: Sending): readonly Step[] {
  const { params, parts, needs, message, name } = context;
  const { mss } = params;
  const segments = params["offload-limit"].map((limit) => Math.max(1, Math.floor(limit / mss.of(0))));
  const cut = { content: message.payload, piece: mss, headers: Math.max(0, message.headers - PREAMBLE), build: params.build, group: params.offload ? segments : ONE, byAdapter: params.offload };
  const other = to === undefined ? null : instance(`${to}.tcp`);
  return [
    ...(other === null ? [] : [use(other, "admit", { from: parts.congestion })]),
    ...(entered ?? [use(needs.cpu, "syscall")]),
    work(params.send, "sys", "send call"),
    ...handing,
    work(params.build, "sys", "build segments"),
    use(needs.stack, "send", { groups: ONE, cleaned, cut }),
    ...(other === null ? [] : [use(instance(name), "depart", { other })]),
  ];
}

/** A segment waits for the windows. What an acknowledgement lets go is sent on the core where that came in. */
function departed({ params, parts, needs, message, name }: Tcp, other: InstanceRef): readonly Step[] {
  const pushing: Carrier = { ...ALONE, before: [use(needs.cpu, "enter", { thread: params.irq, label: "acknowledgement's core" }), work(params.push, "softirq", "segments let go")] };
  const wait = (part: PartOf<"pool">, units: Amount, label: string): Step =>
    choose({ kind: "room", pool: part, units }, [claim(part, units, label)], [claim(part, units, label), gather(parts.pushes, "acknowledgement", pushing), leaveCore()]);
  return [
    ...(params.nagle ? [choose(smaller(params), [wait(parts.unacknowledged, ONE, "acknowledgement of what went before")])] : []),
    use(other, "permit"),
    wait(parts.congestion, message.payload, "congestion window"),
    retry(`${name}.sent`, ...madeUp({ params, parts, needs, name })),
  ];
}

/** How a loss is noticed, one after the other, and what is then done before the segment goes out once more. */
function madeUp({ params, parts, needs, name }: Pick<Tcp, "params" | "parts" | "needs" | "name">): readonly Step[] {
  const unless = (steps: readonly Step[]): Step => choose({ kind: "decided" }, [drop("noticed before")], steps);
  const reported = [gatherAs("retry", parts.notice, "reports of a gap"), unless([shrink(parts.congestion, "half")])];
  const silent = [until(`${name}.sent`, params.rto, "retransmission timeout", "retry"), unless([shrink(parts.congestion, "least")])];
  return [
    claimAs("retry", parts.gap, ONE, "earlier loss of the connection"),
    race("how a loss is noticed", reported, silent),
    release(parts.gap, ONE),
    count("retries"),
    use(needs.cpu, "enter", { thread: params.irq, label: "retransmission" }),
    work(params.push, "softirq", "sent again"),
    leaveCore(),
  ];
}

/** What the other end has to say of a segment that has come. */
interface Covering {
  /** What it takes of the other end's window; null where no windows are kept. */
  readonly flight: PartOf<"pool"> | null;
  /** The wait for company, and the way of an acknowledgement. */
  readonly delayed: readonly Step[];
  readonly trip: readonly Step[];
}

function covered({ params, parts, message }: Tcp, { flight, delayed, trip }: Covering): readonly Step[] {
  const opened = flight === null ? [] : [release(parts.congestion, message.payload), release(flight, message.payload)];
  const windows = flight === null ? [] : [parts.congestion, flight];
  const report = [choose({ kind: "taken", pool: parts.gap }, [gatherAs("retry", parts.notice, "report of a gap")])];
  const frame = (held: readonly PartOf<"pool">[], freed: readonly Step[]): Step =>
    choose(
      { kind: "taken", pool: parts.gap },
      [entrust(held, bareFrame(ACKNOWLEDGEMENT), retry(null), ...trip, ...freed, ...report)],
      [entrust(held, bareFrame(ACKNOWLEDGEMENT), retry(null), ...delayed, ...trip, ...freed)],
    );
  if (!params.nagle) return [frame(windows, opened)];
  return [choose(smaller(params), [frame([...windows, parts.unacknowledged], [...opened, release(parts.unacknowledged, ONE)])], [frame(windows, opened)])];
}

/** How what is due goes back: the link, and the host at its other end. */
interface Back {
  readonly ack: string | undefined;
  readonly to: string | undefined;
}

interface Way {
  readonly ack: string;
  readonly to: string;
}

const wayOf = ({ ack, to }: Back): Way | null => (ack === undefined || to === undefined ? null : { ack, to });

type Acknowledging = Tcp & { readonly instance: Sending["instance"] };

/** Up to the connection's queue; then an acknowledgement is due, which may wait for company. Messages are delivered in the order in which they were sent. */
function received(context: Acknowledging, back: Back): readonly Step[] {
  const { params, parts, needs, message, state, instance } = context;
  const up = use(needs.stack, "receive", { merges: true, transport: [work(params.receive, "softirq", "TCP and socket queue")] });
  const way = wayOf(back);
  const sender = state.get(SENDER) as PartOf<"pool"> | undefined;
  const inOrder = sender === undefined ? [] : [claimAs("order", parts.line, ONE, "earlier bytes of the connection"), release(parts.line, ONE)];
  const unsaid = sender === undefined ? [] : [release(sender, message.payload), release(parts.flight, message.payload)];
  const said = (to: Way): readonly Step[] => [
    use(instance(`${to.to}.tcp`), "covered", {
      flight: sender === undefined ? null : parts.flight,
      delayed: [gather(parts.acknowledgements, "delayed acknowledgement")],
      trip: acknowledgement(context, to),
    }),
  ];
  return [up, leaveCore(), ...(way === null ? unsaid : said(way)), ...gathered(context), ...inOrder];
}

/** The segments of a message meet in the connection's queue. */
function gathered({ needs }: Tcp): readonly Step[] {
  return [meet({ label: "rest of the message", ahead: [use(needs.stack, "free", { ofPiece: true })], back: [], torn: [drop("a segment was lost")] })];
}

/** What has been read makes room, of which the sender learns by a frame of its own when it is worth two segments. */
function read(context: Acknowledging, back: Back & { readonly thread: string }): readonly Step[] {
  const { params, parts, needs, message, state } = context;
  const room = windowed(params, message);
  const worth = (payload: number): boolean => payload >= 2 * params.mss.of(payload);
  const plain = release(parts.window, room);
  const way = wayOf(back);
  const told = way === null ? plain : choose({ kind: "size", test: worth }, [entrust([parts.window], bareFrame(ACKNOWLEDGEMENT), retry(null), ...acknowledgement(context, way), release(parts.window, room))], [plain]);
  return [
    use(needs.cpu, "resume", { thread: back.thread }),
    use(needs.stack, "free"),
    use(needs.cpu, "syscall"),
    work(params.read, "sys", "receive call"),
    ...(state.get(WINDOW) === true ? [told] : []),
  ];
}

/** A frame without data, from this end's deferred work to the other end's. */
function acknowledgement({ params, needs, instance }: Acknowledging, { ack, to }: Way): readonly Step[] {
  const near = needs.cpu.instance.slice(0, needs.cpu.instance.lastIndexOf("."));
  return [
    use(needs.cpu, "enter", { thread: params.irq, label: "acknowledgement" }),
    work(params["ack.build"], "softirq", "acknowledgement"),
    leaveCore(),
    use(instance(`${near}.nic`), "tx"),
    use(instance(ack), "carry", { direction: "backward" }),
    use(instance(`${to}.nic`), "rx"),
    use(instance(`${to}.os`), "irq"),
    use(instance(`${to}.tcp`), "acknowledged"),
  ];
}

/** Less than a full segment. */
function smaller(params: Tcp["params"]): Choice {
  return { kind: "size", test: (payload) => payload < params.mss.of(payload) };
}

/** Bytes of the window that a message takes; one that is larger than the window takes all of it. */
function windowed(params: Tcp["params"], message: MessageShape): Amount {
  return message.payload.map((size) => Math.min(size, params.window.of(size)));
}
