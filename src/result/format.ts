import { choice, constant, count, flag, list, number, object, optional, picoseconds, record, share, text, type ShapeOf } from "./shape.js";
import { COMPARISON_SCHEMA, type Comparison } from "./comparison.js";
import { RESULT_SCHEMA, SEGMENT_KINDS, type Result } from "./types.js";

const point = record(text("the value as written"), "sweep axis -> value as written, e.g. {\"ticks.rate\": \"20 kpps\"}; empty without a sweep");
const amounts = (about: string): ShapeOf<Readonly<Record<string, number>>> => record(number("the amount"), about);

const place = {
  step: text("the step of the path, e.g. gw.nic.rx"),
  label: text("what happened there, e.g. payload write"),
  kind: choice(SEGMENT_KINDS, "what kind of time it is"),
};

const segment = object("segment", "time spent in one place for one reason", {
  ...place,
  sumPs: number("sum over the band's messages in ps; only overlap may be negative"),
});

const breakdown = object("breakdown", "where the time goes for the messages of one band of latency; the segments add to totalPs", {
  band: choice(["all", "p50", "p99"], "all messages, or those around a percentile (half a percent of the messages to either side)"),
  messages: count("messages in the band"),
  totalPs: number("sum of their latencies in ps"),
  segments: list(segment, "in the order of the path"),
});

const percentile = object("percentile", "the smallest latency that at least this share of the messages does not exceed, in ps", {
  q: share("the share, e.g. 0.99"),
  ps: optional(number("null when fewer than 10 samples lie beyond it")),
  lowPs: optional(number("lower end of its confidence interval, from order statistics, of several replications from how these scatter; null in runs too short for one")),
  highPs: optional(number("upper end of it")),
});

const metric = object("metric", "one latency: from a byte at one tap to a byte at another", {
  name: text("as the scenario calls it"),
  from: text("tap and byte where it starts, e.g. gw.in@eof"),
  to: text("tap and byte where it ends"),
  closedLoop: flag("the source waits for answers, so percentiles hide the stalls it waited out"),
  floorPs: optional(number("latency with one message in flight and mean alignments; null where the path has no static value")),
  count: count("messages measured"),
  minPs: picoseconds("least; 0 without samples, as are the next three"),
  meanPs: number("mean"),
  meanLowPs: optional(number("lower end of its confidence interval, from batches of the run, of several replications from how these scatter; null in runs too short for one")),
  meanHighPs: optional(number("upper end of it")),
  sdPs: number("standard deviation"),
  maxPs: picoseconds("largest"),
  percentiles: list(percentile, "p50, p90, p99, p99.9, p99.99"),
  cdf: list(object("cdf point", "a point of the empirical distribution, in ps", { ps: number("latency"), q: share("share of messages not above it") }), "ascending, at most a few hundred"),
  sections: optional(object("sections", "what each of 32 equal stretches of the run came to by itself, in the order of completion, replication after replication, of the messages kept one by one; null in a short run", {
    size: count("messages in each"),
    meansPs: list(number("mean in ps"), "of each stretch"),
    p50sPs: list(number("median in ps"), "of each stretch"),
    p99sPs: list(number("99th percentile in ps"), "of each stretch; empty where they are too short for it"),
  })),
  replications: optional(object("replications", "what each replication came to by itself, in the order of the seeds; null of a single run", {
    meansPs: list(number("mean in ps"), "of each; empty where one of them measured nothing"),
    p50sPs: list(number("median in ps"), "of each; empty where they are too short for it"),
    p99sPs: list(number("99th percentile in ps"), "of each; empty where they are too short for it"),
  })),
  relativeError: share("largest relative error of a percentile; 0 while every sample was kept"),
  breakdowns: list(breakdown, "where the time goes"),
  value: optional(object("value", "what the time is worth", { dollarsPerSecond: number("as the scenario states"), meanDollars: number("mean latency at that price") })),
});

const costs = object("costs", "costs that one host or device bears", {
  owner: text("host or device"),
  totals: amounts("account -> total, e.g. copies, interrupts, syscalls"),
  perMessage: amounts("the same per completed message"),
});

const resource = object("resource", "how busy one part was", {
  name: text("dotted name, e.g. gw.app or feed"),
  kind: choice(["core", "link", "bus", "stage", "pool", "batch"], "what it is"),
  busy: number("share of the time in which it was busy; a polling core is always busy"),
  categories: amounts("for cores: category -> share of the time"),
  bytes: amounts("for links and buses: bytes that crossed"),
  peak: number("most in use at one time, for pools and batches"),
});

const precision = object("precision", "how narrow an interval was to be", {
  metric: text("name of the metric"),
  of: text("mean, p50, p90, p99, p99.9 or p99.99"),
  asked: number("the larger side of the interval as a share of the value"),
  reached: optional(number("what it became; null where the runs are too short for an interval")),
  held: flag("it is that narrow"),
});

