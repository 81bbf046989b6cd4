import { Amount, amountOf, chosen, defineModel, duration, estimated, type InstanceRef, leaveCore, list, type MessageShape, number, type Step, text, use, type Values, work, ZERO } from "../../modeling/index.js";

const LINE = amountOf(64);

const PARAMS = {
  core: text("app", "thread that polls", chosen("one thread owns the queue pair")),
  cores: list([], "threads that poll an adapter's queues, one queue each in turn; empty: core polls all", chosen("one thread does it all")),
  queues: number(1, "queues, or ports, that a thread looks at in one turn of its loop", chosen("one port with one queue"), 1),
  loop: duration("60 ns", "one look at a queue that finds nothing", estimated("one port; forwarders reach 36 to 120 ns per packet all told", ["30 ns", "120 ns"])),
  burst: number(32, "packets taken in one look at most", chosen("the usual burst of poll-mode drivers"), 1),
  rx: duration("50 ns", "work on a received packet: check the completion, take the buffer, refill", estimated("94 to 108 cycles per packet for receive and send in a user-space driver", ["20 ns", "80 ns"])),
  tx: duration("50 ns", "work on a packet to send: descriptor, buffer, doorbell store", estimated("94 to 108 cycles per packet for receive and send in a user-space driver", ["20 ns", "80 ns"])),
} as const;

/** Kernel bypass: a thread owns the device's rings, polls them and works on packets where the device put them. */
export default defineModel({
  name: "os/dpdk",
  title: "Poll-mode driver in user space",
  about:
    "A thread turns in a loop over its receive rings. It finds a packet at its next look at the packet's queue, touches the completion entry and the frame, and goes on with it at once; " +
    "packets that came meanwhile are taken in bursts, so a busy loop turns less often than once a packet. No interrupt, no system call, no copy. Several threads may each poll some of an adapter's queues.",
  needs: { cpu: "cpu", memory: "memory", interrupts: "interrupts" },
  params: PARAMS,
  parts: () => ({}),
  operations: (operation) => ({
    "pmd.rx": operation({
      from: ["umem"],
      meaning: "the polling thread finds the packet in its ring and touches it",
      steps: (driver) => [
        ...lookedFor(driver),
        use(driver.needs.interrupts, "replenish"),
        work(driver.params.rx, "user", "driver receive"),
        use(driver.needs.memory, "touch", { lines: amountOf(1), label: "completion entry", category: "user", completion: true }),
        use(driver.needs.memory, "touch", { lines: driver.message.stored.dividedUp(LINE), label: "frame", category: "user" }),
      ],
    }),
    "pmd.tx": operation({
      from: ["umem", "pinned"],
      meaning: "the thread hands a packet to the device and turns to its loop again",
      steps: ({ params }) => [work(params.tx, "user", "driver send"), leaveCore()],
    }),
  }),
});

interface Driver {
  readonly params: Values<typeof PARAMS>;
  readonly needs: { readonly cpu: InstanceRef<"cpu">; readonly memory: InstanceRef<"memory">; readonly interrupts: InstanceRef<"interrupts"> };
  readonly message: MessageShape;
}

/** The loop comes round to the packet's queue; on a thread of the queue's own, if there are several. */
function lookedFor({ params, needs }: Driver): readonly Step[] {
  const { cores, queues } = params;
  const turn = params.loop.times(queues.of(0)).plus(amountOf(0, queues.origins));
  const found = (thread: string): Step => {
    const look = use(needs.cpu, "enter", { thread, how: "poll", amount: turn, label: "polling loop" });
    // A packet that comes while the loop works is taken by a later burst and bears its share of that turn.
    const share = work(shareOf(turn, params.burst), "user", "share of a turn");
    return use(needs.cpu, "if-spinning", { thread, window: ZERO, yes: [look, share], no: [look] });
  };
  if (cores.length === 0) return [found(params.core)];
  return [use(needs.interrupts, "by-queue", { steps: (queue: number) => [found(cores[queue % cores.length] ?? params.core)] })];
}

/** One packet's share of a turn, rounded to a picosecond. */
function shareOf(turn: Amount, packets: Amount): Amount {
  const origins = [...turn.origins, ...packets.origins];
  return new Amount((payload) => Math.round(turn.of(payload) / packets.of(payload)), origins);
}
