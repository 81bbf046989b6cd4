import type { LatencySink } from "../engine/index.js";
import type { Compiled, CompiledMetric } from "../scenario/index.js";

const NOBODY: LatencySink = { record: () => undefined };

/** A sink for each metric of each path, in program order; where `of` gives none, nobody listens. */
export function sinksOf(compiled: Compiled, of: (metric: CompiledMetric) => LatencySink | null = () => null): LatencySink[][] {
  return compiled.paths.map((path) => path.metrics.map((metric) => of(metric) ?? NOBODY));
}
