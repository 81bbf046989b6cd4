import {
  Amount, amountOf, bytes, cache, type Category, choice, choose, chosen, claimStage, count, dataRate, defineModel, delay, duration, estimated, number, published, rational,
  type PartOf, type SegmentKind, spawn, stage, type Step, type Values, work,
} from "../../modeling/index.js";

const PARAMS = {
  line: duration("85 ns", "read of a line that is in no cache, memory idle", published("memory-latency-checker")),
  next: duration("25 ns", "each further line of the same read: misses overlap", estimated("line fill buffers and the adjacent-line prefetcher", ["5 ns", "40 ns"])),
  device: duration("45 ns", "what a device's read takes longer from memory than from the cache", published("pcie-bench-data")),
  channels: number(6, "channels of one socket", chosen("six in this generation, eight in the next"), 1),
  interleave: bytes("0 B", "how many bytes lie on one channel before the next begins: an access of no more goes to one channel, by the hash of its address, which spreads them evenly; 0 B: each transfer lies on all channels at once", chosen("one server with the bandwidth of all, as transfers of many lines see it")),
  rate: dataRate("204.8 Gbit/s", "what one channel carries: 3200 MT/s of 8 B", chosen("DDR4-3200")),
  "refresh.every": duration("7.8 us", "from the start of one refresh to the start of the next; zero: never", estimated("average refresh interval of DDR4 up to 85 degrees", ["3.9 us", "7.8 us"])),
  "refresh.time": duration("350 ns", "how long a refresh keeps everybody out", estimated("DDR4 chips of 8 Gbit; 260 ns at 4 Gbit, 550 ns at 16 Gbit", ["260 ns", "550 ns"])),
  "row.policy": choice(["closed", "open"], "closed", "whether a row stays open for the next access to it; the times above are means without", chosen("servers close rows early")),
  "row.gain": duration("15 ns", "what an access to an open row saves, and what closing another row first costs", estimated("one row activation of DDR4", ["10 ns", "20 ns"])),
  "row.banks": number(16, "banks of one channel, each with one open row", chosen("four groups of four"), 1),
  "row.used": number(4096, "rows that the accesses go to, each as likely as another", estimated("32 MiB in rows of 8 KiB", ["64", "1000000"]), 1),
} as const;

/** Reads go ahead of writes, which nobody waits for. */
const READS = 0;
const WRITES = 1;

type Params = Values<typeof PARAMS>;
type Parts = ReturnType<typeof makeParts>;

function makeParts({ params }: { readonly params: Params }) {
  const rows = params["row.policy"] === "closed" ? {} : { rows: cache({ entries: params["row.banks"].of(0) * params.channels.of(0), keys: "uniform", workingSet: params["row.used"].of(0) }) };
  return { channels: channel(params), ...rows } as { readonly channels: PartOf<"stage">; readonly rows?: PartOf<"cache"> };
}

/** One channel, or what stands for all of them: reads before writes, and nobody while it refreshes. */
function channel(params: Params): PartOf<"stage"> {
  const every = params["refresh.every"];
  return stage({ discipline: "priority", outages: every.of(0) === 0 ? [] : [{ name: "refresh", every, time: params["refresh.time"] }] });
}

/** Memory behind the caches: channels that everybody shares, rows that are open or not, refresh that stops all. */
export default defineModel({
  name: "host/dram",
  title: "Memory controller and its channels",
  about:
    "A line that is in no cache comes from here. Bytes occupy the channels, so the more is moved the longer each access waits; reads go before writes. " +
    "Several times in a hundred microseconds the chips refresh themselves and answer nobody, which is seen in the tail of whatever reads memory.",
  provides: "dram",
  params: PARAMS,
  parts: makeParts,
  operations: (operation) => ({
    load: operation({
      meaning: "a core stands still until lines have come; what the step has paid for already is taken off",
      steps: (context) => {
        const { params, passed } = context;
        const lines = passed["lines"] as Amount;
        const size = lines.times(64);
        const whole = params.line.plus(lines.map((value) => (value - 1) * params.next.of(0))).plus(passed["hop"] as Amount).minus(passed["paid"] as Amount).plus(amountOf(0, params.next.origins));
        return stalled(context, { size, whole, category: passed["category"] as Category, label: passed["label"] as string, kind: "process" });
      },
    }),
    stream: operation({
      meaning: "a core works for a time in which so many bytes cross the channels",
      steps: (context) => {
        const { passed } = context;
        return stalled(context, { size: passed["bytes"] as Amount, whole: passed["time"] as Amount, category: passed["category"] as Category, label: passed["label"] as string, kind: passed["kind"] as SegmentKind });
      },
    }),
    fetch: operation({
      meaning: "a device reads what is in no cache; the time is landed by whoever asks",
      steps: (context) => {
        const { params, passed } = context;
        const size = passed["bytes"] as Amount;
        const land = passed["land"] as (extra: Amount) => readonly Step[];
        return [...moved(size, asker(passed)), ...taken(context, size, { klass: READS }), ...land(params.device.minus(occupancy(params, size)).atLeast(0))];
      },
    }),
    write: operation({
      meaning: "bytes go to memory, written by a device or thrown out of a cache; nobody waits for them",
      steps: (context) => {
        const size = context.passed["bytes"] as Amount;
        return [...moved(size, asker(context.passed)), ...taken(context, size, { klass: WRITES })];
      },
    }),
    traffic: operation({
      meaning: "another program reads or writes memory: its bytes occupy the channels and nothing else",
      args: { bytes: bytes(null, "bytes that cross the channels", chosen("the scenario's own")), as: choice(["read", "write"], "read", "whether they go ahead of writes", chosen("the scenario's own")) },
      main: "bytes",
      steps: (context) => {
        const { params, args } = context;
        return [
          ...moved(args.bytes, CORES),
          ...taken(context, args.bytes, { klass: args.as === "read" ? READS : WRITES }),
          delay(params.line.minus(occupancy(params, args.bytes)).atLeast(0), "memory access"),
        ];
      },
    }),
  }),
});