const run = object("run", "one variant at one sweep point; of several replications all counts, times, costs and messages together, latencies as of one run that had them all, the bands around a percentile those of each replication", {
  variant: text("base, or the name of a variant"),
  point,
  seeds: list(count("a seed"), "of each of the independent replications that are merged here; the first is the one given, the others are derived from it, and --seed repeats one by itself"),
  confidence: share("level of all intervals, e.g. 0.95"),
  messages: object("messages", "how many", {
    sent: count("by all sources"),
    completed: count("reached the end of their path"),
    measured: count("completed after the warm-up: what the metrics rest on"),
    dropped: record(count("messages"), "reason -> count"),
  }),
  durationPs: number("simulated time, of all replications"),
  fingerprint: text("hash of what every message did, hexadecimal", "^[0-9a-f]+$"),
  events: count("events executed"),
  ties: count("events at the time of the one before"),
  metrics: list(metric, "in the order of the scenario"),
  costs: list(costs, "by host and device"),
  resources: list(resource, "cores, stages and links, buses, pools, batches"),
  precision: list(precision, "what was asked of the width of intervals; empty unless something was"),
  evidence: object("evidence", "what the numbers rest on", {
    estimated: share("share of the zero-load latency that rests on estimates"),
    sources: list(text("key of the bibliography"), "citations used"),
  }),
});

const expectation = object("expectation", "one check of the scenario", {
  check: text("as written"),
  because: text("why it should hold"),
  cite: optional(text("key of the bibliography")),
  place: text("file:line:column of the scenario"),
  held: flag("whether it did"),
  found: text("what each side came to"),
  point,
});

const theory = object("curve", "the mean latency over the arrival rate in closed form, where one is known", {
  variant: text("base, or the name of a variant"),
  metric: text("name of the metric"),
  axis: text("the swept rate, e.g. ticks.rate"),
  law: choice(["", "M/D/1", "M/G/1"], "the queue that decides: its service is constant or drawn; empty where no closed form is known"),
  because: text("what makes it so, or why no closed form is known"),
  points: list(object("curve point", "the latency without load and the mean wait by Pollaczek and Khinchine", {
    perSecond: number("messages per second"),
    meanPs: number("mean latency in ps"),
  }), "by rate, ascending, as far as the queue keeps up; empty where no closed form is known"),
});

/** The shape of result.json. */
export const RESULT_FORMAT: ShapeOf<Result> = object("result", "What `wirelat run` found: every number that reports and charts show.", {
  schema: constant(RESULT_SCHEMA, "name and version of this format"),
  version: text("version of wirelat that wrote it"),
  scenario: object("scenario", "what was run", {
    id: text("name of the scenario"),
    title: text("in a few words"),
    about: text("in a few sentences; may be empty"),
    level: text("for whom it is meant; may be empty"),
    source: list(text("key of the bibliography"), "what it reproduces"),
  }),
  inputs: text("SHA-256 of the resolved inputs, hexadecimal", "^[0-9a-f]{64}$"),
  seed: count("seed of the random numbers"),
  runs: list(run, "in the order of the file: variant by variant, sweep point by sweep point"),
  theory: list(theory, "what queueing theory says of means, for each variant and metric of a sweep over how often a source sends; empty for other sweeps and for none"),
  expectations: list(expectation, "in the order of the file"),
  warnings: list(text("a sentence"), "what to know before believing the numbers"),
});

const change = {
  fromPs: picoseconds("of the baseline"),
  toPs: picoseconds("of the other"),
  deltaPs: picoseconds("the second less the first"),
};

const judged = object("judged", "a number of both paths and whether they differ by more than chance", {
  ...change,
  lowPs: optional(picoseconds("lower end of the difference's interval, from how the replications of both, or 32 equal stretches, differ pair by pair; null where the runs are too short")),
  highPs: optional(picoseconds("upper end of it")),
  distinct: optional(flag("the interval leaves zero out")),
  by: optional(choice(["replications", "stretches"], "what it rests on: replications on the same seeds, or stretches of each run; null without an interval")),
});

const part = object("part", "time per message in one place for one reason", { ...place, ...change });

/** The shape of what `wirelat compare --json` prints. */
export const COMPARISON_FORMAT: ShapeOf<Comparison> = object("comparison", "What `wirelat compare` found: how each path differs from the baseline, and the results behind it.", {
  schema: constant(COMPARISON_SCHEMA, "name and version of this format"),
  differences: list(object("difference", "one path against the baseline", {
    name: text("the path"),
    baseline: text("what it is set against"),
    design: text("the path without its sweep point"),
    baselineDesign: text("the same of the baseline"),
    point,
    confidence: share("level of the intervals, that of the baseline's run"),
    mean: judged,
    p50: optional(judged),
    p99: optional(judged),
    bands: list(object("band", "where a difference of means comes from; the parts add to the whole, to the picosecond", {
      band: choice(["all", "p50", "p99"], "all messages, or those around a percentile"),
      ...change,
      parts: list(part, "in the order of the paths"),
    }), "of all messages, of those around p50 and around p99"),
    costs: list(object("cost change", "what a message costs besides time", {
      name: text("account, e.g. copies"), from: number("per message of the baseline"), to: number("per message of the other"),
      unit: choice(["count", "bytes", "ps"], "what is counted"),
    }), "only what one of the two has"),
    precision: list(precision, "how narrow the interval of the difference was to be, as a share of the baseline's value; empty unless something was asked"),
  }), "in the order given"),
  results: list(RESULT_FORMAT, "the results that were compared"),
});
