import {
  RESULT_SCHEMA, comparedPaths,
  type Breakdown, type CdfPoint, type MetricResult, type OwnerCosts, type Percentile, type ResourceUse, type Result, type RunResult, type SegmentKind,
} from "../../src/result/index.js";
import { differencesFrom } from "../../src/experiment/index.js";
import { compareText } from "../../src/report/index.js";
import { sections } from "../../src/stats/index.js";

// Hand-made results with the looks of real ones, for tests of reports and charts. They follow the zero-load budgets of a kernel UDP
// path and of an FPGA path; every segment list adds exactly to the latency of its band, as in a real result.

type Step = readonly [step: string, label: string, kind: SegmentKind, ps: number];

const KERNEL_STEPS: readonly Step[] = [
  ["gw.nic.rx", "PHY and MAC", "process", 80_000],
  ["gw.nic.rx", "receive pipeline", "process", 150_000],
  ["gw.nic.rx", "payload write", "serialise", 17_012],
  ["gw.nic.rx", "upstream and LLC", "propagate", 200_000],
  ["gw.nic.rx", "completion write-back", "serialise", 5_078],
  ["gw.irq", "moderation timer", "batch", 16_000_000],
  ["gw.irq", "MSI-X message", "serialise", 3_555],
  ["gw.irq", "interrupt delivery", "irq", 600_000],
  ["gw.irq", "hard interrupt handler", "irq", 500_000],
  ["gw.irq", "softirq and NAPI poll", "sched", 300_000],
  ["gw.udp.rx", "core busy with another packet", "queue", 0],
  ["gw.udp.rx", "driver", "process", 350_000],
  ["gw.udp.rx", "GRO, IP and UDP", "process", 550_000],
  ["gw.wake", "scheduler wake-up and context switch", "wake", 1_200_000],
  ["gw.copy", "copy to user", "copy", 250_000],
  ["gw.run", "trading decision", "process", 1_000_000],
  ["gw.udp.tx", "send call and copy from user", "copy", 200_000],
  ["gw.udp.tx", "build, qdisc and driver", "process", 800_000],
  ["gw.nic.tx", "doorbell", "propagate", 180_000],
  ["gw.nic.tx", "descriptor fetch", "propagate", 600_000],
  ["gw.nic.tx", "payload fetch", "propagate", 600_000],
  ["gw.nic.tx", "read completions", "serialise", 15_996],
  ["gw.nic.tx", "MAC and PHY", "process", 100_000],
];

const FPGA_STEPS: readonly Step[] = [
  ["box.in", "trigger 48 bytes before the end of frame", "overlap", -38_400],
  ["box.phy.rx", "PMA receive, 129.5 UI", "process", 12_558],
  ["box.phy.rx", "clock alignment", "align", 1_552],
  ["box.mac.rx", "3 cycles", "process", 9_309],
  ["box.parse", "2 cycles", "process", 6_206],
  ["box.book", "3 cycles", "process", 9_309],
  ["box.strategy", "2 cycles", "process", 6_206],
  ["box.risk", "1 cycle", "process", 3_103],
  ["box.encode", "1 cycle", "process", 3_103],
  ["box.mac.tx", "3 cycles", "process", 9_309],
  ["box.phy.tx", "PMA transmit, 190 UI", "process", 18_424],
];

/** How the latencies of one run spread: all at `floor`, plus an exponential part of mean `spread` and a long tail of size `tail`. */
interface Shape {
  readonly floor: number;
  readonly spread: number;
  readonly tail: number;
  readonly count: number;
}

const QUANTILES = [0.5, 0.9, 0.99, 0.999, 0.9999] as const;
const CDF_POINTS = 200;

function samplesOf(shape: Shape): number[] {
  return Array.from({ length: shape.count }, (_, index) => {
    const above = 1 - (index + 0.5) / shape.count;
    return Math.round(shape.floor - shape.spread * Math.log(above) + shape.tail * (above ** -0.5 - 1));
  });
}

function at(samples: readonly number[], index: number): number {
  return samples[Math.min(samples.length - 1, Math.max(0, Math.floor(index)))] ?? 0;
}

