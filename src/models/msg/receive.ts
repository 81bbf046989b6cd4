import { choice, chosen, defineModel, drop, duration, estimated, leaveCore, meet, text, use, work } from "../../modeling/index.js";

const own = chosen("the application's own");

/** The four ways in which a process can learn of a message: it waits, it asks, a thread is made for it, or its handler runs at once. */
export default defineModel({
  name: "msg/receive",
  title: "Receive call: blocking, polling, pop-up thread, or handler",
  about:
    "A blocking receiver is woken, which costs a switch. One that polls finds the message at its next look, and keeps its core busy. A pop-up thread is made for the message: it has no state to restore, but it has to be made. " +
    "A handler runs where the message arrives, in the interrupt's wake: nothing is switched, and nobody else's message moves on until it has finished.",
  needs: { cpu: "cpu" },
  params: {
    how: choice(["blocking", "poll", "pop-up", "handler"], "blocking", "how the receiver learns of a message", own),
    thread: text("app", "thread that receives; pop-up: thread on whose core new threads run", own),
    irq: text("irq", "thread on whose core the packets of a long message come in, should they come out of order", chosen("interrupt affinity")),
    protocol: duration("900 ns", "kernel's work on a packet up to its receiver: driver, headers, look-up", estimated("driver, GRO, IP and UDP of a datagram (Homa on Linux)", ["500 ns", "1.6 us"])),
    receive: duration("135 ns", "receive call besides entry, exit and copy", estimated("recv call of 300 to 560 ns including a copy of 100 B (Homa on Linux)", ["80 ns", "400 ns"])),
    loop: duration("300 ns", "poll: time from one look to the next, each a call that does not wait", estimated("a system call and a look at an empty queue", ["150 ns", "800 ns"])),
    "pop-up": duration("800 ns", "pop-up: a thread made from a prepared one, put on its core", estimated("stack and registers from a pool, run queue, inter-processor interrupt; nothing to restore", ["400 ns", "3 us"])),
    handler: duration("60 ns", "handler: from the kernel's look-up to the handler's first instruction", estimated("an indirect call with the message's address", ["20 ns", "300 ns"])),
  },
  parts: () => ({}),
  operations: (operation) => ({
    receive: operation({
      from: ["kmem"],
      meaning: "a message that has come by interrupt climbs to its receiver, who then has it in user memory",
      steps: ({ params, needs, message }) => {
        const { cpu } = needs;
        const back = [use(cpu, "enter", { thread: params.irq, label: "core of the protocol work" })];
        const whole = message.pieces === null ? [] : [meet({ label: "rest of the message", ahead: [], back, torn: [leaveCore(), drop("a packet of the message was lost")] })];
        const call = [use(cpu, "syscall"), work(params.receive, "sys", "receive call"), use(cpu, "copy", { to: "user" })];
        const climbed = [work(params.protocol, "softirq", "protocol"), ...whole];
        switch (params.how) {
          case "blocking":
            return [...climbed, use(cpu, "resume", { thread: params.thread }), ...call];
          case "poll":
            return [...climbed, use(cpu, "enter", { thread: params.thread, how: "poll", amount: params.loop, label: "polling receiver" }), ...call];
          case "pop-up":
            return [...climbed, work(params["pop-up"], "softirq", "pop-up thread made"), use(cpu, "enter", { thread: params.thread, label: "pop-up thread" }), use(cpu, "copy", { to: "user" })];
          default:
            return [...climbed, work(params.handler, "softirq", "handler called"), use(cpu, "copy", { to: "user" })];
        }
      },
    }),
  }),
});
