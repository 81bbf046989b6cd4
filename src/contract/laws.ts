import type { Machine } from "../engine/index.js";
import { InternalFault, WirelatError, WirelatErrors } from "../errors/index.js";
import type { Catalogue } from "../scenario/index.js";
import { isClosed, steady, tried, varies, type Bench, type Trial } from "./bench.js";

/** A law that every model keeps on every bench; the faults found, none when it holds. */
export interface Law {
  readonly name: string;
  readonly faults: (bench: Bench, catalogue: Catalogue) => readonly string[];
}

const MESSAGES = 400;
/** So slow that a message never meets another. */
const IDLE = "50 pps";
/** Bytes of the smallest and the largest payload that fits into one Ethernet frame behind any stack of headers. */
const SIZES = ["1 B", "1446 B"];

export const LAWS: readonly Law[] = [
  { name: "a run drains to empty, and everything that was claimed is given back", faults: drains },
  { name: "the same seed gives the same run, whatever shortcuts the engine takes", faults: repeats },
  { name: "without load the segments add up to the zero-load floor", faults: meetsFloor },
  { name: "the smallest and the largest message pass", faults: takesSizes },
  { name: "no part is busier than time allows, and overload fills one or is dropped", faults: saturates },
];

/** Names of the faults that an action ends in; null when there is none. */
function faultOf(action: () => void): string | null {
  try {
    action();
    return null;
  } catch (error) {
    if (error instanceof WirelatError || error instanceof WirelatErrors || error instanceof InternalFault || error instanceof TypeError || error instanceof RangeError) return error.message;
    throw error;
  }
}

function drains({ scenario }: Bench, catalogue: Catalogue): readonly string[] {
  const { machine } = tried(scenario, catalogue, { messages: Math.min(scenario.run.messages, MESSAGES) });
  // As many messages of each source as a scenario with one source has.
  const open = Math.max(1, scenario.traffic.filter((one) => !isClosed(one, catalogue)).length);
  return [...missing(machine), ...leaks((messages) => tried(steady(scenario, IDLE, catalogue), catalogue, { messages: messages * open }).machine)];
}

function missing({ sent, completed, drops }: Machine): readonly string[] {
  const dropped = drops.reduce((sum, count) => sum + count, 0);
  return completed + dropped === sent ? [] : [`${sent} messages were sent, ${completed} ended and ${dropped} were dropped`];
}

/** Numbers of messages, few and many, whose remainders differ: what is given back in bulk is short by another amount after each. */
const FEW = [60, 67, 75];
const MANY = [240, 251, 263];
/** Asked only of a pool that looks as if it leaked: what is given back in bulk by one of several flows is short by any amount up to the bulk, but by no more in the long run. */
const MOST = [960, 1013, 1067, 1131, 1187, 1249];

/** Pools that lose units: they run out although no message meets another, or are short by more the more messages there were. */
function leaks(run: (messages: number) => Machine): readonly string[] {
  const first = run(MANY[0] ?? 0);
  const out = first.pools.filter((pool) => pool.spec.refill === null && pool.refusals > 0).map((pool) => `${pool.spec.name} runs out of its ${pool.spec.capacity} units although no message meets another`);
  if (out.length > 0 || shortages(first).every((short) => short === 0)) return out;
  const few = FEW.map((messages) => shortages(run(messages)));
  const many = MANY.map((messages) => shortages(run(messages)));
  let known: readonly (readonly number[])[] | null = null;
  return first.pools.flatMap(({ spec }, index) => {
    const before = Math.max(...few.map((all) => all[index] ?? 0));
    const after = Math.min(...many.map((all) => all[index] ?? 0));
    if (after <= 2 * before) return [];
    const most = known ?? MOST.map((messages) => shortages(run(messages)));
    known = most;
    const worst = Math.max(...many.map((all) => all[index] ?? 0));
    return Math.min(...most.map((all) => all[index] ?? 0)) > worst ? [`${spec.name} is short of ${after} of its ${spec.capacity} units, and of more the longer it runs`] : [];
  });
}

/** Units that each pool lacks once everything announced has come back. */
function shortages(machine: Machine): readonly number[] {
  machine.agenda.calendar.time = Number.MAX_SAFE_INTEGER;
  return machine.pools.map((pool) => {
    let low = 0;
    let high = pool.spec.refill === null && !pool.hasRoom(pool.spec.capacity) ? pool.spec.capacity : 0;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (pool.hasRoom(pool.spec.capacity - middle)) high = middle;
      else low = middle + 1;
    }
    return high;
  });
}

