import {
  type Amount, amountOf, checkTorn, choice, choose, chosen, count, defineModel, duration, estimated, hold, type HoldOptions, type InstanceRef,
  type PartOf, published, server, type Step, text, threads, timing, use, work,
} from "../../modeling/index.js";

/** Keys of what a core remembers along one path: where the message can be noticed, and what is due once it has been. */
const WATCHED = "watched";
const AFTERWARDS = "afterwards";
const ONE = amountOf(1);
const DEPTH = { poll: 0, c1: 1, c1e: 2, c6: 3 } as const;

const HOLDER = "holder";
const own = chosen("the application's own");
const RUN = {
  time: timing(null, "time of the work, fixed or a distribution", own),
  core: text(HOLDER, "thread that does it; holder: the one that the message has come to", own),
};
const COPY = { to: choice(["user", "kernel"], "user", "where the copy goes", own) };
const POLL = {
  watch: text(null, "what it looks at: cq, or the flag of a region, e.g. b.mailbox.flag", own),
  core: text("app", "thread that polls", own),
  loop: duration("20 ns", "time of one turn of the loop", estimated("a load that hits, a compare, a branch and a pause", ["5 ns", "40 ns"])),
  jitter: duration("0 ns", "largest extra time of one turn", chosen("a steady loop")),
};

const skylake = published("linux-intel-idle");

/** Cores with the threads pinned to them: who runs where, what noticing work costs, and the work itself. */
export default defineModel({
  name: "host/core",
  title: "Processor cores, their threads and their sleep states",
  about:
    "Every thread is pinned to a core; threads with one core number share it and queue for it. A core that sleeps chooses its state when it falls idle, " +
    "from what it has seen so far, and pays the exit of the state it is really in. Interrupts, wake-ups, system calls, copies, polling loops and the application's own work run here.",
  provides: "cpu",
  needs: { memory: "memory", copier: "copier" },
  params: {
    threads: threads("thread name and the number of the core that it is pinned to; threads with one number share that core", chosen("a matter of how the host is set up")),
    idle: choice(["poll", "c1", "c1e", "c6"], "poll", "deepest sleep state that an idle core may enter; poll: none, the core spins", chosen("latency-critical hosts boot with idle=poll; others allow C6")),
    governor: choice(["predict", "ladder", "deepest"], "predict", "how the state is chosen: from the mean of the last idle periods, step by step while the period lasts, or always the deepest", chosen("the kernel's default governors predict")),
    "c1.exit": duration("2 us", "from the interrupt to the first instruction, out of C1", skylake),
    "c1.residency": duration("2 us", "shortest idle period for which C1 pays", skylake),
    "c1e.exit": duration("10 us", "from the interrupt to the first instruction, out of C1E", skylake),
    "c1e.residency": duration("20 us", "shortest idle period for which C1E pays", skylake),
    "c6.exit": duration("133 us", "from the interrupt to the first instruction, out of C6", skylake),
    "c6.residency": duration("600 us", "shortest idle period for which C6 pays", skylake),
    interrupt: duration("600 ns", "from the interrupt message at the processor to the first instruction of the handler", estimated("vector dispatch, entry and register save", ["400 ns", "1 us"])),
    hardirq: duration("500 ns", "interrupt handler: mask the source, mark the poll as due", estimated("traces of 10G drivers", ["250 ns", "900 ns"])),
    softirq: duration("300 ns", "from the handler's end to the first turn of the deferred work", estimated("traces of 10G drivers", ["150 ns", "600 ns"])),
    switch: duration("1200 ns", "waking a thread that sleeps: wake-up, inter-processor interrupt and context switch", estimated("sleeping receivers cost 1.25 us more per wake-up than polling ones (Homa on Linux)", ["800 ns", "2.5 us"])),
    syscall: duration("70 ns", "entry and exit of one system call", estimated("bare entry; about 250 ns with page-table isolation", ["50 ns", "400 ns"])),
    completion: duration("20 ns", "work on one completion entry: check its owner bit, take its fields", published("openucx")),
  },
  parts: ({ params }) => {
    const { idle, governor } = params;
    const depths = idle === "poll" ? [] : (["c1", "c1e", "c6"] as const).filter((state) => DEPTH[state] <= DEPTH[idle]);
    const states = depths.map((state) => ({ name: state, exit: params[`${state}.exit`], residency: params[`${state}.residency`] }));
    const numbers = [...new Set(Object.values(params.threads))];
    const sleep = states.length === 0 ? null : { governor, states };
    const onCore = (core: number): string[] => Object.keys(params.threads).filter((thread) => params.threads[thread] === core);
    return Object.fromEntries(numbers.map((core): [string, PartOf<"server">] => [`core${core}`, server({ sleep, threads: onCore(core) })]));
  },
  operations: (operation) => ({
    enter: operation({
      meaning: "a thread takes its core",
      steps: (context) => [hold(coreOf(context, context.passed["thread"]), holdOptions(context.passed))],
    }),
    interrupt: operation({
      meaning: "an interrupt reaches the core of a thread: exit from sleep, delivery, handler, deferred work",
      steps: (context) => [
        hold(coreOf(context, context.passed["thread"]), { how: "sleep", label: "core of the interrupt" }),
        count("interrupts"),
        work(context.params.interrupt, "hardirq", "interrupt delivery", "irq"),
        work(context.params.hardirq, "hardirq", "interrupt handler", "irq"),
        work(context.params.softirq, "softirq", "softirq", "irq"),
      ],
    }),
    resume: operation({
      meaning: "a sleeping thread is woken and takes its core; one that still runs finds the message without being woken",
      steps: (context) => [
        hold(coreOf(context, context.passed["thread"]), { how: "sleep", amount: context.params.switch, label: "wake-up", wakeAccount: "switches" }),
        ...noticed(context.state),
      ],
    }),
    "if-spinning": operation({
      meaning: "one way for a message that finds its thread at work or still spinning, another for one that finds it asleep",
      steps: (context) => spinSteps(context, context.passed as unknown as Spinning),
    }),
    syscall: operation({
      meaning: "one system call on the core that is held",
      steps: ({ params }) => [count("syscalls"), work(params.syscall, "sys", "system call")],
    }),
    announce: operation({
      meaning: "a device says where the message can be noticed, and what is to be done for it once it has been",
      steps: ({ state, passed }) => announced(state, passed),
    }),
    run: operation({
      from: ["umem", "pinned"],
      meaning: "the application works on the message",
      args: RUN,
      main: "time",
      steps: (context) => runSteps(context, context.args.time, context.args.core),
    }),
    copy: operation({
      meaning: "the kernel copies the payload to or from user memory",
      args: COPY,
      main: "to",
      steps: ({ needs, passed, args }) => [use(needs.copier, "between", { to: passed["to"] ?? args.to })],
    }),
    poll: operation({
      from: ["pinned", "umem"],
      meaning: "a thread that looks again and again finds the message: at a byte that the sender writes last, or in a completion queue",
      args: POLL,
      steps: (context) => {
        const { args } = context;
        checkWatched(context, args.watch);
        return [hold(coreOf(context, args.core), { how: "poll", amount: args.loop, jitter: args.jitter, label: "polling loop" }), ...lookSteps(context, args.watch)];
      },
    }),
  }),
});

