import {
  Amount, amountOf, batch, bytes, type Carrier, choice, choose, chosen, claim, claimOnCore, count, type Cut, defineModel, divide, drop, duration, estimated, gather, type InstanceRef, leaveCore, list,
  meet, type MessageShape, number, percent, pool, published, release, spawn, standard, type Step, text, toNumber, use, type Values, work, ZERO,
} from "../../modeling/index.js";

const hotdata = published("linux-net-hotdata");
const softirq = published("linux-softirq");
const deferral = published("linux-napi-defer");
const ONE = amountOf(1);
/** Preamble; headers of UDP, which are in the first fragment only, and of IP, which are in each. */
const PREAMBLE = 8;
const UDP = 8;
const IP = 20;
/** What the receive call gives back of the socket's buffer and of the packet buffers, remembered along one path. */
const QUEUED = "queued";
const BUFFERED = "buffered";

const PARAMS = {
  irq: text("irq", "thread on whose core interrupts and deferred work run", chosen("interrupt affinity")),
  irqs: list([], "threads on whose cores the interrupts of an adapter's queues run, in turn; empty: all on irq", chosen("one queue, one core")),
  reader: text("app", "thread that spins when busy polling is on", chosen("the thread that reads the socket")),
  weight: number(64, "packets of one turn of the poll", published("linux-sysctl-net"), 1),
  budget: number(300, "packets of one run of the deferred work; tested between turns, so a turn may exceed it", hotdata, 1),
  "budget-time": duration("2 ms", "longest run of the deferred work: two ticks, here of 1000 Hz", hotdata),
  restarts: number(10, "runs of the deferred work that may follow one another at once; then the kernel thread goes on", softirq),
  "restart-time": duration("2 ms", "for how long runs may follow one another at once", softirq),
  "hand-over": duration("1.5 us", "from the last run to the kernel thread that goes on", estimated("a wake-up and a switch of an otherwise idle core", ["1 us", "50 us"])),
  complete: duration("150 ns", "leaving the poll: take the source off the list, allow its interrupt again, look once more", estimated("traces of 10G drivers", ["80 ns", "300 ns"])),
  "defer.polls": number(0, "napi_defer_hard_irqs: looks in a row that must find nothing before the device may interrupt again", deferral),
  "defer.time": duration("0 ns", "gro_flush_timeout: time between those looks", deferral),
  "defer.timer": duration("800 ns", "the timer's interrupt and the way to the next look", estimated("a local timer interrupt and a raised softirq", ["400 ns", "2 us"])),
  buffers: number(0, "packets that may be in the kernel at once, from the driver to the receive call; zero: as many as come", chosen("memory is rarely what ends first")),
  "xdp.mode": choice(["none", "pass", "drop"], "none", "a program that looks at each frame before a packet buffer is made: none, one that lets all through, or one that drops a share", chosen("none is loaded by default")),
  "xdp.run": duration("30 ns", "the program itself", estimated("13 ns of call and return (XDP paper) and a few look-ups", ["13 ns", "300 ns"])),
  "xdp.driver": duration("150 ns", "driver's work on a frame that the program sends back: descriptor and synchronisation, no packet buffer", estimated("the driver's receive work less the packet buffer", ["40 ns", "250 ns"])),
  "xdp.share": percent("50%", "share of the frames that a dropping program drops", chosen("the attack's")),
  "steering.mode": choice(["none", "rps", "rfs"], "none", "whether protocol work is done on another core: no, on one given, or where the reader runs", chosen("off by default")),
  "steering.thread": text("rps", "rps: thread on whose core the protocol work is done", chosen("the administrator's mask")),
  "steering.interrupt": duration("600 ns", "from the inter-processor interrupt's store to the work on the other core", estimated("same delivery as a device's interrupt; 1.3 us measured to the handler of a loaded core (Homa on Linux)", ["350 ns", "2.5 us"])),
  "steering.softirq": duration("300 ns", "from the interrupt's end to the first packet", estimated("360 ns measured (Homa on Linux)", ["150 ns", "600 ns"])),
  "steering.switch": duration("1 us", "rfs: switch from the deferred work to the reader on the same core", estimated("a wake-up without an inter-processor interrupt", ["600 ns", "2 us"])),
  backlog: number(1000, "packets that wait for another core's protocol work; beyond it they are dropped", hotdata),
  driver: duration("350 ns", "driver's work on a received packet: descriptor, buffer, metadata", estimated("200 ns to fill plus a descriptor miss (Homa on Linux)", ["200 ns", "560 ns"])),
  gro: duration("150 ns", "merging of packets and hand-over to the protocol", estimated("150 ns measured (Homa on Linux)", ["100 ns", "230 ns"])),
  ip: duration("150 ns", "IP receive and route look-up", estimated("300 to 440 ns measured with the softirq's own share (Homa on Linux)", ["100 ns", "440 ns"])),
  udp: duration("250 ns", "UDP receive, socket look-up, queueing", estimated("190 to 450 ns measured for a transport's share (Homa on Linux)", ["150 ns", "450 ns"])),
  netfilter: duration("0 ns", "time of the packet filter's rules per packet and direction; zero: none loaded", chosen("no rules; a rule set costs 100 to 500 ns")),
  "socket.buffer": bytes("212992 B", "memory that one socket may hold in packets not yet read; beyond it they are dropped", chosen("the kernel's default")),
  "socket.overhead": bytes("768 B", "memory charged for a packet beside its bytes", estimated("buffer header and shared information of a small packet", ["576 B", "2304 B"])),
  receive: duration("135 ns", "receive call besides entry, exit and copy: take the packet off the queue, fill the address", estimated("recv call of 300 to 560 ns including a copy of 100 B (Homa on Linux)", ["80 ns", "400 ns"])),
  send: duration("85 ns", "send call besides entry, exit and copy: find the socket, take its lock", estimated("split of measured send totals of 975 to 1710 ns (Homa on Linux)", ["50 ns", "200 ns"])),
  build: duration("400 ns", "packet buffer, UDP and IP headers, route", estimated("420 to 870 ns measured for transport and copy (Homa on Linux)", ["250 ns", "870 ns"])),
  "qdisc.mode": choice(["fifo", "bypass"], "fifo", "whether a packet goes through the queueing discipline", chosen("the default; packet sockets and some disciplines allow a bypass")),
  "qdisc.time": duration("150 ns", "enqueue and dequeue", estimated("a third of the 420 to 550 ns measured for IP, queue and driver (Homa on Linux)", ["80 ns", "250 ns"])),
  mtu: bytes("1500 B", "largest IP packet of the link; a datagram that is longer goes in fragments", standard("ieee-802-3")),
  "fragments.by": choice(["kernel", "adapter"], "kernel", "who cuts a long datagram: the kernel, a packet buffer and a trip through the driver for each fragment; or the adapter, which is handed all of it", chosen("few adapters cut datagrams")),
  "fragments.build": duration("200 ns", "kernel's work on each fragment: packet buffer and IP header", estimated("half of what building a datagram takes, without route and socket", ["100 ns", "450 ns"])),
  "fragments.join": duration("250 ns", "each fragment received: queue of its datagram looked up, put in its place", estimated("a hash look-up, a lock and a timer", ["120 ns", "600 ns"])),
  xmit: duration("250 ns", "driver's work on a packet to send: map, descriptor, doorbell store", estimated("a third to a half of the 420 to 550 ns measured for IP, queue and driver (Homa on Linux)", ["150 ns", "350 ns"])),
  clean: duration("150 ns", "driver's work on a sent packet's completion, off the path", estimated("buffer release measured at 130 to 220 ns (Homa on Linux)", ["80 ns", "250 ns"])),
  busy_poll: duration("0 ns", "how long a thread spins on the device before it sleeps; zero: it sleeps at once", published("linux-sysctl-net")),
  busy_poll_loop: duration("200 ns", "one turn of the busy-polling loop", estimated("an empty poll of the driver with its locks", ["100 ns", "400 ns"])),
} as const;

