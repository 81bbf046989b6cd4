import type { KindName } from "./expectation-kinds.js";

/** A function of the grammar of expectations: what it is asked of and what it gives. */
export interface CheckFunction {
  readonly name: string;
  /** Of a metric; of a host, a device or one of their parts; or of the whole run. */
  readonly subject: "metric" | "metric or part" | "part" | "account";
  readonly gives: KindName;
  /** `share(copy of t2t)` */
  readonly needsOf?: true;
  /** Quantile, for those that are one. */
  readonly q?: number;
  /** Account of the cost ledger that is counted. */
  readonly account?: string;
  readonly meaning: string;
}

const LIST: readonly CheckFunction[] = [
  { name: "min", subject: "metric", gives: "time", meaning: "smallest value of the metric" },
  { name: "mean", subject: "metric", gives: "time", meaning: "mean of the metric" },
  { name: "max", subject: "metric", gives: "time", meaning: "largest value of the metric" },
  { name: "sd", subject: "metric", gives: "time", meaning: "standard deviation of the metric" },
  ...[50, 90, 99, 99.9, 99.99].map((percent): CheckFunction => (
    { name: `p${percent}`, subject: "metric", gives: "time", q: Number((percent / 100).toFixed(4)), meaning: `${percent}th percentile of the metric` }
  )),
  { name: "share", subject: "metric", gives: "share", needsOf: true, meaning: "share of the metric's time that is of a kind, of a step or under a label" },
  { name: "copies", subject: "part", gives: "count", account: "copies", meaning: "copies by a CPU" },
  { name: "movements", subject: "part", gives: "count", account: "movements", meaning: "movements of the payload between two places, by whatever means" },
  { name: "interrupts", subject: "part", gives: "count", account: "interrupts", meaning: "interrupts taken" },
  { name: "syscalls", subject: "part", gives: "count", account: "syscalls", meaning: "system calls" },
  { name: "switches", subject: "part", gives: "count", account: "switches", meaning: "context switches" },
  { name: "doorbells", subject: "part", gives: "count", account: "doorbells", meaning: "doorbells: stores that say that work is there" },
  { name: "mmio-reads", subject: "part", gives: "count", account: "mmio-reads", meaning: "reads of device registers by a CPU" },
  { name: "busy", subject: "part", gives: "share", meaning: "share of time in which a core or a device works or polls" },
  { name: "useful", subject: "part", gives: "share", meaning: "share of time in which a core does more than poll in vain" },
  { name: "util", subject: "part", gives: "share", meaning: "share of time in which a link, a bus or a stage is taken" },
  { name: "bytes", subject: "part", gives: "size", meaning: "bytes that crossed a link or a bus, or that a host moved" },
  { name: "rate", subject: "metric", gives: "data rate", meaning: "payload bytes delivered a time; of a metric with a stake, dollars a time" },
  { name: "value", subject: "metric", gives: "money", meaning: "mean dollars of a metric with a stake" },
  { name: "completed", subject: "metric or part", gives: "share", meaning: "share of the messages sent that came to the end, of the whole run whatever is named" },
  { name: "drops", subject: "metric or part", gives: "count", meaning: "messages dropped on the way, of the whole run whatever is named" },
  { name: "count", subject: "account", gives: "count", meaning: "bookings of an account of the cost ledger, or drops for a reason" },
];

export const FUNCTIONS: ReadonlyMap<string, CheckFunction> = new Map(LIST.map((one) => [one.name, one]));
