import {
  amountOf, batch, bytes, type Carrier, choice, chosen, claimStage, count, defineModel, duration, estimated, gather, inParallel, type InstanceRef, leaveCore, type MessageShape, move, number,
  repeat, type PartOf, type Region, stage, type Step, text, use, work, type Values, type Amount,
} from "../../modeling/index.js";

const WORD = amountOf(4);
const REQUEST = amountOf(0);
const own = chosen("the application's own");

const PARAMS = {
  setup: duration("200 us", "exporting, publishing, importing and mapping a segment, once", estimated("a few system calls and a message to the other host", ["50 us", "1 ms"])),
  gather: bytes("64 B", "stores that the processor gathers into one transfer, and data of one packet", estimated("a line of the processor's write buffer", ["16 B", "64 B"])),
  store: duration("150 ns", "time of the core for the stores of one packet; it cannot store faster than the adapter takes them", estimated("400 MB/s into a memory-mapped adapter", ["80 ns", "400 ns"])),
  tx: duration("500 ns", "from the bus to the first symbol on the ring: address translation and packet", estimated("half of what 2.3 us one way leave beside buses and ring", ["300 ns", "900 ns"])),
  "tx-interval": duration("150 ns", "shortest time between packets", estimated("400 MB/s", ["80 ns", "400 ns"])),
  rx: duration("500 ns", "from the packet to the host's bus", estimated("the other half", ["300 ns", "900 ns"])),
  "rx-interval": duration("150 ns", "shortest time between packets taken from the ring", estimated("400 MB/s", ["80 ns", "400 ns"])),
  doorbell: duration("50 ns", "time of the core for the store that posts an interrupt", estimated("one uncached store", ["20 ns", "150 ns"])),
  "moderation.mode": choice(["none", "timer-from-first", "timer-from-last", "throttle"], "none", "law by which posted interrupts share one", chosen("each post interrupts")),
  "moderation.time": duration("16 us", "time of that law", chosen("as network adapters")),
  "moderation.frames": number(32, "posts that close a group before its time", chosen("as network adapters")),
} as const;

const ACCESS = {
  via: text(null, "ring that both hosts are on", chosen("how the hosts are wired")),
  core: text("app", "thread that does it", own),
};
const TO = { to: text(null, "exported segment, e.g. b.segment", own), ...ACCESS };

/** Remote shared memory: a segment of another host, mapped, so that plain stores and loads reach it. */
export default defineModel({
  name: "rdma/rsm",
  title: "Remote shared memory adapter",
  about:
    "A segment is exported and published by one host, imported and mapped by another, once; from then on a store to the mapping is a packet to the other host's memory. " +
    "Stores are posted and gathered: the core goes on, and only a barrier tells that they have arrived. A load stops the core for the whole round. Nobody is told, unless an interrupt is posted.",
  provides: "interrupts",
  needs: { cpu: "cpu", bus: "bus", memory: "memory" },
  params: PARAMS,
  parts: ({ params }) => ({
    tx: stage(),
    rx: stage(),
    moderation: batch({ law: params["moderation.mode"], time: params["moderation.time"], count: params["moderation.frames"].of(0) }),
  }),
  operations: (operation) => ({
    map: operation({
      meaning: "exports, publishes, imports and maps a segment",
      args: TO,
      steps: (context) => {
        targetOf(context, context.args.to, "remote-write");
        return [...onCore(context, [work(context.params.setup, "sys", "export, publish, import and map")])];
      },
    }),
    put: operation({
      from: ["umem", "pinned"],
      meaning: "stores the payload into a segment of another host; the core goes on, the message is what arrives there",
      args: { ...TO, flag: choice(["none", "last-byte"], "none", "whether the last byte changes with every message, so that a loop can watch it", own) },
      steps: (context) => put(context, context.args.to, context.args.flag === "last-byte"),
    }),
    get: operation({
      meaning: "loads the payload from a segment of another host, line after line, while the core stands still",
      args: { from: text(null, "exported segment, e.g. b.segment", own), ...ACCESS },
      steps: (context) => get(context, context.args.from),
    }),
    barrier: operation({
      meaning: "waits until all that was stored has arrived, or is known to be lost",
      args: TO,
      steps: (context) => barrier(context, context.args.to),
    }),
    post: operation({
      meaning: "interrupts the other host",
      args: TO,
      steps: (context) => post(context, context.args.to),
    }),
    arrive: operation({ meaning: "a packet comes off the ring", steps: ({ params, parts }) => arrived({ params, parts }) }),
    land: operation({
      meaning: "the data of one packet go to memory",
      steps: ({ params, parts, needs, message }) => [
        ...arrived({ params, parts }),
        use(needs.memory, "dma-write", { bytes: message.payload }),
        use(needs.bus, "write", { bytes: message.payload, label: "remote store", visible: true }),
      ],
    }),
    lend: operation({
      meaning: "one line is read from memory for another host's load",
      steps: ({ params, parts, needs, passed }) => [
        ...arrived({ params, parts }),
        use(needs.bus, "read", { bytes: passed["bytes"], label: "remote load", until: "last" }),
        use(needs.memory, "dma-read", { bytes: passed["bytes"] }),
        claimStage(parts.tx, params.tx, "adapter, send", { occupancy: params["tx-interval"] }),
      ],
    }),
    place: operation({ meaning: "a program of this host may watch the last byte", steps: ({ needs, passed }) => [use(needs.cpu, "announce", { watched: passed["watched"] })] }),
    collect: operation({
      meaning: "a posted interrupt is raised, and posts that come together share one",
      steps: ({ parts, needs, passed }) => {
        const carrier = passed["carrier"] as Carrier;
        return [gather(parts.moderation, String(passed["label"]), { ...carrier, before: [use(needs.bus, "interrupt", { label: "interrupt message" }), ...carrier.before] })];
      },
    }),
    replenish: operation({ meaning: "a polling program takes a message; there is nothing to give back", steps: () => [] }),
  }),
});

