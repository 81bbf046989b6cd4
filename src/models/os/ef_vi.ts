import {
  Amount, amountOf, choice, choose, chosen, dataRate, defineModel, duration, estimated, type InstanceRef, leaveCore, type MessageShape, move, spawn, type Step, text, use, type Values, work,
} from "../../modeling/index.js";

const LINE = amountOf(64);
const ONE = amountOf(1);

const PARAMS = {
  core: text("app", "thread that polls", chosen("one thread owns the interface")),
  loop: duration("30 ns", "one look at the event queue that finds nothing", estimated("a load that hits, a compare and a branch, with the application's own loop around", ["10 ns", "60 ns"])),
  rx: duration("15 ns", "work on a received frame: take the event, find the buffer, give it back", estimated("50 instructions", ["8 ns", "40 ns"])),
  tx: duration("15 ns", "work on a frame to send, besides its stores: bookkeeping, headers kept from the last", estimated("50 instructions", ["8 ns", "40 ns"])),
  store: duration("5 ns", "storing one line of 64 B through the write-combining buffer, as the core sees it", estimated("four 16 B stores and a flush", ["3 ns", "20 ns"])),
  "layer.rx": duration("0 ns", "a layer's work on a received message; zero: the interface alone", chosen("no layer")),
  "layer.tx": duration("0 ns", "a layer's work on a message to send; zero: the interface alone", chosen("no layer")),
  "copy.mode": choice(["none", "each-way"], "none", "whether the layer copies each message on its way in and out, as socket calls do", chosen("only sockets ask for it")),
  "copy.setup": duration("15 ns", "call, size dispatch and first loads of one copy", estimated("short copies in cache", ["5 ns", "30 ns"])),
  "copy.rate": dataRate("51.2 Gbit/s", "speed of these copies", estimated("36 to 54 Gbit/s measured per thread in receive paths, 63 Gbit/s derived from zero-copy receive", ["36 Gbit/s", "100 Gbit/s"])),
} as const;

interface Interface {
  readonly params: Values<typeof PARAMS>;
  readonly needs: { readonly cpu: InstanceRef<"cpu">; readonly memory: InstanceRef<"memory">; readonly interrupts: InstanceRef<"interrupts"> };
  readonly message: MessageShape;
}

/** A virtual interface of the adapter for one thread: events are polled, frames are stored into the device line by line. */
export default defineModel({
  name: "os/ef_vi",
  title: "Virtual interface of a low-latency adapter",
  about:
    "The thinnest layer over an adapter: a thread polls a queue of events that the device writes, finds a frame where the device put it, and sends by storing the frame into the device " +
    "itself, a line of 64 B at a time. A layer on top may bring a protocol stack (TCPDirect) or the socket calls with a copy each way (Onload); both stay in user space.",
  needs: { cpu: "cpu", memory: "memory", interrupts: "interrupts" },
  params: PARAMS,
  parts: () => ({}),
  operations: (operation) => ({
    "vi.rx": operation({
      from: ["umem"],
      meaning: "the polling thread finds the event of a frame and touches the frame",
      steps: (context) => received(context),
    }),
    "vi.tx": operation({
      from: ["umem", "pinned"],
      meaning: "the thread stores a frame into the device",
      steps: (context) => sent(context),
    }),
  }),
});

function received(context: Interface): readonly Step[] {
  const { params, needs, message } = context;
  return [
    use(needs.cpu, "enter", { thread: params.core, how: "poll", amount: params.loop, label: "polling loop" }),
    use(needs.interrupts, "replenish"),
    work(params.rx, "user", "event and buffer"),
    use(needs.memory, "touch", { lines: ONE, label: "event", category: "user", completion: true }),
    use(needs.memory, "touch", { lines: message.stored.dividedUp(LINE), label: "frame", category: "user" }),
    work(params["layer.rx"], "user", "layer, receive"),
    ...copied(context),
  ];
}

function sent(context: Interface): readonly Step[] {
  const { params, needs, message } = context;
  const others = message.stored.dividedUp(LINE).minus(1);
  const busy = new Amount((payload) => others.of(payload) * params.store.of(0), params.store.origins);
  // The device has the first line and may begin; the thread is busy with the others.
  const rest = spawn(use(needs.cpu, "enter", { thread: params.core, label: "stores" }), work(busy, "user", "stores of the other lines"));
  return [
    work(params["layer.tx"], "user", "layer, send"),
    ...copied(context),
    work(params.tx, "user", "frame to send"),
    work(params.store, "user", "store of the first line"),
    choose({ kind: "size", test: (payload) => others.of(payload) > 0 }, [rest]),
    leaveCore(),
  ];
}

/** What the layer copies stays in user memory. */
function copied({ params, message }: Interface): readonly Step[] {
  if (params["copy.mode"] === "none") return [];
  const where = message.location ?? "umem";
  return [work(params["copy.setup"].plus(params["copy.rate"].timeFor(message.payload)), "copy", "copy of the layer", "copy"), move(where, where, "cpu", message.payload)];
}