/** What an operation of memory sees of its surroundings. */
interface Memory {
  readonly params: Params;
  readonly parts: Parts;
  readonly state: Map<string, unknown>;
  readonly part: (name: string, make: () => PartOf<"stage">) => PartOf<"stage">;
}

const CORES = "cpu";
const OTHERS = "others";
const ACCESSES = "accesses";

/** Last part of the name of whoever asks, which is a device. */
const asker = ({ by }: Readonly<Record<string, unknown>>): string => (typeof by === "string" ? by.slice(by.lastIndexOf(".") + 1) : OTHERS);

/** Bytes that cross the channels, in all and by who wants them moved. */
function moved(size: Amount, by: string): readonly Step[] {
  return [count("memory-bytes", size), count(`memory-bytes-by-${by}`, size)];
}

/** Time that bytes take on the channels: on one of them if they are few enough to lie on one, otherwise on all together. */
function occupancy(params: Params, size: Amount): Amount {
  const all = params.rate.scaled(rational(1, params.channels.of(0))).timeFor(size);
  const one = params.rate.timeFor(size);
  const limit = params.interleave.of(0);
  return new Amount((payload) => (size.of(payload) <= limit ? one : all).of(payload), [...all.origins, ...params.interleave.origins]);
}

/** Takes the channels for so many bytes: the one that the hash of the address names, or all of them. */
function taken(memory: Memory, size: Amount, how: { readonly klass: number; readonly keepsCore?: boolean }): readonly Step[] {
  const { params, parts, state, part } = memory;
  const time = occupancy(params, size);
  const on = (part: PartOf<"stage">): Step => claimStage(part, time, "memory channels", how);
  const limit = params.interleave.of(0);
  if (limit === 0) return [on(parts.channels)];
  // Each access of a path has an address of its own.
  const access = ((state.get(ACCESSES) as number | undefined) ?? 0) + 1;
  state.set(ACCESSES, access);
  const one = (index: number): Step => on(part(`channel${index}`, () => channel(params)));
  const apart = (from: number, to: number): readonly Step[] => {
    if (to - from === 1) return [one(from)];
    const middle = (from + to) >> 1;
    return [choose({ kind: "chance", probability: (middle - from) / (to - from), name: `channels ${from} to ${to} of access ${access}` }, apart(from, middle), apart(middle, to))];
  };
  // A long transfer takes its part of every channel, and waits for the first of them.
  const channels = params.channels.of(0);
  const others = Array.from({ length: channels - 1 }, (_, index) => spawn(one(index + 1)));
  return [choose({ kind: "size", test: (payload) => size.of(payload) <= limit }, apart(0, channels), [...others, one(0)])];
}

interface Stall {
  readonly size: Amount;
  readonly whole: Amount;
  readonly category: Category;
  readonly label: string;
  readonly kind: SegmentKind;
}

/** A core stands still: for its turn on the channels, and for the rest of the time that the access takes. */
function stalled(memory: Memory, { size, whole, category, label, kind }: Stall): readonly Step[] {
  const { params, parts } = memory;
  const own = occupancy(params, size);
  const access = (time: Amount): readonly Step[] => [
    ...moved(size, CORES),
    ...taken(memory, size, { klass: READS, keepsCore: true }),
    work(time.minus(own).atLeast(0), category, label, kind),
  ];
  const gain = params["row.gain"];
  return parts.rows === undefined ? access(whole) : [choose({ kind: "hit", cache: parts.rows }, access(whole.minus(gain)), access(whole.plus(gain)))];
}