interface Adapter {
  readonly params: Values<typeof PARAMS>;
  readonly parts: { readonly tx: PartOf<"stage">; readonly rx: PartOf<"stage"> };
}

/** One access, with what the step was told and the means to look it up. */
interface Access extends Adapter {
  readonly needs: { readonly cpu: InstanceRef<"cpu">; readonly bus: InstanceRef<"bus">; readonly memory: InstanceRef<"memory"> };
  readonly args: { readonly via: string; readonly core: string };
  readonly message: MessageShape;
  readonly region: (name: string) => Region;
  readonly instance: (name: string) => InstanceRef;
  readonly refuse: (code: string, message: string, remedy?: string) => never;
}

function put(access: Access, segment: string, flagged: boolean): readonly Step[] {
  const { params, needs, message, instance } = access;
  const target = targetOf(access, segment, "remote-write");
  const receiver = instance(`${target.host}.rsm`);
  const packet = [
    ...onCore(access, [work(params.store, "user", "store")]),
    use(needs.bus, "store", { bytes: message.payload, label: "store" }),
    ...sent(access, target, message.payload),
    use(receiver, "land"),
  ];
  return [
    move(message.location ?? "umem", "wire", "dma", message.payload),
    inParallel("packets", params.gather, message.payload.dividedUp(params.gather), packet),
    move("wire", "pinned", "dma", message.payload),
    ...(flagged ? [use(receiver, "place", { watched: `${target.name}.flag` })] : []),
  ];
}

/** A load is a question and an answer; the next one cannot be asked before, for the core waits. */
function get(access: Access, segment: string): readonly Step[] {
  const { params, needs, message, args, instance } = access;
  const target = targetOf(access, segment, "remote-read");
  const here = hostOf(needs.cpu);
  const line = [
    use(needs.bus, "load", { bytes: params.gather, label: "load", category: "user" }),
    ...sent(access, target, REQUEST),
    use(instance(`${target.host}.rsm`), "lend", { bytes: params.gather }),
    use(instance(args.via), "send", { from: target.host, to: here, bytes: params.gather }),
    ...arrived(access),
  ];
  return [...onCore(access, [repeat(message.payload.dividedUp(params.gather), line)]), move("pinned", "umem", "dma", message.payload)];
}

function barrier(access: Access, segment: string): readonly Step[] {
  const { args, needs, instance } = access;
  const target = targetOf(access, segment, "remote-write");
  return [use(instance(args.via), "echo", { from: target.host, to: hostOf(needs.cpu) }), ...onCore(access, [use(needs.bus, "load", { label: "status of the stores", category: "user" })])];
}

function post(access: Access, segment: string): readonly Step[] {
  const { params, needs, instance } = access;
  const target = targetOf(access, segment, "remote-write");
  return [
    ...onCore(access, [work(params.doorbell, "user", "post an interrupt")]),
    use(needs.bus, "store", { bytes: WORD, label: "post" }),
    ...sent(access, target, WORD),
    use(instance(`${target.host}.rsm`), "arrive"),
    count("doorbells"),
  ];
}

function onCore({ needs, args }: Pick<Access, "needs" | "args">, steps: readonly Step[]): readonly Step[] {
  return [use(needs.cpu, "enter", { thread: args.core, label: args.core }), ...steps, leaveCore()];
}

/** Out of the adapter and over the ring. */
function sent({ params, parts, needs, args, instance }: Access, target: Region, data: Amount): readonly Step[] {
  return [claimStage(parts.tx, params.tx, "adapter, send", { occupancy: params["tx-interval"] }), use(instance(args.via), "send", { from: hostOf(needs.cpu), to: target.host, bytes: data })];
}

function arrived({ params, parts }: Adapter): readonly Step[] {
  return [claimStage(parts.rx, params.rx, "adapter, receive", { occupancy: params["rx-interval"] })];
}

/** An exported segment is locked in memory, and its access list says what others may do. */
function targetOf({ args, region, refuse }: Pick<Access, "args" | "region" | "refuse">, name: string, right: "remote-write" | "remote-read"): Region {
  if (name === undefined || args.via === undefined) refuse("parameter-missing", "an access to a segment needs the segment and a ring", "write e.g. rsm.put: { to: b.segment, via: ring }");
  const target = region(name);
  if (!target.pinned) refuse("region-not-pinned", `region ${target.name} is not pinned, so it cannot be exported`, `declare ${target.name} with pinned: true`);
  if (!target.rights.includes(right)) refuse("region-rights", `the access list of region ${target.name} does not allow ${right}`, `add ${right} to the rights of ${target.name}`);
  return target;
}

/** Name of the host that a component belongs to. */
const hostOf = (component: InstanceRef): string => component.instance.split(".")[0] ?? "";
