/** A picture of the gallery: which chart, of what, and what to look at. */
export interface Exhibit {
  /** The chart's name in file names and in the glossary. */
  readonly chart: string;
  readonly title: string;
  /** What draws it for a user. */
  readonly drawnBy: string;
  /** What the picture shows and how to read it. */
  readonly about: string;
}

/** All charts there are, in the order of docs/charts.md. */
export const EXHIBITS: readonly Exhibit[] = [
  {
    chart: "waterfall", title: "Where the median latency goes", drawnBy: "`run` and `compare`",
    about: "A bar for each path, its parts in the order of the path, coloured by kind of segment. Two thirds of the kernel's median are interrupt moderation; the copies can hardly be seen. Where an answer begins before the frame has ended, its overlap lies hatched to the left of zero, and a mark shows what remains.",
  },
  {
    chart: "difference", title: "From one path to another", drawnBy: "`compare`",
    about: "Begins with the mean of the baseline, ends with that of the other; each step is what one place of the path adds or takes. The line above says whether the whole is more than chance.",
  },
  {
    chart: "change", title: "Differences over a sweep", drawnBy: "`compare --point`, of a sweep over one number",
    about: "How much longer than the baseline at each value that was swept, p50 and p99 with their 95 % intervals. The line at zero is the baseline: the poll-mode driver gains more the busier the kernel is.",
  },
  {
    chart: "timeline", title: "What happened to one message", drawnBy: "`explain FILE --worst N --out DIR`, also with `--message` and `--at`",
    about: "Each piece of the latency from when to when. Where the message waited for another one, that one is named.",
  },
  {
    chart: "steps", title: "One path, step by step", drawnBy: "`run` and `compare`",
    about: "The mean parts of the messages around the median as a staircase: each begins where the one before has ended.",
  },
  {
    chart: "cdf", title: "How many messages arrive within a given latency", drawnBy: "`run` and `compare`",
    about: "The middle of the distribution. An almost upright line is a path on which nothing varies.",
  },
  {
    chart: "ccdf", title: "How many messages take longer", drawnBy: "`run` and `compare`",
    about: "The same the other way round and logarithmic: each decade of the tail has the same room. A straight line down is an exponential tail, a shoulder something that happens to few messages.",
  },
  {
    chart: "percentiles", title: "Latency by percentile", drawnBy: "`run` and `compare`",
    about: "The axis is stretched towards the tail. Dotted where fewer than ten samples lie beyond: there one stray message moves the line.",
  },
  {
    chart: "histogram", title: "How latencies are spread", drawnBy: "`run`",
    about: "48 bins of equal width on the axis. Two hills are two ways through the system.",
  },
  {
    chart: "copies", title: "Movements and copies per message", drawnBy: "`run` and `compare`",
    about: "How often a message's payload is moved by anything, and how often by a processor; below the same in bytes.",
  },
  {
    chart: "utilisation", title: "What is busy", drawnBy: "`run`",
    about: "Every part that did something, the busiest first; of processors also what they did. A core that polls is always busy, mostly with nothing.",
  },
  {
    chart: "load", title: "Latency against load", drawnBy: "`run`, of a sweep over one number",
    about:
      "p50 and p99 at each value that was swept. Where the tail leaves the median, the queue begins. Of paths that are a row of plain queues theory knows the mean: its curve is drawn " +
      "beside the means that were simulated, M/D/1 where service is constant, M/G/1 where it is drawn. `theory` in result.json says for which, and why not for the others.",
  },
  {
    chart: "heat-map", title: "Latency over two axes", drawnBy: "`run`, of a sweep over two numbers",
    about: "The median of every pair, darker where it is longer, by its logarithm. Interrupt moderation over load: the timer costs the most where packets are rare.",
  },
];

/** The page of all charts. The pictures beside it are drawn by `npm run gallery`. */
export function chartsPage(): string {
  return [
    "# Charts",
    "",
    "Every chart that `wirelat` draws, as PNG and SVG, beside the report. Colours are told apart with the common colour blindnesses, and no reading rests on colour alone. What axes and",
    "statistics mean: [metrics](metrics.md). `npm run gallery` draws these pictures anew from the scenarios that ship, as PNG and SVG into `results/gallery` and as below into `docs/images`.",
    "",
    "Generated from `scripts/gallery-list.ts` by `npm run docs`.",
    "",
    ...EXHIBITS.flatMap(({ chart, title, drawnBy, about }) => [`## ${title}`, "", `\`${chart}\`, drawn by ${drawnBy}.`, "", about, "", `![${title}](images/chart-${chart}.svg)`, ""]),
  ].join("\n");
}
