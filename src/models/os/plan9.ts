import {
  type Amount, amountOf, bytes, type Carrier, choice, choose, chosen, claim, count, defineModel, drop, duration, estimated, leaveCore, type InstanceRef, type MessageShape, type PartOf, pool,
  reframe, release, spawn, type Step, text, use, type Values, work,
} from "../../modeling/index.js";

/** What the reader gives back of the conversation's queue, remembered along one path. */
const QUEUED = "queued";
/** An IL message on Ethernet: preamble, Ethernet, IP and IL headers, check sequence; and the shortest frame. */
const IL = { preamble: 8, headers: 14 + 20 + 18, frameCheck: 4, least: 64 } as const;

const PARAMS = {
  state: choice(["running", "crashed"], "running", "whether the kernel still runs; when it has crashed devices go on writing to memory, and nobody takes what they write", chosen("it runs")),
  irq: text("irq", "thread on whose core the device interrupts", chosen("interrupts go to one processor")),
  "kproc.switch": duration("1.2 us", "waking the kernel process that puts blocks up the stream, on the processor of the interrupt", estimated("one direct context switch", ["800 ns", "40 us"])),
  driver: duration("600 ns", "work of the kernel process on a received block: take it off the ring, find the conversation's stream", estimated("a block allocation, a look-up and a queue; no merging, no prefetching", ["300 ns", "1.5 us"])),
  ip: duration("400 ns", "IP receive: checks, route, header stripped", estimated("plain C without fast paths, about twice what a tuned stack needs", ["200 ns", "1 us"])),
  "il.receive": duration("600 ns", "IL receive: checksum of a small message, sequence, queue to the conversation", estimated("IL is 847 lines against 2200 of TCP and does without flow control", ["300 ns", "1.2 us"])),
  "tcp.receive": duration("1.2 us", "TCP receive: checksum, state, timers, queue to the conversation", estimated("twice the work of IL", ["600 ns", "2.5 us"])),
  receive: duration("400 ns", "read call besides entry, exit and copy: channel, queue lock, block list", estimated("the channel layer and one queue", ["200 ns", "1 us"])),
  send: duration("400 ns", "write call besides entry, exit and copy: channel, stream, block allocation", estimated("the channel layer and one block", ["200 ns", "1 us"])),
  "il.build": duration("800 ns", "IL and IP headers in front of the blocks, acknowledgement state", estimated("headers are put in place, without another copy", ["400 ns", "1.6 us"])),
  "tcp.build": duration("1.5 us", "TCP and IP headers, window, retransmission timer", estimated("twice the work of IL", ["800 ns", "3 us"])),
  xmit: duration("500 ns", "driver's output routine, which runs in the writer without a switch", estimated("most data are output without a context switch, says the paper on its networks", ["200 ns", "1 us"])),
  clean: duration("400 ns", "freeing the blocks of a sent message, off the path", estimated("a block list", ["200 ns", "1 us"])),
  "queue.bytes": bytes("64 KiB", "bytes that one conversation may hold unread; beyond it messages are dropped", estimated("queue limits of conversations", ["32 KiB", "256 KiB"])),
  "queue.overhead": bytes("256 B", "charged for a block beside its data", estimated("a block header and what is left of the allocation", ["64 B", "512 B"])),
} as const;

type Plan9 = { readonly params: Values<typeof PARAMS>; readonly parts: { readonly queue: PartOf<"pool"> }; readonly message: MessageShape; readonly state: Map<string, unknown> };