function percentileOf(samples: readonly number[], q: number): Percentile {
  const n = samples.length;
  if (n * (1 - q) < 10) return { q, ps: null, lowPs: null, highPs: null };
  const half = 1.96 * Math.sqrt(n * q * (1 - q));
  return { q, ps: at(samples, n * q), lowPs: at(samples, n * q - half), highPs: at(samples, n * q + half) };
}

/** Points closer together towards the end of the tail, as a real result has them. */
function cdfOf(samples: readonly number[]): CdfPoint[] {
  const n = samples.length;
  const ranks = Array.from({ length: CDF_POINTS }, (_, index) => {
    const share = index / (CDF_POINTS - 1);
    return Math.min(n, Math.max(1, Math.round(n * (1 - (1 - share) ** 3) + share ** 40)));
  });
  return [...new Set(ranks)].map((rank) => ({ ps: at(samples, rank - 1), q: rank / n }));
}

/** As if the samples had come in no order. */
function sectionsOf(samples: readonly number[]): MetricResult["sections"] {
  const found = sections(Float64Array.from(samples, (_, index) => at(samples, (index * 7919) % samples.length)));
  return found === null ? null : { size: found.size, meansPs: found.means, p50sPs: found.p50s, p99sPs: found.p99s };
}

/** The paths of results side by side, with what makes each differ from the first, as `compare` prints them. */
export function compared(results: readonly Result[], columns: number): string {
  const [baseline, ...others] = comparedPaths(results);
  return compareText(comparedPaths(results), baseline === undefined ? [] : differencesFrom(baseline, others), { columns });
}

/** The steps stretched so that they add to `total` ps for each of `messages` messages; `slack` names the label that takes the rest. */
function breakdownOf(band: Breakdown["band"], steps: readonly Step[], totals: { readonly mean: number; readonly messages: number }, slack: string): Breakdown {
  const totalPs = Math.round(totals.mean) * totals.messages + 17;
  const fixed = steps.filter(([, label]) => label !== slack).reduce((sum, [, , , ps]) => sum + ps * totals.messages, 0);
  const segments = steps
    .map(([step, label, kind, ps]) => ({ step, label, kind, sumPs: label === slack ? totalPs - fixed : ps * totals.messages }))
    .filter((segment) => segment.sumPs !== 0);
  return { band, messages: totals.messages, totalPs, segments };
}

interface MetricPlan {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly shape: Shape;
  readonly steps: readonly Step[];
  readonly slack: string;
}

function metricOf(plan: MetricPlan): MetricResult {
  const samples = samplesOf(plan.shape);
  const n = samples.length;
  const mean = samples.reduce((sum, one) => sum + one, 0) / n;
  const band = (low: number, high: number): { mean: number; messages: number } => {
    const inside = samples.slice(Math.floor(n * low), Math.floor(n * high));
    return { mean: inside.reduce((sum, one) => sum + one, 0) / inside.length, messages: inside.length };
  };
  return {
    name: plan.name, from: plan.from, to: plan.to, closedLoop: false, floorPs: plan.shape.floor, count: n,
    minPs: at(samples, 0), meanPs: mean, meanLowPs: mean * 0.99, meanHighPs: mean * 1.01, sdPs: Math.sqrt(samples.reduce((sum, one) => sum + (one - mean) ** 2, 0) / n), maxPs: at(samples, n),
    percentiles: QUANTILES.map((q) => percentileOf(samples, q)),
    cdf: cdfOf(samples), sections: sectionsOf(samples), replications: null, relativeError: 0,
    breakdowns: [
      breakdownOf("all", plan.steps, { mean, messages: n }, plan.slack),
      breakdownOf("p50", plan.steps, band(0.495, 0.505), plan.slack),
      breakdownOf("p99", plan.steps, band(0.985, 0.995), plan.slack),
    ],
    value: null,
  };
}

function costsOf(owner: string, perMessage: Readonly<Record<string, number>>, messages: number): OwnerCosts {
  const totals = Object.fromEntries(Object.entries(perMessage).map(([account, value]) => [account, Math.round(value * messages)]));
  return { owner, totals, perMessage };
}

