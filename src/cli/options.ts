import { WirelatError } from "../errors/index.js";

/** An option as the help and the documentation show it. */
export interface OptionSpec {
  readonly name: string;
  /** What stands for its value; null for a flag. */
  readonly value: string | null;
  readonly about: string;
  readonly repeatable?: true;
}

const option = (name: string, value: string | null, about: string, more: { readonly repeatable?: true } = {}): OptionSpec => ({ name, value, about, ...more });

const OUT = option("out", "DIR", "folder for the results, a folder for each scenario (default: results)");
const NO_CHARTS = option("no-charts", null, "draw no charts");
const QUIET = option("quiet", null, "show no progress and no report; only errors, and what failed");
const SEED = option("seed", "N", "seed of the random numbers, instead of the scenario's");
const MESSAGES = option("messages", "N", "messages of each run, instead of the scenario's; the warm-up keeps its share");
const MAX_MESSAGES = option("max-messages", "N", "most messages of a run that --precision may take (default: 100 times those of the run)");
const PLUGIN = option("plugin", "FILE|PACKAGE", "load models from a file (.ts, .js) or an npm package and run its code", { repeatable: true });
const ALLOW_PLUGINS = option("allow-plugins", null, "also run the code of the plug-ins that scenario files name");
const PLUGINS = [PLUGIN, ALLOW_PLUGINS];
const SET = option("set", "PATH=VALUE", "override a parameter everywhere, e.g. --set gw.nic.moderation.time=8us", { repeatable: true });

export interface CommandSpec {
  readonly name: string;
  /** Positional arguments as the help writes them. */
  readonly takes: string;
  readonly about: string;
  readonly options: readonly OptionSpec[];
  readonly examples: readonly (readonly [command: string, about: string])[];
}

/** Every command with its options: the reader, the help and docs/cli.md are made from this. */
export const COMMANDS: readonly CommandSpec[] = [
  {
    name: "run", takes: "[files..]", about: "Run scenarios, print what came of them and check what they promise",
    options: [
      OUT, option("json", null, "print the result as JSON and nothing else; no files are written unless --out is given"), SEED, MESSAGES,
      option("replications", "N", "run each case so often on other random numbers and merge the runs; intervals then come from how they scatter"),
      option("precision", "[METRIC:]STATISTIC=SHARE", "add replications until the interval of a statistic, of one metric or of every one, is that narrow to either side, e.g. p99=2% or mean=1%,t2t:p99=5%", { repeatable: true }),
      MAX_MESSAGES,
      option("variant", "NAME", "only this variant", { repeatable: true }), SET, ...PLUGINS, NO_CHARTS, QUIET,
      option("trace", "N", "also write a trace of the first N measured messages of each run (at most 100000), for ui.perfetto.dev and chrome://tracing"),
      option("pcap", "TAP", "also write the frames that pass a tap on a wire, e.g. gw.in, as pcapng with times in ns; at most 1,000,000 of each run", { repeatable: true }),
      option("hgrm", null, "also write the percentiles of each metric as HdrHistogram text"),
      option("csv", null, "also write a table with a row for each measured message: taps, latencies and segments in ps"),
      option("parquet", null, "also write the same table as Parquet"),
      option("all", null, "where nothing is named, all scenarios that come with wirelat; one line for each, no report, and no files unless --out is given"),
    ],
    examples: [
      ["$0 run my.yaml --variant base --trace 200 --csv", "for ui.perfetto.dev, and a row for each message"],
      ["$0 run --all", "does everything that ships keep its promises?"],
      ["$0 run scenarios/kernel-udp-t2t.yaml", "all variants at all sweep points"],
      ["$0 run scenarios/*.yaml --messages 5000 --no-charts", "a quick look at all of them"],
      ["$0 run my.yaml --precision p99=2%", "until p99 is known to 2 %, to either side, with 95 % confidence"],
      ["$0 run my.yaml --variant base --set gw.run.time=2us", "one variant with one number changed"],
      ["$0 run my.yaml --json | jq .runs[0].metrics[0].meanPs", "the mean, for a program"],
    ],
  },
  {
    name: "compare", takes: "[inputs..]", about: "Set the paths of scenarios, of results of earlier runs, or of measured latencies side by side, with what makes the difference",
    options: [
      OUT, option("json", null, "print the compared results as JSON and nothing else; no files are written unless --out is given"), SEED, MESSAGES,
      option("variant", "NAME", "this variant of the scenarios that have it, instead of base", { repeatable: true }),
      option("metric", "NAME", "this metric of those that have it, instead of the first of each"),
      option("point", "AXIS=VALUE", "at this sweep point, e.g. rate=20kpps, or at all: the paths of each point side by side, each against the baseline at that point", { repeatable: true }),
      option("baseline", "NAME", "what the others are set against, instead of the first"),
      option("replications", "N", "run each path so often, all on the same seeds; intervals of differences then come from how the replications differ, pair by pair"),
      option("precision", "STATISTIC=SHARE", "add replications until the interval of each difference is that narrow to either side, as a share of the baseline's value, e.g. p99=2% or mean=1%", { repeatable: true }),
      MAX_MESSAGES,
      option("fail-if", "CHANGE", 'exit with 1 when the mean, p50 or p99 changes by more than this and more than chance, e.g. "p99 > +5%"', { repeatable: true }), ...PLUGINS, NO_CHARTS, QUIET,
    ],
    examples: [
      ["$0 compare scenarios/kernel-udp-t2t.yaml scenarios/dpdk-t2t.yaml", "base variants, at a sweep point both have"],
      ["$0 compare my.yaml@base my.yaml@unmoderated", "two variants of one scenario"],
      ["$0 compare scenarios/kernel-udp-t2t.yaml scenarios/dpdk-t2t.yaml --point all", "at every sweep point that both have"],
      ["$0 compare my.yaml@base my.yaml@unmoderated --precision p99=1%", "until the difference of p99 is known to 1 % of what it was"],
      ["$0 compare before/result.json after/result.json", "every variant of two results"],
      ["$0 compare my.yaml measured.csv", "a simulated path and latencies measured elsewhere, one a line: 7.3 us"],
      ['$0 compare main.json my.yaml --fail-if "p99 > +5%"', "a gate for continuous integration"],
    ],
  },
  {
    name: "explain", takes: "[files..]", about: "Print what a scenario compiles to: every instruction, where each number comes from, and the zero-load budget; or what happened to single messages",
    options: [
      option("variant", "NAME", "this variant instead of base"),
      option("message", "N", "instead: what happened to message N, piece by piece, and whom it waited for"),
      option("worst", "N", "instead: the same of the N slowest messages"),
      option("at", "pQ", "instead: the same of the message at a percentile, e.g. p99.9"),
      option("metric", "NAME", "which latency messages are chosen by, instead of the first"), SEED, MESSAGES,
      option("out", "DIR", "with one of these: also draw a timeline of each message into a folder for each scenario"),
      SET, ...PLUGINS, option("json", null, "print the same as JSON"),
    ],
    examples: [
      ["$0 explain scenarios/fpga-t2t.yaml", "the program of its base variant at the first sweep point"],
      ["$0 explain my.yaml --variant unmoderated --json", "for a program"],
      ["$0 explain my.yaml --worst 3 --out results", "why were the three slowest messages slow? Also as pictures"],
      ["$0 explain my.yaml --at p99.9 --metric t2t", "a message at that percentile"],
    ],
  },
  {
    name: "models", takes: "[name]", about: "List the models and presets that scenarios can use, or print one with its parameters and operations",
    options: [PLUGIN, option("json", null, "print the same as JSON")],
    examples: [["$0 models", "all of them"], ["$0 models nic/generic", "parameters, ranges, sources, operations"]],
  },
  {
    name: "describe", takes: "[terms..]", about: "Say what a column, statistic, account, kind of segment, chart or field means, its unit and how it is worked out; without a name list them all",
    options: [option("json", null, "print the same as JSON")],
    examples: [["$0 describe poll", "a kind of segment"], ["$0 describe p99 copied-bytes", "a statistic and an account"], ["$0 describe", "all names, by group"]],
  },
  {
    name: "schema", takes: "", about: "Print the JSON Schema of scenario files, with every model, parameter and preset there is, for editors",
    options: [PLUGIN],
    examples: [["$0 schema --plugin ./my-nic.ts > schema.json", "with the models and presets of a plug-in"]],
  },
  {
    name: "new", takes: "[what..]", about: "Write a starting point that works as it stands: a model with its preset, scenario and timing test, or a scenario",
    options: [],
    examples: [["$0 new model acme/card", "a folder acme-card, an npm package with a model"], ["$0 new scenario my-trade", "a file my-trade.yaml"]],
  },
  {
    name: "check", takes: "[files..]",
    about: "Read and compile scenarios without running them, and print every error of every file; or try models against the contract that all models keep",
    options: [SET, ...PLUGINS, option("json", null, "print the errors as JSON on standard error, and what came of models on standard output")],
    examples: [
      ["$0 check scenarios/", "all scenarios of a folder"],
      ["$0 check nic/generic", "a model of the catalogue"],
      ["$0 check ./my-nic.ts", "the models of a plug-in, a file or a package"],
    ],
  },
];