type Context = {
  readonly params: Values<typeof PARAMS>;
  readonly parts: ReturnType<typeof makeParts>;
  readonly needs: { readonly cpu: InstanceRef<"cpu">; readonly memory: InstanceRef<"memory">; readonly interrupts: InstanceRef<"interrupts"> };
  readonly message: MessageShape;
  readonly passed: Readonly<Record<string, unknown>>;
  readonly state: Map<string, unknown>;
};

function makeParts({ params }: { readonly params: Values<typeof PARAMS> }) {
  return {
    socket: pool({ capacity: params["socket.buffer"].of(0), whenFull: "drop" }),
    buffers: pool({ capacity: Math.max(1, params.buffers.of(0)), whenFull: "drop" }),
    backlog: pool({ capacity: params.backlog.of(0), whenFull: "drop" }),
    steering: batch({ law: "none", time: amountOf(0), count: Number.MAX_SAFE_INTEGER }),
  };
}

/** The kernel's way up and down for datagrams: interrupt, deferred work, protocol layers, socket, wake-up; and a send call. */
export default defineModel({
  name: "os/linux",
  title: "Linux network stack",
  about:
    "Receive: an interrupt raises deferred work that polls the device (NAPI), each packet climbs driver, GRO, IP and UDP to a socket, and the thread that waits there is woken. " +
    "While the poll works no interrupt comes, so under load one interrupt serves many packets. With busy polling a thread spins on the device before it sleeps and runs the stack itself. " +
    "With steering the protocol work is done on another core, which costs an interrupt between processors. Interrupts may be deferred in favour of looks by a timer. " +
    "Send: one system call copies the payload, builds the datagram and hands it to the driver, in fragments if a frame does not hold it; the receiver puts them together before UDP sees them.",
  provides: "stack",
  needs: { cpu: "cpu", memory: "memory", interrupts: "interrupts" },
  params: PARAMS,
  parts: makeParts,
  operations: (operation) => ({
    irq: operation({
      meaning: "the device's interrupt and the deferred work that it raises; a thread that is busy polling is not interrupted",
      steps: ({ params, needs, message }) => {
        const { cpu } = needs;
        // An adapter with several queues has an interrupt for each, and asks whose carrier it is; others have one carrier.
        const carrierOf = (queue: number): Carrier => pollOf({ params, needs }, irqOf(params, queue));
        const interrupted = use(needs.interrupts, "collect", { carrier: carrierOf(0), carrierOf, label: "interrupt moderation" });
        // Only sockets are polled this way: a completion event of a remote write has nobody who spins for it.
        if (params.busy_poll.of(0) === 0 || message.location === "pinned") return [interrupted];
        const spun = use(cpu, "enter", { thread: params.reader, how: "poll", amount: params.busy_poll_loop, label: "busy polling" });
        return [use(cpu, "if-spinning", { thread: params.reader, window: params.busy_poll, yes: [spun, use(needs.interrupts, "replenish")], no: [interrupted] })];
      },
    }),
    "udp.rx": operation({
      from: ["kmem"],
      meaning: "driver, GRO, IP and UDP, up to the socket's queue",
      steps: datagramReceived,
    }),
    xdp: operation({
      from: ["kmem"],
      meaning: "a program in the driver decides and sends the frame back out; no packet buffer, no protocol",
      steps: ({ params }) => [work(params["xdp.driver"], "softirq", "driver receive"), work(params["xdp.run"], "softirq", "XDP program"), leaveCore()],
    }),
    wake: operation({
      meaning: "the thread that waits is woken, and its call returns",
      args: { thread: text("app", "thread that waits", chosen("the application's own")) },
      main: "thread",
      steps: (context) => returned(context, context.args.thread),
    }),
    "udp.tx": operation({
      from: ["umem", "pinned"],
      meaning: "a send call: copy, datagram, queueing discipline, driver",
      steps: (context) => [
        use(context.needs.cpu, "syscall"),
        work(context.params.send, "sys", "send call"),
        use(context.needs.cpu, "copy", { to: "kernel" }),
        work(context.params.build, "sys", "build datagram"),
        ...sentInFrames(context),
      ],
    }),
    receive: operation({
      meaning: "what every protocol needs on the way up: driver, XDP, packet buffer, GRO, steering, IP, packet filter; then the protocol's own steps",
      steps: (context) => climb(context, context.passed as unknown as Protocol),
    }),
    send: operation({
      meaning: "what every protocol needs on the way down: packet filter, queueing discipline, driver; then the clean-up off the path",
      steps: (context) => descend(context, context.passed as unknown as Descent),
    }),
    free: operation({ meaning: "a packet buffer is free again, and a reader on the core of the protocol work has been switched to", steps: (context) => [...(context.passed["ofPiece"] === true ? [] : switched(context.params)), ...freed(context)] }),
  }),
});

