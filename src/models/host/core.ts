import {
  type Amount, amountOf, checkTorn, choice, choose, chosen, count, defineModel, duration, estimated, hold, type HoldOptions, type InstanceRef,
  type PartOf, type Step, text, timing, use, work,
} from "../../modeling/index.js";
import { CORE_PARAMS, makeCores, type Cores } from "../parts/core-parts.js";

/** Keys of what a core remembers along one path: where the message can be noticed, and what is due once it has been. */
const WATCHED = "watched";
const AFTERWARDS = "afterwards";
const ONE = amountOf(1);

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
  loop: timing("20 ns", "time of one turn of the loop, fixed or a distribution: then a message waits for the rest of whatever turn it meets", estimated("a load that hits, a compare, a branch and a pause", ["5 ns", "40 ns"])),
  jitter: duration("0 ns", "largest extra time of one turn", chosen("a steady loop")),
};

/** Cores with the threads pinned to them: who runs where, what noticing work costs, and the work itself. */
export default defineModel({
  name: "host/core",
  title: "Processor cores, their threads and their sleep states",
  about:
    "Every thread is pinned to a core; threads with one core number share it: interrupts go before deferred work, that before real-time threads, those before the others, who take turns in slices. " +
    "A timer tick, firmware or a pause of everything may take a core from its work. A core that sleeps chooses its state when it falls idle, " +
    "from what it has seen so far, and pays the exit of the state it is really in. Interrupts, wake-ups, system calls, copies, polling loops and the application's own work run here.",
  provides: "cpu",
  needs: { memory: "memory", copier: "copier" },
  params: CORE_PARAMS,
  parts: makeCores,
  operations: (operation) => ({
    enter: operation({
      meaning: "a thread takes its core",
      steps: (context) => [hold(coreOf(context, context.passed["thread"]), holdOptions(context.passed))],
    }),
    interrupt: operation({
      meaning: "an interrupt reaches the core of a thread: exit from sleep, delivery, handler, deferred work",
      steps: (context) => interrupted(context),
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
    owns: operation({
      meaning: "the host has such a thread; it takes no time to know",
      steps: (context) => {
        coreOf(context, context.passed["thread"]);
        return [];
      },
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
      steps: ({ needs, passed, args }) => [use(needs.copier, "between", { to: passed["to"] ?? args.to, bytes: passed["bytes"] })],
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
  readonly parts: Cores;
  readonly refuse: (code: string, message: string, remedy?: string) => never;
}

/** The core that a thread is pinned to. */
function coreOf({ params, parts, refuse }: Threads, thread: unknown): PartOf<"server"> {
  const name = String(thread);
  const known = Object.keys(params.threads).join(", ") || "none";
  return (params.threads[name] === undefined ? undefined : (parts[`core${params.threads[name]}`] ?? parts[name])) as PartOf<"server"> | undefined ?? refuse("thread-unknown", `the host has no thread "${name}"; its threads are ${known}`, `name it under the host's cores, e.g. cores: { ${name}: 3 }`);
}

function interrupted(context: Threads & { readonly params: Readonly<Record<"interrupt" | "hardirq" | "softirq", Amount>>; readonly passed: Readonly<Record<string, unknown>> }): readonly Step[] {
  const { params } = context;
  return [
    hold(coreOf(context, context.passed["thread"]), { how: "sleep", label: "core of the interrupt" }),
    count("interrupts"),
    work(params.interrupt, "hardirq", "interrupt delivery", "irq"),
    work(params.hardirq, "hardirq", "interrupt handler", "irq"),
    work(params.softirq, "softirq", "softirq", "irq"),
  ];
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
