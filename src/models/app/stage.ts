import {
  type Amount, amountOf, choose, chosen, defineModel, duration, estimated, type InstanceRef, number, type PartOf, repeat, spawn, type Step, text, timing, turn, use, type Values,
  work, ZERO,
} from "../../modeling/index.js";

/** The thread to which the message has come already. */
const HOLDER = "holder";
const own = chosen("the application's own");

const PARAMS = {
  core: text(HOLDER, "thread that works; holder: the one that the message has come to", own),
  parse: timing("100 ns", "reading the message's fields", estimated("a fixed binary layout of some ten fields", ["20 ns", "1 us"])),
  decide: timing("1 us", "what is thought about it", own),
  encode: timing("100 ns", "writing the answer", estimated("a template with some fields to fill in", ["20 ns", "1 us"])),
  log: timing("500 ns", "noting what was done, off the path", estimated("formatting a line into a buffer", ["50 ns", "5 us"])),
  logger: text("app", "thread that writes the log; where it is the one that works, the next message may have to wait for it", own),
  start: timing("0 ns", "getting ready after the thread has been idle, fixed or a distribution: a set-up", chosen("none")),
  housekeeping: timing("0 ns", "what the thread does again and again while it has nothing to do; a message that comes meanwhile waits for its end: a vacation", chosen("none")),
  every: number(0, "messages from one piece of periodic work to the next; zero: none", chosen("none")),
  extra: timing("0 ns", "the periodic work, done by the decision of every so many messages", own),
  "cold.after": duration("0 ns", "idle time after which others have pushed the code and its data out of the caches; zero: never", chosen("a core with caches of its own")),
  "cold.lines": number(8, "lines that must then come from memory, one after the other", estimated("a call chain's code and the data it begins with", ["2", "200"])),
} as const;

interface Stage {
  readonly params: Values<typeof PARAMS>;
  readonly parts: { readonly rounds?: PartOf<"turn"> };
  readonly needs: { readonly cpu: InstanceRef<"cpu">; readonly dram: InstanceRef<"dram"> };
}

/** What an application does with a message, piece by piece. */
export default defineModel({
  name: "app/stage",
  title: "Stages of an application: parse, decide, encode, log",
  about:
    "Each stage is work of a thread, fixed or drawn. The thread may need to get ready after a rest, may be busy with its own affairs when a message comes, does something extra every so many messages, " +
    "and finds its caches cold after a long rest. The log is written off the path: it delays only what comes behind it.",
  needs: { cpu: "cpu", dram: "dram" },
  params: PARAMS,
  parts: ({ params }) => (params.every.of(0) === 0 ? {} : { rounds: turn({ every: params.every.of(0) }) }) as { readonly rounds?: PartOf<"turn"> },
  operations: (operation) => ({
    parse: operation({
      from: ["umem", "pinned"],
      meaning: "the thread takes the message, gets ready if it must, and reads it",
      steps: (stage) => [...taken(stage), ...cold(stage), work(stage.params.parse, "user", "parse")],
    }),
    decide: operation({
      from: ["umem", "pinned"],
      meaning: "the decision, and every so many messages something more",
      steps: (stage) => [...taken(stage), work(stage.params.decide, "user", "decide"), ...periodic(stage)],
    }),
    encode: operation({
      from: ["umem", "pinned"],
      meaning: "the answer is written",
      steps: (stage) => [...taken(stage), work(stage.params.encode, "user", "encode")],
    }),
    log: operation({
      meaning: "what was done is noted, off the path",
      steps: ({ params, needs }) => [spawn(use(needs.cpu, "enter", { thread: params.logger, label: "log" }), work(params.log, "user", "log"))],
    }),
  }),
});

/** The thread takes the message: at once, after its set-up, or when it has done with what it does while it has nothing to do. */
function taken({ params, needs }: Stage): readonly Step[] {
  const thread = params.core;
  if (thread === HOLDER) return [];
  if (isSome(params.housekeeping)) return [use(needs.cpu, "enter", { thread, how: "poll", amount: params.housekeeping, label: "housekeeping" })];
  return [use(needs.cpu, "enter", isSome(params.start) ? { thread, how: "sleep", amount: params.start, label: "set-up" } : { thread, label: thread })];
}

function isSome(time: Amount): boolean {
  return time.sampler !== null || time.of(0) > 0;
}

function cold({ params, needs }: Stage): readonly Step[] {
  if (params["cold.after"].of(0) === 0) return [];
  const line = use(needs.dram, "load", { lines: amountOf(1), hop: ZERO, paid: ZERO, category: "user", label: "cold start" });
  return [choose({ kind: "warm", window: params["cold.after"] }, [], [repeat(params["cold.lines"], [line])])];
}

function periodic({ params, parts }: Stage): readonly Step[] {
  return parts.rounds === undefined ? [] : [choose({ kind: "every", turn: parts.rounds }, [work(params.extra, "user", "periodic work")])];
}