/** What a transport adds to the way up. */
interface Protocol {
  readonly transport: readonly Step[];
  /** Whether frames of one turn of the poll become one packet, of which only the first climbs further. */
  readonly merges: boolean;
}

/** How a datagram is cut: the UDP header is part of what is cut, and all but the last fragment are multiples of eight bytes. */
function fragments({ params, message }: Pick<Context, "params" | "message">): Fragments {
  const byAdapter = params["fragments.by"] === "adapter";
  const content = message.payload.plus(UDP);
  const piece = params.mtu.map((size) => Math.floor((size - IP) / 8) * 8);
  const build = new Amount((size) => (content.of(size) > piece.of(size) ? params["fragments.build"].of(size) : 0), params["fragments.build"].origins);
  return { content, piece, headers: Math.max(0, message.headers - PREAMBLE - UDP), build: byAdapter ? ZERO : build, group: byAdapter ? content.dividedUp(piece) : ONE, byAdapter };
}

/** From the datagram to the driver, whole or in fragments. */
function sentInFrames(context: Context): readonly Step[] {
  const cut = fragments(context);
  const first = context.message.exceeds(cut.content, cut.piece) ? [work(cut.build, "sys", "cut into fragments")] : [];
  return [...first, ...descend(context, { groups: ONE, cleaned: [], cut })];
}