function kernelResources(load: number, messages: number): ResourceUse[] {
  const core = (name: string, shares: Readonly<Record<string, number>>): ResourceUse => {
    const busy = Object.values(shares).reduce((sum, share) => sum + share, 0);
    return { name, kind: "core", busy, categories: { ...shares, idle: 1 - busy }, bytes: {}, peak: 3 };
  };
  return [
    { name: "feed", kind: "link", busy: load * 0.0052, categories: {}, bytes: { payload: 64 * messages, overhead: 66 * messages }, peak: 1 },
    { name: "gw.pcie", kind: "bus", busy: load * 0.0021, categories: {}, bytes: { payload: 276 * messages, overhead: 236 * messages }, peak: 2 },
    { name: "gw.nic.rx.ring", kind: "pool", busy: load * 0.01, categories: {}, bytes: {}, peak: 12 },
    core("gw.cpu.irq", { softirq: load * 0.11, hardirq: load * 0.05 }),
    core("gw.cpu.app", { user: load * 0.1, sys: load * 0.16 }),
    { name: "order", kind: "link", busy: load * 0.0057, categories: {}, bytes: { payload: 52 * messages, overhead: 66 * messages }, peak: 1 },
  ];
}

function kernelRun(variant: string, rate: string, shape: Shape): RunResult {
  const moderated = variant === "base";
  const load = rate === "1 kpps" ? 0.05 : 1;
  const interrupts = moderated ? 0.82 : 0.96;
  const steps = KERNEL_STEPS.filter(([, , kind]) => moderated || kind !== "batch");
  const dropped: Record<string, number> = rate === "20 kpps" && moderated ? { "receive ring full": 37 } : {};
  return {
    variant, point: { "ticks.rate": rate }, seeds: [1], confidence: 0.95, precision: [],
    messages: { sent: shape.count + 10_000 + (dropped["receive ring full"] ?? 0), completed: shape.count + 10_000, measured: shape.count, dropped },
    durationPs: Math.round(shape.count * 50_000_000 / load), fingerprint: "5c1f09aa37be42d1", events: shape.count * 31, ties: 4,
    metrics: [metricOf({ name: "t2t", from: "gw.in@eof", to: "gw.out@sof", shape, steps, slack: "core busy with another packet" })],
    costs: [costsOf("gw", {
      movements: 4, movedBytes: 232, copies: 2, copiedBytes: 116, touchedBytes: 116, interrupts, syscalls: 2, switches: 1, ipis: 0, doorbells: 1, mmioReads: 0,
    }, shape.count)],
    resources: kernelResources(load, shape.count + 10_000),
    evidence: { estimated: 0.943, sources: ["linux-sysctl-net", "linux-mlx5-en.h", "pcie-model", "tanenbaum-mos-8.2"] },
  };
}

/** Kernel UDP tick-to-trade: two variants at two rates, one dropping, with a failed expectation and a warning. */
export function kernelExample(): Result {
  return {
    schema: RESULT_SCHEMA, version: "0.1.0",
    scenario: {
      id: "kernel-udp-t2t", title: "Tick-to-trade through the Linux kernel UDP stack",
      about: "A market-data packet arrives on 10 GbE, climbs the kernel stack by interrupt, is copied to user space, triggers a 1 us decision, and an order goes back out through the kernel.",
      level: "student", source: ["tanenbaum-mos-8.2", "linux-sysctl-net"],
    },
    inputs: "9b74c9897bac770ffc029102a200c5de00c1d3a1d8f02f8a0f8a6f5c2d1e4b77", seed: 1,
    theory: [],
    runs: [
      kernelRun("base", "1 kpps", { floor: 23_701_641, spread: 4_000, tail: 9_000, count: 20_000 }),
      kernelRun("base", "20 kpps", { floor: 23_701_641, spread: 90_000, tail: 160_000, count: 200_000 }),
      kernelRun("unmoderated", "1 kpps", { floor: 7_701_641, spread: 4_000, tail: 9_000, count: 20_000 }),
      kernelRun("unmoderated", "20 kpps", { floor: 7_701_641, spread: 90_000, tail: 160_000, count: 200_000 }),
    ],
    expectations: [
      {
        check: "copies(gw) == 2", because: "one copy to user on receive and one from user on send", cite: "tanenbaum-mos-8.2",
        place: "scenarios/kernel-udp-t2t.yaml:46:5", held: true, found: "2 == 2", point: {},
      },
      {
        check: "p50(t2t/unmoderated) in 7 us .. 9 us", because: "an ordinary NIC takes about 7 us per half round trip, plus the 1 us decision",
        cite: "solarflare-ultra-low-latency", place: "scenarios/kernel-udp-t2t.yaml:49:5", held: true, found: "7.83 us in 7 us .. 9 us",
        point: { "ticks.rate": "20 kpps" },
      },
      {
        check: "p99(t2t/base) - p99(t2t/unmoderated) <= 15 us", because: "at low rate a timer-from-first delays every packet by the whole timer",
        cite: null, place: "scenarios/kernel-udp-t2t.yaml:52:5", held: false, found: "16 us <= 15 us", point: { "ticks.rate": "20 kpps" },
      },
    ],
    warnings: ["base at ticks.rate = 20 kpps dropped 37 messages (receive ring full): its latencies are those of the delivered messages only"],
  };
}

