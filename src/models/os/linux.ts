import {
  type Amount, bytes, type Carrier, choice, chosen, claim, defineModel, duration, estimated, leaveCore, number, pool, published, release, spawn, type Step, text, use,
  work,
} from "../../modeling/index.js";

const hotdata = published("linux-net-hotdata");
/** What the receive call gives back of the socket's buffer, remembered along one path. */
const QUEUED = "queued";

/** The kernel's way up and down for datagrams: interrupt, deferred work, protocol layers, socket, wake-up; and a send call. */
export default defineModel({
  name: "os/linux",
  title: "Linux network stack",
  about:
    "Receive: an interrupt raises deferred work that polls the device (NAPI), each packet climbs driver, GRO, IP and UDP to a socket, and the thread that waits there is woken. " +
    "While the poll works no interrupt comes, so under load one interrupt serves many packets. With busy polling a thread spins on the device before it sleeps and runs the stack itself. " +
    "Send: one system call copies the payload, builds the datagram and hands it to the driver.",
  needs: { cpu: "cpu", interrupts: "interrupts" },
  params: {
    irq: text("irq", "thread on whose core interrupts and deferred work run", chosen("interrupt affinity")),
    reader: text("app", "thread that spins when busy polling is on", chosen("the thread that reads the socket")),
    weight: number(64, "packets of one turn of the poll", published("linux-sysctl-net")),
    budget: number(300, "packets of one run of the deferred work; tested between turns, so a turn may exceed it", hotdata),
    "budget-time": duration("2 ms", "longest run of the deferred work: two ticks, here of 1000 Hz", hotdata),
    "hand-over": duration("1.5 us", "from a spent budget to the kernel thread that goes on", estimated("a wake-up and a switch of an otherwise idle core", ["1 us", "50 us"])),
    complete: duration("150 ns", "leaving the poll: take the source off the list, allow its interrupt again, look once more", estimated("traces of 10G drivers", ["80 ns", "300 ns"])),
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
    xmit: duration("250 ns", "driver's work on a packet to send: map, descriptor, doorbell store", estimated("a third to a half of the 420 to 550 ns measured for IP, queue and driver (Homa on Linux)", ["150 ns", "350 ns"])),
    clean: duration("150 ns", "driver's work on a sent packet's completion, off the path", estimated("buffer release measured at 130 to 220 ns (Homa on Linux)", ["80 ns", "250 ns"])),
    busy_poll: duration("0 ns", "how long a thread spins on the device before it sleeps; zero: it sleeps at once", published("linux-sysctl-net")),
    busy_poll_loop: duration("200 ns", "one turn of the busy-polling loop", estimated("an empty poll of the driver with its locks", ["100 ns", "400 ns"])),
  },
  parts: ({ params }) => ({
    socket: pool({ capacity: params["socket.buffer"].of(0), whenFull: "drop" }),
  }),
  operations: (operation) => ({
    irq: operation({
      meaning: "the device's interrupt and the deferred work that it raises; a thread that is busy polling is not interrupted",
      steps: ({ params, needs, message }) => {
        const { cpu } = needs;
        const interrupted = use(needs.interrupts, "collect", { carrier: pollOf(params, use(cpu, "interrupt", { thread: params.irq })), label: "interrupt moderation" });
        // Only sockets are polled this way: a completion event of a remote write has nobody who spins for it.
        if (params.busy_poll.of(0) === 0 || message.location === "pinned") return [interrupted];
        const spun = use(cpu, "enter", { thread: params.reader, how: "poll", amount: params.busy_poll_loop, label: "busy polling" });
        return [use(cpu, "if-spinning", { thread: params.reader, window: params.busy_poll, yes: [spun, use(needs.interrupts, "replenish")], no: [interrupted] })];
      },
    }),
    "udp.rx": operation({
      from: ["kmem"],
      meaning: "driver, GRO, IP and UDP, up to the socket's queue",
      steps: ({ params, parts, message, state }) => {
        const charged = params["socket.overhead"].plus(message.stored);
        state.set(QUEUED, charged);
        return [
          work(params.driver, "softirq", "driver receive"),
          work(params.gro, "softirq", "GRO"),
          work(params.ip, "softirq", "IP receive"),
          ...filter(params.netfilter),
          work(params.udp, "softirq", "UDP and socket queue"),
          claim(parts.socket, charged, "socket buffer"),
        ];
      },
    }),
    wake: operation({
      meaning: "the thread that waits is woken, and its call returns",
      args: { thread: text("app", "thread that waits", chosen("the application's own")) },
      main: "thread",
      steps: ({ params, parts, needs, args, state }) => {
        const charged = state.get(QUEUED) as Amount | undefined;
        state.delete(QUEUED);
        return [
          use(needs.cpu, "resume", { thread: args.thread }),
          use(needs.cpu, "syscall"),
          work(params.receive, "sys", "receive call"),
          ...(charged === undefined ? [] : [release(parts.socket, charged)]),
        ];
      },
    }),
    "udp.tx": operation({
      from: ["umem", "pinned"],
      meaning: "a send call: copy, datagram, queueing discipline, driver",
      steps: ({ params, needs }) => [
        use(needs.cpu, "syscall"),
        work(params.send, "sys", "send call"),
        use(needs.cpu, "copy", { to: "kernel" }),
        work(params.build, "sys", "build datagram"),
        ...filter(params.netfilter),
        ...(params["qdisc.mode"] === "bypass" ? [] : [work(params["qdisc.time"], "sys", "queueing discipline")]),
        work(params.xmit, "sys", "driver send"),
        leaveCore(),
        spawn(use(needs.cpu, "enter", { thread: params.irq, label: "clean-up" }), work(params.clean, "softirq", "clean-up of what was sent")),
      ],
    }),
  }),
});

interface PollParams {
  readonly weight: Amount;
  readonly budget: Amount;
  readonly "budget-time": Amount;
  readonly "hand-over": Amount;
  readonly complete: Amount;
}

/** The deferred work that an interrupt raises: it polls in turns until the device has no more, then allows the next interrupt. */
function pollOf(params: PollParams, interrupt: Step): Carrier {
  return {
    before: [interrupt],
    weight: params.weight.of(0),
    budget: params.budget.of(0),
    budgetTime: params["budget-time"],
    handOver: params["hand-over"],
    after: [work(params.complete, "softirq", "complete and re-arm")],
  };
}

function filter(time: Amount): readonly Step[] {
  return time.of(0) === 0 ? [] : [work(time, "softirq", "packet filter")];
}
