import {
  amountOf, type Carrier, choice, chosen, claim, defineModel, duration, entrust, estimated, type InstanceRef, leaveCore, type MessageShape, number, type PartOf, pool, published, release,
  type Step, text, use, type Values, work, ZERO,
} from "../../modeling/index.js";

const LINE = amountOf(64);
const ONE = amountOf(1);
const documented = published("linux-af-xdp");

const PARAMS = {
  app: text("app", "thread that owns the socket", chosen("one thread, one queue")),
  irq: text("irq", "thread on whose core interrupts and deferred work run", chosen("interrupt affinity")),
  data: choice(["zero-copy", "copy"], "zero-copy", "whether the device works in the socket's memory, or the kernel copies from and to its own", documented),
  drive: choice(["spin", "interrupt", "busy-poll"], "spin", "how packets are noticed: the thread spins on its ring, sleeps in poll(), or runs the kernel's poll of the device itself", documented),
  "send-call": choice(["needed", "always"], "needed", "whether sending takes a system call only when the driver has asked for one, or always", documented),
  frames: number(4096, "frames of the socket's memory; with none left what comes in is dropped", chosen("one page each, 16 MiB")),
  "ring.rx": number(2048, "entries of the receive ring; what finds it full is dropped", chosen("the library's default")),
  "ring.tx": number(2048, "entries of the transmit ring; with none left the sender waits", chosen("the library's default"), 1),
  weight: number(64, "packets of one turn of the poll", published("linux-sysctl-net"), 1),
  budget: number(300, "packets of one run of the deferred work", published("linux-net-hotdata"), 1),
  "budget-time": duration("2 ms", "longest run of the deferred work", published("linux-net-hotdata")),
  "hand-over": duration("1.5 us", "from a spent budget to the kernel thread that goes on", estimated("a wake-up and a switch of an otherwise idle core", ["1 us", "50 us"])),
  complete: duration("150 ns", "leaving the poll and allowing the interrupt again", estimated("traces of 10G drivers", ["80 ns", "300 ns"])),
  driver: duration("50 ns", "driver's work on a frame: descriptor, next frame from the fill ring; no packet buffer", estimated("14 million frames a second on 65 percent of a core leave 46 ns for driver and program together", ["20 ns", "100 ns"])),
  program: duration("100 ns", "the XDP program, the look-up of the socket and the entry in its ring, with what they miss when idle", estimated("13 ns of call and return, a map and a ring; under load a third of it", ["30 ns", "200 ns"])),
  line: duration("100 ns", "the ring's line comes from the core that wrote it", estimated("a modified line of another core on the same socket", ["50 ns", "150 ns"])),
  loop: duration("40 ns", "spinning: one look at the receive ring", estimated("a load that hits and the application's own loop", ["10 ns", "80 ns"])),
  "poll-loop": duration("400 ns", "busy polling: one call that finds nothing", estimated("a system call and an empty poll of the driver", ["250 ns", "800 ns"])),
  rx: duration("20 ns", "the application takes an entry of the receive ring", estimated("a dozen loads and stores", ["10 ns", "40 ns"])),
  tx: duration("30 ns", "the application writes an entry of the transmit ring", estimated("a dozen loads and stores", ["10 ns", "60 ns"])),
  send: duration("150 ns", "driver's work on a frame to send, with the doorbell's store", estimated("descriptor and doorbell without packet buffer", ["80 ns", "300 ns"])),
  call: duration("250 ns", "send call besides entry and exit: find the socket, start the driver", estimated("calls of 0.5 to 2 us are reported", ["150 ns", "1.5 us"])),
  build: duration("250 ns", "copy mode: packet buffer for a frame to send", estimated("110 to 198 ns for the buffer, and the generic send path", ["150 ns", "500 ns"])),
  reap: duration("20 ns", "the application takes a frame back: from the completion ring, or to the fill ring", estimated("a dozen loads and stores", ["10 ns", "40 ns"])),
} as const;

interface Socket {
  readonly params: Values<typeof PARAMS>;
  readonly parts: ReturnType<typeof makeParts>;
  readonly needs: { readonly cpu: InstanceRef<"cpu">; readonly memory: InstanceRef<"memory">; readonly interrupts: InstanceRef<"interrupts"> };
  readonly message: MessageShape;
}

function makeParts({ params }: { readonly params: Values<typeof PARAMS> }): Readonly<Record<"frames" | "received" | "sending", PartOf<"pool">>> {
  return {
    frames: pool({ capacity: params.frames.of(0), whenFull: "drop" }),
    received: pool({ capacity: params["ring.rx"].of(0), whenFull: "drop" }),
    sending: pool({ capacity: params["ring.tx"].of(0), whenFull: "block" }),
  };
}