function fpgaRun(variant: string, count: string, burst: number): RunResult {
  const gain = variant === "speculative" ? 46_400 : 0;
  const overlap = -38_400 - gain;
  const steps = FPGA_STEPS.map(([step, label, kind, ps]): Step => [step, label, kind, kind === "overlap" ? overlap : ps]);
  const floor = steps.reduce((sum, [, , , ps]) => sum + ps, 0);
  const shape = { spread: burst, tail: 0, count: 100_000 };
  return {
    variant, point: { "ticks.count": count }, seeds: [1], confidence: 0.95, precision: [],
    messages: { sent: 100_100, completed: 100_100, measured: 100_000, dropped: {} },
    durationPs: 2e11, fingerprint: "77e0aa1290c4f3b8", events: 1_300_000, ties: 0,
    metrics: [
      metricOf({ name: "wire-to-wire", from: "box.in@eof", to: "box.out@sof", shape: { ...shape, floor }, steps, slack: "clock alignment" }),
      metricOf({
        name: "actionable", from: "box.in@trigger", to: "box.out@sof", shape: { ...shape, floor: floor - overlap },
        steps: steps.filter(([, , kind]) => kind !== "overlap"), slack: "clock alignment",
      }),
    ],
    costs: [costsOf("box", { movements: 0, movedBytes: 0, copies: 0, copiedBytes: 0, interrupts: 0, syscalls: 0, switches: 0, doorbells: 0, mmioReads: 0 }, 100_000)],
    resources: [
      { name: "feed", kind: "link", busy: 0.52, categories: {}, bytes: { payload: 6_406_400, overhead: 6_606_600 }, peak: 1 },
      { name: "box.strategy", kind: "stage", busy: 0.031, categories: {}, bytes: {}, peak: 1 },
    ],
    evidence: { estimated: 0, sources: ["stac-t0-2024", "amd-pg056"] },
  };
}

/** FPGA tick-to-trade: two variants at two burst lengths; the speculative one starts to send before the input frame has ended. */
export function fpgaExample(): Result {
  return {
    schema: RESULT_SCHEMA, version: "0.1.0",
    scenario: {
      id: "fpga-t2t", title: "FPGA tick-to-trade, one million dollars per microsecond", about: "", level: "architect",
      source: ["tanenbaum-mos-8.2", "stac-t0-2024"],
    },
    inputs: "1f3870be274f6c49b3e31a0c6728957f1f3870be274f6c49b3e31a0c6728957f", seed: 3,
    theory: [],
    runs: [fpgaRun("base", "1", 300), fpgaRun("base", "50", 700), fpgaRun("speculative", "1", 300), fpgaRun("speculative", "50", 700)],
    expectations: [
      {
        check: "min(wire-to-wire/speculative) < 0 ns", because: "transmission starts before the input frame has ended", cite: null,
        place: "scenarios/fpga-t2t.yaml:41:5", held: true, found: "-5.721 ns < 0 ns", point: {},
      },
    ],
    warnings: [],
  };
}