function datagramReceived(context: Context): readonly Step[] {
  const { params, parts, state, message } = context;
  const { pieces } = message;
  bounded(context);
  const charged = pieces === null ? params["socket.overhead"].plus(message.stored) : times(params["socket.overhead"], pieces.count).plus(pieces.stored);
  state.set(QUEUED, charged);
  return [...climb(context, { merges: false, transport: [...reassembled(context), work(params.udp, "softirq", "UDP and socket queue")] }), claim(parts.socket, charged, "socket buffer", freed(context))];
}

/** The fragments of a datagram meet: the one that comes last carries it on. */
function reassembled(context: Context): readonly Step[] {
  const { params, needs, message } = context;
  if (message.pieces === null) return [];
  const thread = coreOf(params) ?? irqOf(params, 0);
  return [
    choose({ kind: "piece" }, [work(params["fragments.join"], "softirq", "reassembly")]),
    meet({
      label: "rest of the datagram",
      ahead: freed(context),
      back: [use(needs.cpu, "enter", { thread, label: "core of the protocol work" })],
      torn: [leaveCore(), ...freed(context), drop("datagram incomplete: a fragment was lost")],
    }),
  ];
}

/** The call of a thread that waits comes back; what the packet held is given back. */
function returned(context: Context, thread: string): readonly Step[] {
  const { params, parts, needs, state } = context;
  const charged = state.get(QUEUED) as Amount | undefined;
  state.delete(QUEUED);
  return [
    use(needs.cpu, "resume", { thread }),
    ...switched(params),
    use(needs.cpu, "syscall"),
    work(params.receive, "sys", "receive call"),
    ...(charged === undefined ? [] : [release(parts.socket, charged), ...freed(context)]),
  ];
}

/** Whether packet buffers are counted; then whoever frees one knows. */
function bounded({ params, state }: Pick<Context, "params" | "state">): boolean {
  const counted = params.buffers.of(0) > 0;
  state.set(BUFFERED, counted);
  return counted;
}

/** From the driver to the transport. */
function climb(context: Pick<Context, "params" | "parts" | "needs" | "state">, { transport, merges }: Protocol): readonly Step[] {
  const { params, parts, needs, state } = context;
  const on = [work(params.ip, "softirq", "IP receive"), ...filter(params.netfilter, "softirq"), ...transport];
  const further = [...steered(context), ...on];
  return [
    ...inspected(params),
    ...(bounded({ params, state }) ? [claimOnCore(parts.buffers, ONE, "packet buffer")] : []),
    work(params.driver, "softirq", "driver receive"),
    use(needs.memory, "unmap", { category: "softirq" }),
    work(params.gro, "softirq", "GRO"),
    ...(merges ? [choose({ kind: "behind" }, [], further)] : further),
  ];
}

/** A program that looks at the frame before there is a packet buffer. */
function inspected(params: Context["params"]): readonly Step[] {
  const mode = params["xdp.mode"];
  if (mode === "none") return [];
  const run = work(params["xdp.run"], "softirq", "XDP program");
  return mode === "pass" ? [run] : [run, choose({ kind: "chance", probability: toNumber(params["xdp.share"]), name: "XDP verdict" }, [drop("dropped by the XDP program")])];
}

/** Thread on whose core the protocol work is done, if that is not the interrupt's. */
function coreOf(params: Context["params"]): string | null {
  const mode = params["steering.mode"];
  if (mode === "none") return null;
  return mode === "rfs" ? params.reader : params["steering.thread"];
}

/** The packet waits in another core's backlog; one inter-processor interrupt serves all that wait. */
function steered({ params, parts, needs, state }: Pick<Context, "params" | "parts" | "needs" | "state">): readonly Step[] {
  const thread = coreOf(params);
  if (thread === null) return [];
  const before = [
    use(needs.cpu, "enter", { thread, how: "sleep", label: "core that packets are steered to" }),
    count("ipis"),
    work(params["steering.interrupt"], "hardirq", "inter-processor interrupt", "irq"),
    work(params["steering.softirq"], "softirq", "softirq of the other core", "irq"),
  ];
  return [leaveCore(), claim(parts.backlog, ONE, "backlog", freed({ parts, state })), gather(parts.steering, "steering", { ...turnsOf(params), before, after: [] }), release(parts.backlog, ONE)];
}