/** Packets between a driver and user memory, past the kernel's stack but not past the kernel. */
export default defineModel({
  name: "os/af_xdp",
  title: "AF_XDP socket",
  about:
    "A program in the driver hands frames to a socket whose memory the application shares: four rings pass frames to fill, received frames, frames to send and sent frames. " +
    "With zero copy the device works in that memory; otherwise the kernel copies. The thread spins on its ring while another core does the kernel's part, sleeps until it is woken, or does that part itself " +
    "by calling in again and again. Sending takes a system call, unless the driver is at work anyway.",
  needs: { cpu: "cpu", memory: "memory", interrupts: "interrupts" },
  params: PARAMS,
  parts: makeParts,
  operations: (operation) => ({
    "xsk.rx": operation({
      from: ["umem", "kmem"],
      meaning: "driver, program and receive ring, up to the application",
      steps: (context) => {
        const [wanted, device] = context.params.data === "copy" ? (["kmem", "kernel"] as const) : (["umem", "user"] as const);
        if (context.message.location !== wanted) context.refuse("location-mismatch", `${context.params.data} needs the frame in ${wanted === "kmem" ? "kernel" : "user"} memory`, `let the device receive into ${device} buffers: nic.rx: ${device}`);
        return received(context);
      },
    }),
    "xsk.tx": operation({
      from: ["umem"],
      meaning: "transmit ring, and the driver is told",
      steps: (context) => sent(context),
    }),
    "xsk.take": operation({
      meaning: "the application takes a free frame, to fill it with what it will send",
      steps: ({ params, parts }) => [work(params.reap, "user", "free frame"), claim(parts.frames, ONE, "frame of the socket")],
    }),
    "xsk.recycle": operation({
      from: ["umem"],
      meaning: "the application is done with a frame and gives it back to be filled",
      steps: ({ params, parts }) => [work(params.reap, "user", "fill ring"), release(parts.frames, ONE), leaveCore()],
    }),
  }),
});

function received(socket: Socket): readonly Step[] {
  const { params, parts, needs, message } = socket;
  const taken = [release(parts.received, ONE), work(params.rx, "user", "receive ring"), use(needs.memory, "touch", { lines: message.stored.dividedUp(LINE), label: "frame", category: "user" })];
  if (params.drive === "busy-poll") {
    const found = use(needs.cpu, "enter", { thread: params.app, how: "poll", amount: params["poll-loop"], label: "busy polling" });
    return [found, use(needs.cpu, "syscall"), use(needs.interrupts, "replenish"), ...kernelPart(socket), ...taken];
  }
  const carrierOf = (): Carrier => carrier(socket);
  const raised = use(needs.interrupts, "collect", { carrier: carrierOf(), carrierOf, label: "interrupt moderation" });
  const line = work(params.line, "user", "ring's line from the other core");
  const noticed = params.drive === "spin"
    ? [use(needs.cpu, "enter", { thread: params.app, how: "poll", amount: params.loop, label: "polling loop" })]
    : [use(needs.cpu, "resume", { thread: params.app }), use(needs.cpu, "syscall")];
  return [raised, ...kernelPart(socket), ...noticed, line, ...taken];
}

function carrier({ params, needs }: Socket): Carrier {
  return {
    before: [use(needs.cpu, "interrupt", { thread: params.irq })],
    weight: params.weight.of(0),
    budget: params.budget.of(0),
    budgetTime: params["budget-time"],
    handOver: params["hand-over"],
    after: [work(params.complete, "softirq", "complete and re-arm")],
  };
}

/** What the kernel does with a frame, on whichever core its poll runs. */
function kernelPart({ params, parts, needs }: Socket): readonly Step[] {
  return [
    work(params.driver, "softirq", "driver receive"),
    use(needs.memory, "touch", { lines: ONE, label: "completion entry", category: "softirq", completion: true }),
    work(params.program, "softirq", "program and redirection"),
    ...(params.data === "copy" ? [use(needs.cpu, "copy", { to: "user" })] : []),
    claim(parts.frames, ONE, "frame of the socket"),
    claim(parts.received, ONE, "receive ring", [release(parts.frames, ONE)]),
  ];
}

function sent({ params, parts, needs }: Socket): readonly Step[] {
  const driver = [...(params.data === "copy" ? [work(params.build, "sys", "packet buffer")] : []), work(params.send, "sys", "driver send")];
  const called = [use(needs.cpu, "syscall"), work(params.call, "sys", "send call"), ...driver];
  // While the poll works on the other core it will come to the transmit ring by itself.
  const served = [use(needs.cpu, "enter", { thread: params.irq, label: "driver at work" }), ...driver];
  const self = params.drive === "busy-poll" || params["send-call"] === "always";
  return [
    work(params.tx, "user", "transmit ring"),
    claim(parts.sending, ONE, "transmit ring"),
    ...(params.data === "copy" ? [use(needs.cpu, "copy", { to: "kernel" })] : []),
    ...(self ? called : [use(needs.cpu, "if-spinning", { thread: params.irq, window: ZERO, yes: served, no: called })]),
    leaveCore(),
    release(parts.sending, ONE),
    entrust([parts.frames], use(needs.cpu, "enter", { thread: params.app, label: "completion ring" }), work(params.reap, "user", "completion ring"), release(parts.frames, ONE)),
  ];
}
