import {
  type Amount, amountOf, bytes, cache, type Category, choice, choose, chosen, claimStage, count, dataRate, defineModel, delay, duration, estimated, number, published, rational,
  type SegmentKind, stage, type Step, type Values, work,
} from "../../modeling/index.js";

const PARAMS = {
  line: duration("85 ns", "read of a line that is in no cache, memory idle", published("memory-latency-checker")),
  next: duration("25 ns", "each further line of the same read: misses overlap", estimated("line fill buffers and the adjacent-line prefetcher", ["5 ns", "40 ns"])),
  device: duration("45 ns", "what a device's read takes longer from memory than from the cache", published("pcie-bench-data")),
  channels: number(6, "channels of one socket; the lines of a transfer lie on all of them in turn", chosen("six in this generation, eight in the next"), 1),
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
  const every = params["refresh.every"];
  const refresh = every.of(0) === 0 ? [] : [{ name: "refresh", every, time: params["refresh.time"] }];
  const rows = params["row.policy"] === "closed" ? {} : { rows: cache({ entries: params["row.banks"].of(0) * params.channels.of(0), keys: "uniform", workingSet: params["row.used"].of(0) }) };
  return { channels: stage({ discipline: "priority", outages: refresh }), ...rows } as { readonly channels: ReturnType<typeof stage>; readonly rows?: ReturnType<typeof cache> };
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
      steps: ({ params, parts, passed }) => {
        const lines = passed["lines"] as Amount;
        const size = lines.times(64);
        const whole = params.line.plus(lines.map((value) => (value - 1) * params.next.of(0))).plus(passed["hop"] as Amount).minus(passed["paid"] as Amount).plus(amountOf(0, params.next.origins));
        return stalled({ params, parts }, { size, whole, category: passed["category"] as Category, label: passed["label"] as string, kind: "process" });
      },
    }),
    stream: operation({
      meaning: "a core works for a time in which so many bytes cross the channels",
      steps: ({ params, parts, passed }) =>
        stalled({ params, parts }, { size: passed["bytes"] as Amount, whole: passed["time"] as Amount, category: passed["category"] as Category, label: passed["label"] as string, kind: passed["kind"] as SegmentKind }),
    }),
    fetch: operation({
      meaning: "a device reads what is in no cache; the time is landed by whoever asks",
      steps: ({ params, parts, passed }) => {
        const size = passed["bytes"] as Amount;
        const land = passed["land"] as (extra: Amount) => readonly Step[];
        return [count("memory-bytes", size), claimStage(parts.channels, occupancy(params, size), "memory channels", { klass: READS }), ...land(params.device.minus(occupancy(params, size)).atLeast(0))];
      },
    }),
    write: operation({
      meaning: "bytes go to memory, written by a device or thrown out of a cache; nobody waits for them",
      steps: ({ params, parts, passed }) => {
        const size = passed["bytes"] as Amount;
        return [count("memory-bytes", size), claimStage(parts.channels, occupancy(params, size), "memory channels", { klass: WRITES })];
      },
    }),
    traffic: operation({
      meaning: "another program reads or writes memory: its bytes occupy the channels and nothing else",
      args: { bytes: bytes(null, "bytes that cross the channels", chosen("the scenario's own")), as: choice(["read", "write"], "read", "whether they go ahead of writes", chosen("the scenario's own")) },
      main: "bytes",
      steps: ({ params, parts, args }) => [
        count("memory-bytes", args.bytes),
        claimStage(parts.channels, occupancy(params, args.bytes), "memory channels", { klass: args.as === "read" ? READS : WRITES }),
        delay(params.line.minus(occupancy(params, args.bytes)).atLeast(0), "memory access"),
      ],
    }),
  }),
});

/** Time that bytes take on all channels together. */
function occupancy(params: Params, size: Amount): Amount {
  return params.rate.scaled(rational(1, params.channels.of(0))).timeFor(size);
}

interface Stall {
  readonly size: Amount;
  readonly whole: Amount;
  readonly category: Category;
  readonly label: string;
  readonly kind: SegmentKind;
}

/** A core stands still: for its turn on the channels, and for the rest of the time that the access takes. */
function stalled({ params, parts }: { readonly params: Params; readonly parts: Parts }, { size, whole, category, label, kind }: Stall): readonly Step[] {
  const own = occupancy(params, size);
  const access = (time: Amount): readonly Step[] => [
    count("memory-bytes", size),
    claimStage(parts.channels, own, "memory channels", { klass: READS, keepsCore: true }),
    work(time.minus(own).atLeast(0), category, label, kind),
  ];
  const gain = params["row.gain"];
  return parts.rows === undefined ? access(whole) : [choose({ kind: "hit", cache: parts.rows }, access(whole.minus(gain)), access(whole.plus(gain)))];
}
