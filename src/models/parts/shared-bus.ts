import {
  all, type Amount, amountOf, type Category, choose, claim, count, delay, inOrder, inParallel, type Operation, type OperationOf, type Params, type Part, type PartOf, release, repeat, spawn, type Step, transfer,
  type Values, work, ZERO,
} from "../../modeling/index.js";

const ONE = amountOf(1);
type Passed = Readonly<Record<string, unknown>>;

/** A run of data without a pause: what it carries at the most, and what carrying so many bytes takes. */
export interface Burst {
  readonly most: Amount;
  readonly time: (bytes: Amount) => Amount;
  /** Bytes that could have been carried while addresses, waits and turnarounds took the medium. */
  readonly overhead: number;
}

/** Reads that are refused until the data are there, and asked again and again. */
export interface Delayed {
  readonly kind: "delayed";
  /** Data that the bridge fetches for one request. */
  readonly prefetch: Amount;
  /** From a refusal to the next attempt. */
  readonly gap: Amount;
}

/** Reads whose answer is a transfer of its own, and that let others use the medium meanwhile. */
export interface Split {
  readonly kind: "split";
  /** Data that one request may ask for. */
  readonly most: Amount;
  /** Requests that may be unanswered. */
  readonly outstanding: PartOf<"pool">;
}

/** A medium that carries one transfer at a time, of whichever device and direction. */
export interface SharedBus {
  readonly medium: PartOf<"bus">;
  readonly landed: PartOf<"order">;
  readonly arbitration: Amount;
  readonly write: Burst;
  readonly answer: Burst;
  /** What a request, or a refused attempt, takes of the medium. */
  readonly request: Amount;
  readonly reads: Delayed | Split;
  /** From the request at the bridge until the data are there. */
  readonly fetch: Amount;
  readonly upstream: Amount;
  readonly landing: Amount;
  readonly downstream: Amount;
  readonly load: Amount;
  /** Beside the medium, for a wire; over it, for a message. */
  readonly interrupt: (label: string) => readonly Step[];
}

/** The operations of the role `bus`, on a shared medium. */
export function sharedOperations<P extends Params, Parts extends Record<string, Part>>(
  operation: OperationOf<P, Parts, Record<never, never>>,
  describe: (context: { readonly params: Values<P>; readonly parts: Parts }) => SharedBus,
): Readonly<Record<string, Operation<P, Parts, Record<never, never>>>> {
  return {
    write: operation({
      meaning: "a device writes to host memory; with visible, until the bridge and the memory have it",
      steps: ({ passed, ...context }) => {
        const bus = describe(context);
        return [...up(bus, bytesOf(passed), labelOf(passed)), ...(passed["visible"] === true ? flight(bus, `${labelOf(passed)} flight`, ZERO) : [])];
      },
    }),
    visible: operation({
      meaning: "what the device has written can be read from memory, behind what was written before it",
      steps: ({ passed, ...context }) => {
        const bus = describe(context);
        return [...flight(bus, labelOf(passed), (passed["extra"] as Amount | undefined) ?? ZERO), delay(bus.landing, "landing in memory")];
      },
    }),
    read: operation({
      meaning: "a device reads host memory, until the first or the last burst",
      steps: ({ passed, ...context }) => readSteps(describe(context), { bytes: bytesOf(passed), label: labelOf(passed), first: passed["until"] === "first" }),
    }),
    atomic: operation({
      meaning: "a device reads a word of host memory and writes it back, and nobody else gets in between",
      steps: ({ passed, ...context }) => {
        const bus = describe(context);
        return [...readSteps(bus, { bytes: bytesOf(passed), label: labelOf(passed), first: false }), ...up(bus, bytesOf(passed), labelOf(passed))];
      },
    }),
    store: operation({
      meaning: "a core stores to a device: doorbell, work request or whole frame",
      steps: ({ passed, ...context }) => storeSteps(describe(context), bytesOf(passed), { label: labelOf(passed), within: (passed["within"] as Amount | undefined) ?? null }),
    }),
    load: operation({
      meaning: "a core reads a device's register and waits for the answer",
      steps: ({ passed, ...context }) => loadSteps(describe(context), (passed["bytes"] as Amount | undefined) ?? amountOf(4), { label: labelOf(passed), category: (passed["category"] as Category | undefined) ?? "user" }),
    }),
    interrupt: operation({
      meaning: "a device interrupts a processor",
      steps: ({ passed, ...context }) => describe(context).interrupt(labelOf(passed)),
    }),
  };
}

/** Bursts of a device's write, cut where the device must let others in. */
export function up(bus: SharedBus, bytes: Amount, label: string): readonly Step[] {
  return [delay(bus.arbitration, "arbitration", "arbitrate"), ...bursts(bus, bus.write, { bytes, label }), ...counted("up", bytes, bus.write)];
}

function bursts({ medium }: SharedBus, { most, time }: Burst, { bytes, label }: { readonly bytes: Amount; readonly label: string }): readonly Step[] {
  const full = before(bytes, most);
  const rest = left(bytes, full, most);
  return [transfer(medium, time(most), label, { units: full }), transfer(medium, time(rest), label)];
}