/** What was given: `true` for a flag, the texts of every other option in their order. */
export type Values = Readonly<Record<string, true | readonly string[] | undefined>>;

/** The only value of an option, or null. Throws `option-value` when there are several. */
export function single(values: Values, name: string): string | null {
  const given = many(values, name);
  if (given.length > 1) throw new WirelatError("option-value", `--${name} is given ${given.length} times`, { remedy: "Give it once." });
  return given[0] ?? null;
}

/** All values of an option. */
export function many(values: Values, name: string): readonly string[] {
  const given = values[name];
  return given === undefined || given === true ? [] : given;
}

/** A whole number option from `least` to `most`, or null. Throws `option-value`. */
export function whole(values: Values, name: string, least: number, most = Number.MAX_SAFE_INTEGER): number | null {
  const given = single(values, name);
  if (given === null) return null;
  const value = /^\d+$/u.test(given.trim()) ? Number(given) : NaN;
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    throw new WirelatError("option-value", `--${name} ${given}: expected a whole number from ${least} to ${most === Number.MAX_SAFE_INTEGER ? "2^53 - 1" : most}`, { remedy: `Write it in digits, as in --${name} ${Math.max(least, 7)}.` });
  }
  return value;
}

/** The overrides of --set by dotted path. Throws `option-value` for one without "=" and for a path that is set twice. */
export function overrides(values: Values): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const text of many(values, "set")) {
    const [, path, value] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/su.exec(text) ?? [];
    if (path === undefined || value === undefined || value === "") {
      throw new WirelatError("option-value", `--set ${text}: expected a dotted path, "=" and a value`, { remedy: 'Write it like --set gw.nic.moderation.time=8us, or in quotes: --set "ticks.rate=20 kpps".' });
    }
    if (found.has(path)) throw new WirelatError("option-value", `--set gives ${path} twice`, { remedy: "Give it once." });
    found.set(path, value);
  }
  return found;
}