/** A reader on the core of the protocol work is not woken from afar, but it must be switched to. */
function switched(params: Context["params"]): readonly Step[] {
  return params["steering.mode"] === "rfs" ? [count("switches"), work(params["steering.switch"], "wake", "switch to the reader", "wake")] : [];
}

function freed({ parts, state }: Pick<Context, "parts" | "state">): readonly Step[] {
  return state.get(BUFFERED) === true ? [release(parts.buffers, ONE)] : [];
}

/** How what goes down is cut, besides what the way down costs each piece. */
type Fragments = Omit<Cut, "work" | "category" | "label"> & { readonly build: Amount };

/** What goes down: packet buffers that each pay the way, what is due once the device has sent them, and how a message is cut that a frame does not hold. */
interface Descent {
  readonly groups: Amount;
  readonly cleaned: readonly Step[];
  readonly cut: Fragments;
}

/** From the transport to the doorbell, and the clean-up that follows off the path. */
function descend({ params, needs, message }: Pick<Context, "params" | "needs" | "message">, { groups, cleaned, cut }: Descent): readonly Step[] {
  const queueing = params["qdisc.mode"] === "bypass" ? [] : [{ time: params["qdisc.time"], label: "queueing discipline" }];
  const way = [...queueing, { time: params.xmit, label: "driver send" }];
  const cleanUp = (buffers: Amount): Step =>
    spawn(use(needs.cpu, "enter", { thread: params.irq, label: "clean-up" }), work(times(params.clean, buffers), "softirq", "clean-up of what was sent"), use(needs.memory, "unmap", { category: "softirq", sent: true }), ...cleaned);
  if (!message.exceeds(cut.content, cut.piece)) {
    return [...filter(times(params.netfilter, groups), "sys"), ...way.map(({ time, label }) => work(times(time, groups), "sys", label)), leaveCore(), cleanUp(groups)];
  }
  // One after the other goes through queue and driver, and is on its way while the next one does.
  const each = way.reduce((sum, { time }) => sum.plus(time), cut.build);
  const first = way.map(({ time, label }) => work(time, "sys", label));
  return [...filter(params.netfilter, "sys"), ...first, cleanUp(cut.content.dividedUp(cut.piece).dividedUp(cut.group)), divide({ ...cut, work: each, category: "sys", label: "the same for what follows" }), leaveCore()];
}

/** A time for each of several; one is the usual number. */
function times(one: Amount, many: Amount): Amount {
  return many === ONE ? one : new Amount((payload) => one.of(payload) * many.of(payload), [...one.origins, ...many.origins]);
}

/** How much the deferred work does before it lets others have the core. */
function turnsOf(params: Context["params"]): Omit<Carrier, "before" | "after"> {
  return {
    weight: params.weight.of(0),
    budget: params.budget.of(0),
    budgetTime: params["budget-time"],
    runs: { most: params.restarts.of(0), time: params["restart-time"] },
    handOver: params["hand-over"],
  };
}

/** The deferred work that an interrupt raises: it polls in turns until the device has no more, then allows the next interrupt, or comes back by a timer first. */
/** Thread on whose core a queue's interrupt runs: they take turns where there are more queues than threads. */
function irqOf(params: Context["params"], queue: number): string {
  const { irqs } = params;
  return irqs[queue % irqs.length] ?? params.irq;
}

function pollOf({ params, needs }: Pick<Context, "params" | "needs">, thread: string): Carrier {
  const polls = params["defer.polls"].of(0);
  const time = params["defer.time"];
  const back = [use(needs.cpu, "enter", { thread, how: "sleep", label: "core of the timer" }), work(params["defer.timer"], "softirq", "timer of deferred interrupts", "irq")];
  const deferral = polls > 0 && time.of(0) > 0 ? { deferral: { polls, time, back } } : {};
  return { ...turnsOf(params), ...deferral, before: [use(needs.cpu, "interrupt", { thread })], after: [work(params.complete, "softirq", "complete and re-arm")] };
}

function filter(time: Amount, category: "softirq" | "sys"): readonly Step[] {
  return time.of(0) === 0 ? [] : [work(time, category, "packet filter")];
}
