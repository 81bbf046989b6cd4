/** A workload, and what the goals of wirelat were set beside: peers on one other machine, nanoseconds a unit. Only ratios travel. */
export interface Workload {
  readonly title: string;
  readonly unit: "event" | "customer" | "packet";
  /** Tokens of PHOLD, else 0. */
  readonly tokens: number;
  readonly stages: number;
  /** Mean latency by theory, or mean delay of PHOLD [ps]: a run that is far off was no such run. */
  readonly mean: number;
  /** What wirelat must stay under, where those peers took `beside`. */
  readonly must: Readonly<Record<string, number>>;
  readonly beside: Readonly<Record<string, number>>;
}

export const WORKLOADS: Readonly<Record<string, Workload>> = {
  "phold-1024": {
    title: "PHOLD, 1,024 tokens", unit: "event", tokens: 1024, stages: 0, mean: 1_000_000,
    must: { events: 55 },
    beside: { "C, events": 19.5, "ns-3": 79, SystemC: 132, "JavaScript, objects": 129 },
  },
  "phold-65536": {
    title: "PHOLD, 65,536 tokens", unit: "event", tokens: 65_536, stages: 0, mean: 1_000_000,
    must: { events: 110 },
    beside: { "C, events": 32, "ns-3": 164, SystemC: 921, "JavaScript, objects": 316 },
  },
  mm1: {
    title: "M/M/1, load 0.8", unit: "customer", tokens: 0, stages: 1, mean: 4_000_000,
    must: { fused: 55 },
    beside: { "C, events": 22, "C, no events": 6.3, "ns-3": 84, SystemC: 75, "JavaScript, objects": 70 },
  },
  "pipeline-exponential": {
    title: "12 exponential stages", unit: "packet", tokens: 0, stages: 12, mean: 18_000_000,
    must: { events: 530, fused: 160 },
    beside: { "C, events": 318, "C, no events": 35, "ns-3": 761, SystemC: 794, "JavaScript, objects": 683 },
  },
  "pipeline-constant": {
    title: "12 constant stages", unit: "packet", tokens: 0, stages: 12, mean: 7_650_000,
    must: { events: 350, fused: 40 },
    beside: { "C, events": 183, "C, no events": 12, "ns-3": 603, SystemC: 664, "JavaScript, objects": 492 },
  },
};
