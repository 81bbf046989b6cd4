import {
  type Amount, amountOf, bytes, choice, choose, chosen, claim, count, defineModel, divide, drop, duration, entrust, estimated, type InstanceRef, leaveCore, meet, type MessageShape, oncePerMessage,
  type PartOf, pool, release, remap, spawn, spawnWhole, standard, type Step, tap, text, use, type Values, work,
} from "../../modeling/index.js";

const ONE = amountOf(1);
const PREAMBLE = 8;
/** Preamble and Ethernet header, which the largest packet of a link does not count. */
const BEFORE_PACKET = PREAMBLE + 14;
const own = chosen("the application's own");

const PARAMS = {
  how: choice(["blocking", "copy", "interrupt", "copy-on-write"], "blocking", "when the call returns: once the message has left, once the kernel has a copy, at once and an interrupt tells when it has left, or at once with the pages protected", own),
  until: choice(["left", "acknowledged"], "left", "blocking: what the caller waits for, the message's leaving or the other side's acknowledgement", own),
  caller: text("app", "thread that sends", own),
  kernel: text("kernel", "thread on whose core the kernel sends what the caller does not wait for", own),
  irq: text("irq", "thread on whose core the adapter's completion interrupts", chosen("interrupt affinity")),
  reuse: duration("0 ns", "how long after the call's return the caller writes to the buffer again; zero: it does not before the next call", own),
  call: duration("85 ns", "send call besides entry and exit: arguments, destination", estimated("split of measured send totals of 975 to 1710 ns (Homa on Linux)", ["50 ns", "200 ns"])),
  build: duration("800 ns", "headers, route, queue and driver, for each packet", estimated("the parts of a datagram's way down a kernel", ["500 ns", "1.4 us"])),
  mtu: bytes("1500 B", "largest packet of the link, headers included; a longer message goes in several", standard("ieee-802-3")),
  pin: duration("100 ns", "holding one page in place while the adapter reads it", estimated("page-table walk and reference", ["50 ns", "250 ns"])),
  protect: duration("1 us", "write-protecting the first page: page table, and the other cores' translations", estimated("one round of inter-processor interrupts", ["500 ns", "3 us"])),
  "protect-page": duration("60 ns", "each further page of the same call", estimated("a page-table entry", ["20 ns", "150 ns"])),
  unprotect: duration("800 ns", "making the pages writable again once the message has left", estimated("page table and a round of invalidations, fewer cores asked", ["300 ns", "2 us"])),
  fault: duration("1 us", "page fault of a caller that touches protected pages", estimated("exception, look-up, new page, return", ["500 ns", "3 us"])),
  page: bytes("4 KiB", "size of a page", chosen("the processor's smallest")),
  clean: duration("150 ns", "kernel's work on a completion", estimated("buffer release measured at 130 to 220 ns (Homa on Linux)", ["80 ns", "250 ns"])),
} as const;

interface Sending {
  readonly params: Values<typeof PARAMS>;
  readonly parts: { readonly call: PartOf<"pool"> };
  readonly needs: { readonly cpu: InstanceRef<"cpu">; readonly bus: InstanceRef<"bus"> };
  readonly message: MessageShape;
}

/** The four ways in which a kernel's send call can return: what the caller waits for, and what it must not do meanwhile. */
export default defineModel({
  name: "msg/send",
  title: "Send call: blocking, with a copy, with an interrupt, or copy-on-write",
  about:
    "A blocking call returns when the message has left, or has been acknowledged: nothing is copied, and the caller sleeps. One that copies returns when the kernel has the data. One that does not returns at once; " +
    "until an interrupt says that the message has left, a caller that writes to the buffer sends what it has just written. Copy-on-write protects the pages instead, and copies only if the caller touches them. A message that a packet does not hold goes in several.",
  needs: { cpu: "cpu", bus: "bus" },
  params: PARAMS,
  parts: () => ({ call: pool({ capacity: 1, whenFull: "block" }) }),
  operations: (operation) => ({
    send: operation({
      from: ["umem", "pinned"],
      meaning: "the call, up to the adapter; passes the tap <host>.returned unless the caller waits",
      steps: (context) => called(context),
    }),
    sent: operation({
      meaning: "the adapter has taken the message: what becomes of the buffer and of a caller that waits, which passes the tap <host>.returned now",
      steps: (context) => completed(context),
    }),
    acknowledged: operation({
      meaning: "the other side's acknowledgement has come: the caller that waits for it returns and passes the tap <host>.returned",
      steps: (context) => {
        const { params, refuse } = context;
        if (params.how !== "blocking" || params.until !== "acknowledged") refuse("acknowledgement-unwanted", "the call does not wait for an acknowledgement", "set how: blocking and until: acknowledged");
        return [...gathered(), ...oncePerMessage(context.message, woken(context))];
      },
    }),
  }),
});