/** The kernel of Plan 9: streams of blocks, a kernel process behind each device, calls that write and read files. */
export default defineModel({
  name: "os/plan9",
  title: "Plan 9 network stack",
  about:
    "An interrupt may not allocate, so it wakes a kernel process, which puts the blocks up the stream: device, IP, IL or TCP, the conversation's queue; then the reader is woken. " +
    "That is two switches for each message received. Most data go out without one: the writer's own call runs down to the device. One copy by the processor on each side.",
  needs: { cpu: "cpu", interrupts: "interrupts" },
  params: PARAMS,
  parts: ({ params }) => ({ queue: pool({ capacity: params["queue.bytes"].of(0), whenFull: "drop" }) }),
  operations: (operation) => ({
    irq: operation({
      meaning: "the device interrupts, and a kernel process is woken that takes all blocks there are",
      steps: (context) => interrupted(context),
    }),
    "il.rx": operation({
      from: ["kmem"],
      meaning: "up the stream with IL: device, IP, IL, up to the conversation's queue",
      steps: (context) => up(context, work(context.params["il.receive"], "softirq", "IL receive")),
    }),
    "tcp.rx": operation({
      from: ["kmem"],
      meaning: "up the stream with TCP: device, IP, TCP, up to the conversation's queue",
      steps: (context) => up(context, work(context.params["tcp.receive"], "softirq", "TCP receive")),
    }),
    wake: operation({
      meaning: "the process that reads is woken, and its call returns",
      args: { thread: text("app", "thread that waits", chosen("the application's own")) },
      main: "thread",
      steps: (context) => woken(context, String(context.passed["thread"] ?? context.args.thread)),
    }),
    "il.tx": operation({
      from: ["umem", "pinned"],
      meaning: "a write call: copy, IL and IP headers, driver; the frame carries 18 bytes of IL header",
      steps: ({ params, needs, message }) => [...down({ params, needs }, work(params["il.build"], "sys", "IL and IP headers")), reframe(ilFrame(message.payload))],
    }),
    "tcp.tx": operation({
      from: ["umem", "pinned"],
      meaning: "a write call: copy, TCP and IP headers, driver",
      steps: ({ params, needs }) => down({ params, needs }, work(params["tcp.build"], "sys", "TCP and IP headers")),
    }),
    "stream.write": operation({
      from: ["umem", "pinned"],
      meaning: "a write call puts a message on a TCP stream, to be sent in segments: the copy",
      steps: (context) => [...written(context), leaveCore()],
    }),
    "stream.segment": operation({
      from: ["kmem"],
      meaning: "the writer sends one segment of the stream: TCP and IP headers, driver",
      steps: ({ params, needs, passed }) => [use(needs.cpu, "enter", { thread: passed["thread"], label: "the writer's core" }), ...out({ params, needs }, work(params["tcp.build"], "sys", "TCP and IP headers"))],
    }),
    "stream.arrive": operation({
      from: ["kmem"],
      meaning: "one segment goes up to the stream's queue, whose window is larger than what is asked for at once",
      steps: ({ params }) => stream(params, work(params["tcp.receive"], "softirq", "TCP receive")),
    }),
  }),
});

type Kernel = Plan9 & { readonly needs: { readonly cpu: InstanceRef<"cpu">; readonly interrupts: InstanceRef<"interrupts"> } };

function interrupted({ params, needs, message }: Kernel): readonly Step[] {
  const interrupt = use(needs.cpu, "interrupt", { thread: params.irq });
  // A completion of a remote access goes to whoever waits for it: no block goes up a stream.
  const process = [count("switches"), work(params["kproc.switch"], "wake", "kernel process", "wake")];
  const before = message.location === "pinned" ? [interrupt] : [interrupt, ...process];
  const taken = [use(needs.interrupts, "collect", { carrier: served(before), label: "interrupt moderation" })];
  if (params.state === "running") return taken;
  return [choose({ kind: "size", test: () => false }, taken, [use(needs.interrupts, "replenish"), drop("kernel has crashed")])];
}

function woken({ params, parts, needs, state }: Kernel, thread: string): readonly Step[] {
  const charged = state.get(QUEUED) as Amount | undefined;
  state.delete(QUEUED);
  return [
    use(needs.cpu, "resume", { thread }),
    use(needs.cpu, "syscall"),
    work(params.receive, "sys", "read call"),
    ...(charged === undefined ? [] : [release(parts.queue, charged)]),
  ];
}

/** The kernel process takes every block there is before it sleeps again: no budget, no turns. */
function served(before: readonly Step[]): Carrier {
  return { before, weight: Number.MAX_SAFE_INTEGER, budget: Number.MAX_SAFE_INTEGER, budgetTime: amountOf(Number.MAX_SAFE_INTEGER), handOver: amountOf(0), after: [] };
}

function up({ params, parts, message, state }: Plan9, transport: Step): readonly Step[] {
  const charged = params["queue.overhead"].plus(message.payload);
  state.set(QUEUED, charged);
  return [...stream(params, transport), claim(parts.queue, charged, "conversation's queue")];
}

/** Up a stream of blocks, to the conversation. */
function stream(params: Plan9["params"], transport: Step): readonly Step[] {
  return [work(params.driver, "softirq", "block from the device"), work(params.ip, "softirq", "IP receive"), transport];
}

type Down = Pick<Plan9, "params"> & { readonly needs: { readonly cpu: InstanceRef<"cpu"> } };

/** A write call, down to the device. */
function down(kernel: Down, headers: Step): readonly Step[] {
  return [...written(kernel), ...out(kernel, headers)];
}

function written({ params, needs }: Down): readonly Step[] {
  return [use(needs.cpu, "syscall"), work(params.send, "sys", "write call"), use(needs.cpu, "copy", { to: "kernel" })];
}

function out({ params, needs }: Down, headers: Step): readonly Step[] {
  return [headers, work(params.xmit, "sys", "driver send"), leaveCore(), freed(params, needs.cpu)];
}

function freed(params: Plan9["params"], cpu: InstanceRef<"cpu">): Step {
  return spawn(use(cpu, "enter", { thread: params.irq, label: "clean-up" }), work(params.clean, "softirq", "blocks freed"));
}

function ilFrame(payload: Amount): Amount {
  return payload.map((size) => Math.max(IL.least, IL.headers + size + IL.frameCheck) + IL.preamble);
}
