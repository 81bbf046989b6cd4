import type { LatencySink } from "../engine/index.js";
import type { Compiled, CompiledMetric } from "../scenario/index.js";
import { StampedSink, stampClock, type Lags } from "./stamps.js";

const NOBODY: LatencySink = { record: () => undefined };

/** A sink for each metric of each path, in program order; where `of` gives none, nobody listens. */
export function sinksOf(compiled: Compiled, of: (metric: CompiledMetric) => LatencySink | null = () => null): LatencySink[][] {
  return compiled.paths.map((path) => path.metrics.map((metric) => of(metric) ?? NOBODY));
}

/** What a metric's latencies go through on their way to `sink`: nothing, or the clock of its time stamps. */
export function through(metric: CompiledMetric, seed: number, sink: LatencySink): LatencySink {
  const clock = stampClock(metric, seed);
  return clock === null ? sink : new StampedSink(clock, sink);
}

/** How far the stamps of a metric were apart from its ends, in all: zero for one that is measured exactly. */
export function lagsOf(compiled: Compiled, sinks: readonly (readonly LatencySink[])[], name: string): Lags {
  const stamping = compiled.paths.flatMap((path, at) => path.metrics.flatMap((metric, index) => {
    const sink = metric.name === name ? sinks[at]?.[index] : undefined;
    return sink instanceof StampedSink ? [sink] : [];
  }));
  return { from: stamping.reduce((sum, { from }) => sum + from, 0), to: stamping.reduce((sum, { to }) => sum + to, 0) };
}