function repeats({ scenario }: Bench, catalogue: Catalogue): readonly string[] {
  const messages = Math.min(scenario.run.messages, MESSAGES);
  const prints = [{}, {}, { fuse: false }, { detour: true }].map((options) => tried(scenario, catalogue, { messages, seed: 7, ...options }).machine.ledger.fingerprint.text);
  const names = ["", "a second run", "a run without fused instructions", "a run with every claim through the calendar"];
  return names.flatMap((name, index) => (prints[index] === prints[0] ? [] : [`${name} ends in the fingerprint ${prints[index]}, not in ${prints[0]}`]));
}

/** Sources that wait for their answers are no case of it: their messages meet each other, or all find a polling loop at one phase. */
function meetsFloor({ scenario }: Bench, catalogue: Catalogue): readonly string[] {
  if (scenario.traffic.some((one) => isClosed(one, catalogue))) return [];
  return floorFaults(tried(steady(scenario, IDLE, catalogue), catalogue, { messages: 64 }));
}

/** Where nothing varies, the first message takes the floor to the picosecond; otherwise the messages lie on both sides of it. */
function floorFaults({ compiled, measured }: Trial): readonly string[] {
  const exact = !varies(compiled);
  return measured.flatMap(({ metric: { name, floor }, latencies }) => {
    const [first] = latencies;
    if (floor === null || first === undefined) return [];
    const least = Math.min(...latencies);
    const most = Math.max(...latencies);
    if (exact) return first === floor ? [] : [`${name} of the first message is ${first} ps, and its floor ${floor} ps`];
    return least <= floor || most <= floor ? [] : [`${name} is never below ${least} ps, but its floor is ${floor} ps`];
  });
}

function takesSizes({ scenario }: Bench, catalogue: Catalogue): readonly string[] {
  if (scenario.traffic.every((one) => isClosed(one, catalogue))) return [];
  return SIZES.flatMap((size) => {
    const faults: string[] = [];
    const fault = faultOf(() => faults.push(...missing(tried(steady(scenario, IDLE, catalogue, size), catalogue, { messages: 16 }).machine)));
    return [...(fault === null ? [] : [fault]), ...faults].map((one) => `${size}: ${one}`);
  });
}

interface Load {
  readonly name: string;
  readonly busy: number;
  /** Busy time per message. */
  readonly each: number;
  readonly share: number;
}

/** One-server parts of a run with their busy time per message, the busiest first. */
function loads({ machine }: Trial): readonly Load[] {
  const { program } = machine;
  const elapsed = Math.max(1, machine.endTime);
  const parts = [
    ...program.stages.flatMap((spec, index) => [{ name: spec.name, busy: (machine.queues[index]?.busy ?? machine.stages.busy[index] ?? 0) / spec.servers }]),
    ...program.servers.map((spec, index) => ({ name: spec.name, busy: machine.servers.busy[index] ?? 0 })),
    ...program.buses.map((spec, index) => ({ name: spec.name, busy: machine.buses[index]?.busy ?? 0 })),
  ];
  return parts.map(({ name, busy }) => ({ name, busy, each: busy / Math.max(1, machine.sent), share: busy / elapsed })).sort((one, other) => other.each - one.each);
}

function saturates({ scenario }: Bench, catalogue: Catalogue): readonly string[] {
  if (scenario.traffic.some((one) => isClosed(one, catalogue))) return [];
  const [busiest] = loads(tried(steady(scenario, IDLE, catalogue), catalogue, { messages: 64 }));
  if (busiest === undefined || busiest.each < 1) return [];
  // Batches share work, so that what is overload for one message alone may be none yet for many.
  const faults = new Set<string>();
  for (const factor of OVERLOADS) {
    const period = Math.max(1, Math.floor(busiest.each / factor));
    const { over, full } = underLoad(tried(steady(scenario, `${Math.floor(1e12 / period)} pps`, catalogue), catalogue, { messages: MESSAGES }), period);
    for (const fault of over) faults.add(fault);
    if (full) return [...faults];
  }
  return [...faults, `under ${OVERLOADS.at(-1)} times the load that ${busiest.name} can serve nothing is busy above 85 %, nothing is late and nothing is dropped`];
}

/** How many times what the busiest part could serve is sent. */
const OVERLOADS = [2, 8, 64];

function underLoad(trial: Trial, period: number): { readonly over: readonly string[]; readonly full: boolean } {
  const { machine } = trial;
  const used = loads(trial);
  // What a part began last may end behind the last message.
  const over = used.filter(({ busy, each }) => busy > machine.endTime + 2 * each).map(({ name, share }) => `${name} is busy ${(share * 100).toFixed(1)} % of the time`);
  const late = machine.endTime > 1.3 * MESSAGES * period;
  return { over, full: late || machine.drops.some((count) => count > 0) || used.some(({ share }) => share > 0.85) };
}
