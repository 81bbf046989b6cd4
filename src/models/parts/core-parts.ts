import {
  choice, chosen, duration, estimated, list, type Outage, type PartOf, percent, published, server, type SleepStates, stage, threads, timing, type Values,
} from "../../modeling/index.js";

const DEPTH = { poll: 0, c1: 1, c1e: 2, c6: 3 } as const;
/** Classes of work on a shared core; the engine puts interrupts (0) and deferred work (1) before them. */
const REAL_TIME = 2;
const ORDINARY = 3;

const skylake = published("linux-intel-idle");

/** What can be set of a host's cores. */
export const CORE_PARAMS = {
  threads: threads("thread name and the number of the core that it is pinned to; threads with one number share that core", chosen("a matter of how the host is set up")),
  "real-time": list([], "threads that go before the ordinary ones on a core that they share", chosen("none")),
  slice: duration("3 ms", "how long a thread runs while another one of its class waits for the same core", estimated("granularity of the fair scheduler on large machines", ["750 us", "4 ms"])),
  idle: choice(["poll", "c1", "c1e", "c6"], "poll", "deepest sleep state that an idle core may enter; poll: none, the core spins", chosen("latency-critical hosts boot with idle=poll; others allow C6")),
  governor: choice(["predict", "ladder", "deepest"], "predict", "how the state is chosen: from the mean of the last idle periods, step by step while the period lasts, or always the deepest", chosen("the kernel's default governors predict")),
  "c1.exit": duration("2 us", "from the interrupt to the first instruction, out of C1", skylake),
  "c1.residency": duration("2 us", "shortest idle period for which C1 pays", skylake),
  "c1e.exit": duration("10 us", "from the interrupt to the first instruction, out of C1E", skylake),
  "c1e.residency": duration("20 us", "shortest idle period for which C1E pays", skylake),
  "c6.exit": duration("133 us", "from the interrupt to the first instruction, out of C6", skylake),
  "c6.residency": duration("600 us", "shortest idle period for which C6 pays", skylake),
  "ramp.after": duration("0 ns", "idle time after which a core has lost its clock speed; zero: it keeps it", chosen("fixed frequency on latency-critical hosts")),
  "ramp.time": duration("100 us", "how long it runs slowly until its clock has been raised", estimated("10 to 500 us for a change of frequency", ["10 us", "500 us"])),
  "ramp.speed": percent("50%", "share of its speed at which it runs until then", estimated("lowest against nominal frequency", ["30%", "80%"])),
  "tick.every": duration("0 ns", "from one timer tick to the next; zero: none, as on cores that are kept free of it", chosen("nohz_full on latency-critical cores; else 1 to 4 ms")),
  "tick.time": duration("3 us", "how long a tick takes", estimated("2 to 5 us each", ["2 us", "5 us"])),
  "smi.every": timing("0 ns", "from one interrupt of the firmware to the next, which no software can prevent; zero: none", chosen("none on machines that are fit for it; else one in 10 s")),
  "smi.time": timing("100 us", "how long the firmware keeps the core", estimated("tens to hundreds of microseconds", ["20 us", "300 us"])),
  "pause.threads": list([], "threads whose cores stop for pauses of everything, as a collector of garbage makes them", chosen("none")),
  "pause.every": timing("100 ms", "from one pause to the next", estimated("a runtime under moderate load", ["10 ms", "10 s"])),
  "pause.time": timing("1 ms", "how long a pause lasts", estimated("a young generation's collection", ["100 us", "20 ms"])),
  interrupt: duration("600 ns", "from the interrupt message at the processor to the first instruction of the handler", estimated("vector dispatch, entry and register save", ["400 ns", "1 us"])),
  hardirq: duration("500 ns", "interrupt handler: mask the source, mark the poll as due", estimated("traces of 10G drivers", ["250 ns", "900 ns"])),
  softirq: duration("300 ns", "from the handler's end to the first turn of the deferred work", estimated("traces of 10G drivers", ["150 ns", "600 ns"])),
  switch: timing("1200 ns", "waking a thread that sleeps: wake-up, inter-processor interrupt and context switch; fixed or a distribution", estimated("sleeping receivers cost 1.25 us more per wake-up than polling ones (Homa on Linux)", ["800 ns", "2.5 us"])),
  syscall: duration("70 ns", "entry and exit of one system call", estimated("bare entry; about 250 ns with page-table isolation", ["50 ns", "400 ns"])),
  completion: duration("20 ns", "work on one completion entry: check its owner bit, take its fields", published("openucx")),
} as const;

type CoreParams = Values<typeof CORE_PARAMS>;

/** Cores of their own by "core3"; where threads share one, or something takes it away, "processor3" and each thread by its name. */
export type Cores = Readonly<Record<string, PartOf<"server"> | PartOf<"stage">>>;

export function makeCores({ params }: { readonly params: CoreParams }): Cores {
  const numbers = [...new Set(Object.values(params.threads))];
  return Object.assign({}, ...numbers.map((core) => partsOf(params, core))) as Cores;
}

function partsOf(params: CoreParams, core: number): Cores {
  const names = Object.keys(params.threads).filter((thread) => params.threads[thread] === core);
  const sleep = sleepOf(params);
  const outages = outagesOf(params, names);
  const ramp = params["ramp.after"].of(0) === 0 ? null : { after: params["ramp.after"], time: params["ramp.time"], speed: params["ramp.speed"] };
  if (names.length === 1 && outages.length === 0 && ramp === null) return { [`core${core}`]: server({ sleep, threads: names }) };
  const processor = stage({ discipline: "preemptive", outages, processor: { slice: params.slice, switch: params.switch, ramp } });
  const klass = (thread: string): number => (params["real-time"].includes(thread) ? REAL_TIME : ORDINARY);
  const own = names.map((thread) => [thread, server({ sleep, threads: [thread], shares: { processor, klass: klass(thread) } })] as const);
  return { [`processor${core}`]: processor, ...Object.fromEntries(own) };
}

function sleepOf(params: CoreParams): SleepStates | null {
  const depths = params.idle === "poll" ? [] : (["c1", "c1e", "c6"] as const).filter((state) => DEPTH[state] <= DEPTH[params.idle]);
  const states = depths.map((state) => ({ name: state, exit: params[`${state}.exit`], residency: params[`${state}.residency`] }));
  return states.length === 0 ? null : { governor: params.governor, states };
}

function outagesOf(params: CoreParams, threadsOfCore: readonly string[]): Outage[] {
  const paused = params["pause.threads"].some((thread) => threadsOfCore.includes(thread));
  return [
    ...timed("tick", params["tick.every"], params["tick.time"]),
    ...timed("firmware", params["smi.every"], params["smi.time"]),
    ...(paused ? timed("pause", params["pause.every"], params["pause.time"]) : []),
  ];
}

function timed(name: string, every: Outage["every"], time: Outage["time"]): Outage[] {
  return every.sampler === null && every.of(0) === 0 ? [] : [{ name, every, time }];
}
