import { Amount, amountOf, chosen, defineModel, duration, estimated, leaveCore, number, text, use, work, ZERO } from "../../modeling/index.js";

const LINE = amountOf(64);

/** Kernel bypass: a thread owns the device's rings, polls them and works on packets where the device put them. */
export default defineModel({
  name: "os/dpdk",
  title: "Poll-mode driver in user space",
  about:
    "A thread turns in a loop over its receive ring. It finds a packet at its next look, touches the completion entry and the frame, and goes on with it at once; " +
    "packets that came meanwhile are taken in bursts, so a busy loop turns less often than once a packet. No interrupt, no system call, no copy.",
  needs: { cpu: "cpu", memory: "memory", interrupts: "interrupts" },
  params: {
    core: text("app", "thread that polls", chosen("one thread owns the queue pair")),
    loop: duration("60 ns", "one turn of the loop that finds nothing", estimated("one port; forwarders reach 36 to 120 ns per packet all told", ["30 ns", "120 ns"])),
    burst: number(32, "packets taken in one turn at most", chosen("the usual burst of poll-mode drivers")),
    rx: duration("50 ns", "work on a received packet: check the completion, take the buffer, refill", estimated("94 to 108 cycles per packet for receive and send in a user-space driver", ["20 ns", "80 ns"])),
    tx: duration("50 ns", "work on a packet to send: descriptor, buffer, doorbell store", estimated("94 to 108 cycles per packet for receive and send in a user-space driver", ["20 ns", "80 ns"])),
  },
  parts: () => ({}),
  operations: (operation) => ({
    "pmd.rx": operation({
      from: ["umem"],
      meaning: "the polling thread finds the packet in its ring and touches it",
      steps: ({ params, needs, message }) => {
        const { cpu, memory } = needs;
        const look = use(cpu, "enter", { thread: params.core, how: "poll", amount: params.loop, label: "polling loop" });
        // A packet that comes while the loop works is taken by a later burst and bears its share of that turn.
        const share = work(shareOf(params.loop, params.burst), "user", "share of a turn");
        return [
          use(cpu, "if-spinning", { thread: params.core, window: ZERO, yes: [look, share], no: [look] }),
          use(needs.interrupts, "replenish"),
          work(params.rx, "user", "driver receive"),
          use(memory, "touch", { lines: amountOf(1), label: "completion entry", category: "user", completion: true }),
          use(memory, "touch", { lines: message.stored.dividedUp(LINE), label: "frame", category: "user" }),
        ];
      },
    }),
    "pmd.tx": operation({
      from: ["umem", "pinned"],
      meaning: "the thread hands a packet to the device and turns to its loop again",
      steps: ({ params }) => [work(params.tx, "user", "driver send"), leaveCore()],
    }),
  }),
});

/** One packet's share of a turn, rounded to a picosecond. */
function shareOf(turn: Amount, packets: Amount): Amount {
  const origins = [...turn.origins, ...packets.origins];
  return new Amount((payload) => Math.round(turn.of(payload) / packets.of(payload)), origins);
}
