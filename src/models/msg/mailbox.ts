import {
  type Amount, amountOf, bytes, choice, choose, chosen, claim, count, defineModel, delay, drop, duration, estimated, type InstanceRef, leaveCore, meet, type MessageShape, number, type PartOf, pool, release,
  type Step, text, use, type Values, work,
} from "../../modeling/index.js";

const ONE = amountOf(1);
const own = chosen("the application's own");
/** What the receiver gives back, remembered along one path. */
const KEPT = "kept";

const PARAMS = {
  slots: number(8, "messages that the mailbox holds", own, 1),
  bytes: bytes("64 KiB", "bytes that it holds", own),
  overflow: choice(["block", "drop", "nak"], "block", "what becomes of a message that finds no room: it waits at the mailbox, it is lost, or its sender is told and sends it again", own),
  put: duration("200 ns", "kernel's work on a message that goes into a mailbox", estimated("a lock, a queue and a look for a waiting receiver", ["100 ns", "500 ns"])),
  take: duration("150 ns", "kernel's work on one that is taken out, besides the call and the copy", estimated("a lock and a queue", ["80 ns", "400 ns"])),
  thread: text("app", "thread that takes messages out", own),
  irq: text("irq", "thread on whose core the packets of a long message come in, should they come out of order", chosen("interrupt affinity")),
  "nak.round": duration("8 us", "from the refusal to the message's second arrival, besides the sender's patience", estimated("a short message and the message itself, each half a round trip of a kernel less the receiver's wake-up", ["4 us", "30 us"])),
  "nak.patience": duration("20 us", "how long a sender waits after a refusal before it tries again", own),
  "nak.tries": number(8, "refusals after which the sender gives up and the message is lost", own),
} as const;

interface Box {
  readonly params: Values<typeof PARAMS>;
  readonly parts: { readonly slots: PartOf<"pool">; readonly bytes: PartOf<"pool"> };
  readonly needs: { readonly cpu: InstanceRef<"cpu"> };
  readonly message: MessageShape;
  readonly state: Map<string, unknown>;
}

/** A place in the kernel that keeps messages for a receiver who is late. */
export default defineModel({
  name: "msg/mailbox",
  title: "Mailbox",
  about:
    "Keeps so many messages, and so many bytes, until the receiver takes them. One that finds it full waits, is lost, or goes back to its sender as a refusal; then it comes again, a round trip and some patience later, " +
    "which takes work from the receiver's kernel when that has least to spare, and order from the messages.",
  needs: { cpu: "cpu" },
  params: PARAMS,
  parts: ({ params }) => {
    const whenFull = params.overflow === "drop" ? "drop" : "block";
    return { slots: pool({ capacity: params.slots.of(0), whenFull }), bytes: pool({ capacity: params.bytes.of(0), whenFull }) };
  },
  operations: (operation) => ({
    put: operation({
      from: ["kmem"],
      meaning: "a message that is in the kernel goes into the mailbox",
      steps: (context) => filed(context),
    }),
    take: operation({
      from: ["kmem"],
      meaning: "the receiver takes the message out when it comes to it, which makes room",
      steps: ({ params, parts, needs, state }) => {
        const size = (state.get(KEPT) as Amount | undefined) ?? amountOf(0);
        return [
          use(needs.cpu, "resume", { thread: params.thread }),
          use(needs.cpu, "syscall"),
          work(params.take, "sys", "taken out"),
          use(needs.cpu, "copy", { to: "user" }),
          release(parts.slots, ONE),
          release(parts.bytes, size),
        ];
      },
    }),
  }),
});

function filed({ params, parts, needs, message, state }: Box): readonly Step[] {
  const size = message.pieces?.payload ?? message.payload;
  state.set(KEPT, size);
  const entered = [claim(parts.slots, ONE, "mailbox slot"), claim(parts.bytes, size, "mailbox bytes", [release(parts.slots, ONE)])];
  const put = [...gathered(params, needs, message), work(params.put, "softirq", "put into the mailbox")];
  if (params.overflow !== "nak") return [...put, ...entered];
  const tries = params["nak.tries"].of(0);
  return [...put, leaveCore(), ...retried(params, { pool: parts.slots, units: ONE }, tries), ...retried(params, { pool: parts.bytes, units: size }, tries), ...entered];
}

/** A message that has come in several packets is filed when all are there. */
function gathered(params: Box["params"], { cpu }: Box["needs"], { pieces }: MessageShape): readonly Step[] {
  if (pieces === null) return [];
  return [meet({ label: "rest of the message", ahead: [], back: [use(cpu, "enter", { thread: params.irq, label: "core of the protocol work" })], torn: [leaveCore(), drop("a packet of the message was lost")] })];
}

/** Nothing while there is room; otherwise a refusal and another try. */
function retried(params: Box["params"], wanted: { readonly pool: PartOf<"pool">; readonly units: Amount }, tries: number): readonly Step[] {
  if (tries === 0) return [drop("refused too often")];
  const again = [count("naks"), delay(params["nak.round"], "refusal and second message", "retry"), delay(params["nak.patience"], "sender's patience", "retry"), count("retries")];
  return [choose({ kind: "room", ...wanted }, [], [...again, ...retried(params, wanted, tries - 1)])];
}