/** Full pieces before the last one. */
function before(bytes: Amount, most: Amount): Amount {
  return bytes.dividedUp(most).atLeast(1).minus(1);
}

/** What the last piece carries. */
function left(bytes: Amount, full: Amount, most: Amount): Amount {
  return bytes.minus(full.map((pieces) => pieces * most.of(0))).atLeast(1);
}

function counted(way: "up" | "down", bytes: Amount, { most, overhead }: Burst): readonly Step[] {
  return [count(`bus-${way}-payload`, bytes), count(`bus-${way}-overhead`, bytes.dividedUp(most).atLeast(1).times(overhead))];
}

function flight({ landed, upstream }: SharedBus, label: string, extra: Amount): readonly Step[] {
  return [inOrder(landed, label, upstream.plus(extra))];
}

interface Read {
  readonly bytes: Amount;
  readonly label: string;
  readonly first: boolean;
}

function readSteps(bus: SharedBus, read: Read): readonly Step[] {
  return bus.reads.kind === "delayed" ? delayedRead(bus, bus.reads, read) : splitRead(bus, bus.reads, read);
}

/** One request after the other, each asked for until the bridge has the data. */
function delayedRead(bus: SharedBus, { prefetch, gap }: Delayed, { bytes, label, first }: Read): readonly Step[] {
  const { request, fetch, medium } = bus;
  // The data are there `fetch` behind the first refusal; attempt k comes k gaps and k - 1 refusals behind it.
  const refusals = Math.max(0, Math.ceil((fetch.of(0) + request.of(0)) / (gap.of(0) + request.of(0))) - 1);
  const again = Array.from({ length: refusals }, () => [delay(gap, `${label} retry gap`, "retry"), transfer(medium, request, `${label} refused again`)]).flat();
  const piece = (size: Amount): readonly Step[] => [
    delay(bus.arbitration, "arbitration", "arbitrate"),
    transfer(medium, request, `${label} request`),
    ...again,
    delay(gap.plus(amountOf(0, fetch.origins)), `${label} retry gap`, "retry"),
    ...bursts(bus, bus.answer, { bytes: size, label }),
  ];
  const full = before(bytes, prefetch);
  const rest = left(bytes, full, prefetch);
  const account = counted("down", bytes, bus.answer);
  if (!first) return [...account, repeat(full, piece(prefetch)), ...piece(rest)];
  const others = spawn(repeat(full.minus(1), piece(prefetch)), ...piece(rest));
  return [...account, choose({ kind: "size", test: (payload) => full.of(payload) === 0 }, piece(rest), [...piece(prefetch), others])];
}

/** Requests at once, as many as may be unanswered; each answer is a transfer of the bridge's. */
function splitRead(bus: SharedBus, { most, outstanding }: Split, { bytes, label, first }: Read): readonly Step[] {
  const { request, fetch, medium, arbitration } = bus;
  const one = (size: Amount): readonly Step[] => [
    claim(outstanding, ONE, "outstanding reads"),
    delay(arbitration, "arbitration", "arbitrate"),
    transfer(medium, request, `${label} request`),
    delay(fetch, `${label} fetch`),
    delay(arbitration, "arbitration of the answer", "arbitrate"),
    ...bursts(bus, bus.answer, { bytes: size, label }),
    release(outstanding, ONE),
  ];
  const full = before(bytes, most);
  const rest = left(bytes, full, most);
  const others = choose({ kind: "size", test: (payload) => full.of(payload) > 1 }, [inParallel(label, ZERO, full.minus(1), one(most))]);
  const several = first ? [...one(most), spawn(all(label, [others], one(rest)))] : [all(label, [inParallel(label, ZERO, full, one(most))], one(rest))];
  return [...counted("down", bytes, bus.answer), choose({ kind: "size", test: (payload) => full.of(payload) === 0 }, one(rest), several)];
}

/** The host's bridge is a master like any other. With `within` the whole takes that long on an idle medium, if it can. */
function storeSteps(bus: SharedBus, bytes: Amount, { label, within }: { readonly label: string; readonly within: Amount | null }): readonly Step[] {
  const { most, time } = bus.write;
  const full = before(bytes, most);
  const alone = bus.arbitration.plus(full.map((pieces) => pieces * time(most).of(0))).plus(time(left(bytes, full, most)));
  const flown = within === null ? bus.downstream : within.minus(alone).atLeast(0);
  return [
    delay(flown, `${label} flight`, "propagate"),
    delay(bus.arbitration, "arbitration", "arbitrate"),
    ...bursts(bus, bus.write, { bytes, label }),
    ...counted("down", bytes, bus.write),
  ];
}

/** The core stands still meanwhile; the transfer takes the medium off its path. */
function loadSteps(bus: SharedBus, bytes: Amount, { label, category }: { readonly label: string; readonly category: Category }): readonly Step[] {
  return [spawn(transfer(bus.medium, bus.request, label), transfer(bus.medium, bus.answer.time(bytes), label)), count("mmio-reads"), ...counted("up", bytes, bus.answer), work(bus.load, category, label)];
}

const bytesOf = (passed: Passed): Amount => passed["bytes"] as Amount;
const labelOf = (passed: Passed): string => (typeof passed["label"] === "string" ? passed["label"] : "bus");