function called(sending: Sending): readonly Step[] {
  const { params, parts, needs, message } = sending;
  const entry = [
    claim(parts.call, ONE, "last call of the caller"),
    use(needs.cpu, "enter", { thread: params.caller, label: params.caller }),
    use(needs.cpu, "syscall"),
    work(params.call, "sys", "send call"),
  ];
  const pages = message.payload.dividedUp(params.page).atLeast(1);
  const pinned = work(times(params.pin, pages), "sys", "pin pages");
  const down = [...packets(sending), leaveCore()];
  if (params.how === "blocking") return [...entry, pinned, ...down];
  const ready = {
    copy: [use(needs.cpu, "copy", { to: "kernel" })],
    interrupt: [pinned],
    "copy-on-write": [work(params.protect.plus(times(params["protect-page"], pages.minus(1))), "sys", "protect pages")],
  }[params.how];
  return [...entry, ...ready, tap(returned(sending)), release(parts.call, ONE), leaveCore(), use(needs.cpu, "enter", { thread: params.kernel, label: "kernel's core" }), ...down];
}

/** Packets are built one after the other, and each is on its way while the next one is built. */
function packets({ params, message }: Sending): readonly Step[] {
  const piece = params.mtu.minus(message.headers - BEFORE_PACKET);
  const label = "headers and driver";
  if (!message.exceeds(message.payload, piece)) return [work(params.build, "sys", label)];
  return [divide({ content: message.payload, piece, headers: message.headers - PREAMBLE, work: params.build, group: ONE, category: "sys", label, byAdapter: false })];
}

function completed(sending: Sending): readonly Step[] {
  return oncePerMessage(sending.message, taken(sending));
}

/** The adapter has taken all of it. */
function taken(sending: Sending): readonly Step[] {
  const { params, parts, needs } = sending;
  const interrupt = [use(needs.bus, "interrupt", { label: "completion interrupt" }), use(needs.cpu, "interrupt", { thread: params.irq }), work(params.clean, "softirq", "completion")];
  const quiet = spawn(use(needs.cpu, "enter", { thread: params.irq, label: "clean-up" }), work(params.clean, "softirq", "completion"));
  switch (params.how) {
    case "blocking":
      return params.until === "left" ? [entrust([parts.call], ...interrupt, ...woken(sending))] : [quiet];
    case "copy":
      return [quiet];
    case "interrupt":
      return [spawnWhole(...interrupt, ...reused(sending, [count("torn-sends")]))];
    default:
      return [spawnWhole(...interrupt, work(params.unprotect, "softirq", "unprotect pages"), ...reused(sending, touched(sending)))];
  }
}

/** An acknowledgement that is as long as the message comes in as many packets. */
function gathered(): readonly Step[] {
  return [meet({ label: "rest of the acknowledgement", ahead: [], back: [], torn: [drop("a packet was lost")] })];
}

/** The caller that waits is woken, and its call returns. */
function woken(sending: Sending): readonly Step[] {
  const { params, parts, needs } = sending;
  return [use(needs.cpu, "resume", { thread: params.caller }), tap(returned(sending)), release(parts.call, ONE)];
}

/** Steps for a caller that has written to the buffer before it was told that it may. */
function reused(sending: Sending, steps: readonly Step[]): readonly Step[] {
  const { params } = sending;
  return params.reuse.of(0) === 0 ? [] : [choose({ kind: "since", tap: returned(sending), within: params.reuse }, steps)];
}

/** The page fault and the copy after all, on the caller's core; booked when the message has left. The caller's own pages still hold what is on its way. */
function touched({ params, needs }: Sending): readonly Step[] {
  return [remap("wire", "umem"), use(needs.cpu, "enter", { thread: params.caller, label: params.caller }), count("page-faults"), work(params.fault, "sys", "page fault"), use(needs.cpu, "copy", { to: "kernel" }), remap("kmem", "wire")];
}

const returned = ({ needs }: Sending): string => `${needs.cpu.instance.slice(0, needs.cpu.instance.lastIndexOf("."))}.returned`;

/** One amount for each of so many. */
const times = (each: Amount, many: Amount): Amount => many.map((size) => size * each.of(0)).plus(amountOf(0, each.origins));