interface Threads {
  readonly params: { readonly threads: Readonly<Record<string, number>> };
  readonly parts: Readonly<Record<string, PartOf<"server">>>;
  readonly refuse: (code: string, message: string, remedy?: string) => never;
}

/** The core that a thread is pinned to. */
function coreOf({ params, parts, refuse }: Threads, thread: unknown): PartOf<"server"> {
  const name = String(thread);
  const known = Object.keys(params.threads).join(", ") || "none";
  return parts[`core${params.threads[name]}`] ?? refuse("thread-unknown", `the host has no thread "${name}"; its threads are ${known}`, `name it under the host's cores, e.g. cores: { ${name}: 3 }`);
}

interface Spinning {
  readonly thread: string;
  readonly window: Amount;
  readonly yes: readonly Step[];
  readonly no: readonly Step[];
}

function spinSteps(context: Threads, { thread, window, yes, no }: Spinning): readonly Step[] {
  return [choose({ kind: "spinning", server: coreOf(context, thread), window }, yes, no)];
}

function announced(state: Map<string, unknown>, passed: Readonly<Record<string, unknown>>): readonly Step[] {
  state.set(WATCHED, passed["watched"]);
  state.set(AFTERWARDS, passed["afterwards"] ?? []);
  return [];
}

function runSteps(context: Threads, time: Amount | undefined, thread: string): readonly Step[] {
  if (time === undefined) return context.refuse("parameter-missing", "run needs a time", "write it behind the operation, e.g. run: 1 us");
  const entry = thread === HOLDER ? [] : [hold(coreOf(context, thread), { label: thread })];
  return [...entry, work(time, "user", "run")];
}

interface Looking {
  readonly params: { readonly completion: Amount };
  readonly needs: { readonly memory: InstanceRef };
  readonly state: Map<string, unknown>;
}

/** The look that finds the message: the line comes from the device's write, then it is known to be there. */
function lookSteps({ params, needs, state }: Looking, watch: string): readonly Step[] {
  return [
    count("polls"),
    use(needs.memory, "touch", { lines: ONE, label: "line fetch", category: "user", completion: watch === "cq" }),
    ...(watch === "cq" ? [work(params.completion, "user", "completion entry")] : [checkTorn()]),
    ...noticed(state),
  ];
}

function holdOptions(passed: Readonly<Record<string, unknown>>): Partial<HoldOptions> & { label: string } {
  const { label, how, amount, jitter, wakeAccount } = passed as Partial<HoldOptions>;
  return {
    label: label ?? "core",
    ...(how === undefined ? {} : { how }),
    ...(amount === undefined ? {} : { amount }),
    ...(jitter === undefined ? {} : { jitter }),
    ...(wakeAccount === undefined ? {} : { wakeAccount }),
  };
}

/** What a device asked to be done once the message has been noticed; asked for once. */
function noticed(state: Map<string, unknown>): readonly Step[] {
  const steps = (state.get(AFTERWARDS) ?? []) as readonly Step[];
  state.delete(AFTERWARDS);
  state.delete(WATCHED);
  return steps;
}

/** A loop that watches what nobody writes would never end. */
function checkWatched(context: { readonly state: Map<string, unknown>; readonly refuse: Threads["refuse"]; readonly region: (name: string) => unknown }, watch: string): void {
  const { state, refuse } = context;
  if (watch === undefined) refuse("parameter-missing", "poll needs to know what to watch", "write e.g. poll: { watch: cq }");
  if (watch !== "cq") {
    if (!watch.endsWith(".flag")) refuse("watch-unwritten", `"${watch}" cannot be watched`, "watch cq, or the flag of a region: <region>.flag");
    context.region(watch.slice(0, -".flag".length));
  }
  const written = state.get(WATCHED);
  if (written !== watch) refuse("watch-unwritten", `nothing before this step writes ${watch}`, written === undefined ? "send something there first, e.g. with rdma.write and flag: last-byte" : `watch ${String(written)}, which is written`);
}
