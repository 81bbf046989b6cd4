import { type Amount, amountOf, type Carrier, choose, claim, claimStage, entrust, gather, type Location, move, need, type PartOf, release, type Step, stream, use, ZERO } from "../../modeling/index.js";
import { bufferedBytes, CHECK_SEQUENCE, inTurn, isRemote, type Nic, ONE, partOf, poolOf, ringOf } from "./nic-params.js";
import { queuesOf } from "./receive-side-scaling.js";

const QUEUES = "queues of the flows";

/** The steps of the queue that a message's flow is steered to. Queues that no flow of the path comes to cost nothing; among the others the way is found by halving. */
export function byQueue(nic: Pick<Nic, "params" | "message" | "state">, steps: (queue: number) => readonly Step[]): readonly Step[] {
  const queueOf = steered(nic);
  const used = [...new Set(queueOf)].sort((one, other) => one - other);
  return halved(used, (below) => (flow) => (queueOf[flow] ?? 0) < below, steps);
}

function halved(queues: readonly number[], before: (queue: number) => (flow: number) => boolean, steps: (queue: number) => readonly Step[]): readonly Step[] {
  const half = queues.length >> 1;
  if (half === 0) return steps(queues[0] ?? 0);
  return [choose({ kind: "flow", test: before(queues[half] ?? 0) }, halved(queues.slice(0, half), before, steps), halved(queues.slice(half), before, steps))];
}

/** Worked out once for a path. */
function steered({ params, message, state }: Pick<Nic, "params" | "message" | "state">): Int32Array {
  const known = state.get(QUEUES) as Int32Array | undefined;
  if (known !== undefined) return known;
  const steering = { queues: params.queues.of(0), by: params["rx.steering"], table: params["rx.table"].of(0), key: params["rx.key"], of: params["rx.hash"], filters: params["rx.filters"].of(0) };
  const queues = queuesOf(steering, message);
  state.set(QUEUES, queues);
  return queues;
}

/** From the wire to host memory. What ends the frame is its completion entry, or for one that will be merged with others the return of its descriptor. */
function landed(nic: Nic, into: Location, ending: readonly Step[]): readonly Step[] {
  const { params, parts, needs, message } = nic;
  const frame = params["rx.check-sequence"] ? message.stored.plus(CHECK_SEQUENCE) : message.stored;
  return [
    stream(params["rx.phy"], "PHY and MAC, receive"),
    claim(poolOf(parts, "fifo"), bufferedBytes(message), "receive FIFO"),
    need("last"),
    claimStage(parts["pipeline"] as PartOf<"stage">, params["rx.pipeline"], "receive pipeline", { occupancy: params["rx.interval"] }),
    ...byQueue(nic, (queue) => [claim(partOf(parts, "ring", queue), ONE, "receive ring", [release(poolOf(parts, "fifo"), bufferedBytes(message))]), ...descriptor(nic, queue)]),
    ...inTurn(nic, "landing", [
      claim(poolOf(parts, "engines"), ONE, "DMA engine"),
      use(needs.bus, "write", { bytes: frame, label: "payload write" }),
      release(poolOf(parts, "engines"), ONE),
      release(poolOf(parts, "fifo"), bufferedBytes(message)),
    ]),
    ...ending,
    use(needs.memory, "dma-write", {
      bytes: frame,
      remote: isRemote(params),
      ring: ringOf(parts, "buffers"),
      buffer: params["rx.buffer"],
      land: (extra: Amount, where: string) => [use(needs.bus, "visible", { label: extra.of(0) === 0 ? "upstream" : `upstream, ${where}`, extra, bytes: frame })],
    }),
    move("wire", into, "dma", message.stored),
  ];
}

/** From the wire to host memory, completion entry included. */
export function receive(nic: Nic, into: Location): readonly Step[] {
  return landed(nic, into, completed(nic));
}

/** One frame of several that the device merges: its data land, and nobody is told yet. */
export function receivePart(nic: Nic, into: Location): readonly Step[] {
  return [...landed(nic, into, []), ...replenished(nic)];
}

/** The merged frames have one completion entry, and from here on they are one. */
export function merged(nic: Nic): readonly Step[] {
  const label = "completion of what was merged";
  return [...byQueue(nic, (queue) => [claim(partOf(nic.parts, "ring", queue), ONE, "receive ring")]), ...completed(nic), use(nic.needs.bus, "visible", { label, bytes: nic.params.completion })];
}

/** Takes one of the descriptors that the device has fetched. Who takes the last of a fetch makes the device read as many again. */
function descriptor({ params, parts, needs }: Nic, queue: number): readonly Step[] {
  const descriptors = partOf(parts, "descriptors", queue);
  const fetch = params["rx.prefetch"];
  const refill = [use(needs.bus, "read", { bytes: params.descriptor.times(fetch.of(0)), label: "descriptor prefetch", until: "last" }), release(descriptors, fetch)];
  // Used up: none comes back before the fetch.
  return [claim(descriptors, ONE, "prefetched descriptor"), choose({ kind: "every", turn: partOf(parts, "fetch", queue) }, [entrust([descriptors], ...refill)], [release(descriptors, ZERO)])];
}

/** Completion entries follow the data, each by itself or several in one write, for which the first of them wait. */
function completed(nic: Nic): readonly Step[] {
  const { params, parts, needs } = nic;
  const write = (entries: number): Step => use(needs.bus, "write", { bytes: params.completion.times(entries), label: "completion write-back" });
  const group = params["write-back.entries"].of(0);
  if (group === 1) return [write(1)];
  const carrier: Carrier = { before: [write(group)], weight: group, budget: Infinity, budgetTime: amountOf(Infinity), handOver: ZERO, after: [] };
  return byQueue(nic, (queue) => [gather(partOf(parts, "completions", queue), "completion group", carrier)]);
}

/** Frames gather until their queue raises its interrupt; then its carrier takes them one by one, and each gives its descriptor back. */
export function collected(nic: Nic, label: string, carrierOf: (queue: number) => Carrier): readonly Step[] {
  const { parts, needs } = nic;
  const raised = use(needs.bus, "interrupt", { label: "interrupt message" });
  return byQueue(nic, (queue) => {
    const carrier = carrierOf(queue);
    return [gather(partOf(parts, "moderation", queue), label, { ...carrier, before: [raised, ...carrier.before] }), release(partOf(parts, "ring", queue), ONE)];
  });
}

/** A polling driver takes a frame and gives its descriptor back. */
export function replenished(nic: Nic): readonly Step[] {
  return byQueue(nic, (queue) => [release(partOf(nic.parts, "ring", queue), ONE)]);
}

