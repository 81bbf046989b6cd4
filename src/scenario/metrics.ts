import type { MetricSpec as EngineMetric } from "../engine/index.js";
import { WirelatError } from "../errors/index.js";
import { amountOf, type Amount } from "../modeling/index.js";
import type { Contribution } from "./floor-types.js";
import type { PathCompiler } from "./path-compiler.js";
import { PREAMBLE, type Aside, type Tap } from "./path-state.js";
import type { Registry } from "./registry.js";
import type { MetricSpec, TapRef } from "./types.js";

/** A metric on one path, with what is needed to explain it. */
export interface CompiledMetric {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly spec: EngineMetric;
  /** Adapter by whose time stamps it is measured, and the period of their clock; null: exactly. */
  readonly stamps: { readonly by: string; readonly period: number } | null;
  /** Slots inside the window that wait for bytes of the arrival the metric starts with; the start's edge is charged there. */
  readonly edgeSlots: readonly number[];
  readonly floor: number | null;
  readonly contributions: readonly Contribution[];
}

/** Metrics that end on the path itself (null), or in one piece of off-path work. */
export type MetricsOf = ReadonlyMap<Aside | null, readonly CompiledMetric[]>;

type SpanSpec = Extract<MetricSpec, { kind: "span" }>;

/** The metrics whose two taps this path passes. Without any in the scenario: first wire tap EOF to last wire tap SOF. */
export function resolveMetrics(metrics: readonly MetricSpec[], path: PathCompiler, registry: Registry): MetricsOf {
  const spans = metrics.filter((metric) => metric.kind === "span");
  const wanted = spans.length > 0 ? spans : defaultMetric(path);
  const found = new Map<Aside | null, CompiledMetric[]>([[null, []]]);
  for (const metric of wanted) {
    const from = path.taps.get(metric.from.tap);
    const to = path.taps.get(metric.to.tap);
    if (from === undefined || to === undefined) continue;
    if (to.mark < from.mark) throw new WirelatError("metric-backwards", `metric ${metric.name} ends at ${metric.to.tap}, which its path passes before ${metric.from.tap}`, { place: metric.place });
    checkPassed(metric, [from, to]);
    if (!follows(from, to)) throw new WirelatError("metric-apart", `metric ${metric.name}: what passes ${metric.to.tap} goes its own way before ${metric.from.tap} is passed`, { place: metric.place });
    found.set(to.aside, [...(found.get(to.aside) ?? []), compileMetric(metric, from, to, { path, registry })]);
  }
  return found;
}

/** Each message must pass both ends of a metric, and once. */
function checkPassed({ name, place }: SpanSpec, taps: readonly Tap[]): void {
  const astray = taps.find(({ enclosing }) => enclosing !== null);
  if (astray === undefined) return;
  throw new WirelatError("metric-astray", `metric ${name}: ${astray.name} lies inside \`${astray.enclosing}\`, where not every message passes it once`, { place, remedy: "Measure between taps before and behind it." });
}

/** Off-path work knows what its message passed before it was started, and what it passes itself. */
function follows(from: Tap, to: Tap): boolean {
  if (from.aside === to.aside) return true;
  return from.aside === null && to.aside !== null && from.mark < to.aside.passed;
}

interface Shop {
  readonly path: PathCompiler;
  readonly registry: Registry;
}

function compileMetric(metric: SpanSpec, from: Tap, to: Tap, shop: Shop): CompiledMetric {
  const slots = from.profile === null ? [] : (shop.path.state.byteSlots.get(from.profile) ?? []).filter((slot) => slot >= from.slot && slot < to.slot);
  return {
    name: metric.name,
    from: describe(metric.from),
    to: describe(metric.to),
    spec: { name: metric.name, fromMark: from.mark, toMark: to.mark, fromEdge: edge(metric.from, from, shop), toEdge: edge(metric.to, to, shop), slots: [from.slot, to.slot] },
    stamps: metric.stamps === undefined ? null : { by: metric.stamps, period: stampPeriod(metric, metric.stamps, [from, to], shop.path) },
    edgeSlots: slots,
    floor: null,
    contributions: [],
  };
}

/** Parameter of a model that stamps frames. */
const RESOLUTION = "stamp.resolution";

function stampPeriod({ name, place }: SpanSpec, by: string, taps: readonly Tap[], { instances }: PathCompiler): number {
  const software = taps.find((tap) => tap.profile === null);
  if (software !== undefined) throw new WirelatError("stamps-impossible", `metric ${name}: no adapter stamps ${software.name}, which is not on a wire`, { place, remedy: "Measure from and to ends of links, such as gw.in@sfd." });
  const adapter = instances.find(by);
  if (adapter.model === null || !(RESOLUTION in adapter.model.params)) throw new WirelatError("stamps-impossible", `metric ${name}: ${by} stamps no frames`, { place, remedy: `Name an adapter, a component with the parameter ${RESOLUTION}.` });
  const period = (adapter.params[RESOLUTION] as Amount).of(0);
  if (period > 0) return period;
  throw new WirelatError("quantity-range", `${by}.${RESOLUTION} must be more than nothing`, { place });
}

/** Amount index of the time from the first bit to the byte that is meant; -1 for the first bit itself or a point in software. */
function edge(ref: TapRef, tap: Tap, { path, registry }: Shop): number {
  const { byte } = ref;
  if (byte.at === "point" || byte.at === "sof") return -1;
  if (tap.profile === null) throw new WirelatError("tap-byte", `${ref.tap} is a point in software or in memory; only a tap on a wire has bytes to name with @${byte.at}`);
  return registry.amount(tap.profile.rate.timeFor(byteOf(ref, tap, path)));
}

function byteOf(ref: TapRef, tap: Tap, path: PathCompiler): Amount {
  const { byte } = ref;
  const whole = tap.profile?.bytes ?? amountOf(0);
  if (byte.at === "eof") return whole;
  if (byte.at === "byte") return amountOf(byte.byte);
  if (byte.at === "sfd") return amountOf(PREAMBLE);
  if (path.state.trigger === null) throw new WirelatError("tap-byte", `${ref.tap}@trigger: no step of the path names the byte that triggers the decision`);
  return path.state.trigger;
}

function describe(ref: TapRef): string {
  if (ref.byte.at === "point") return ref.tap;
  return `${ref.tap}@${ref.byte.at === "byte" ? `byte:${ref.byte.byte}` : ref.byte.at}`;
}

function defaultMetric(path: PathCompiler): readonly SpanSpec[] {
  const taps = [...path.taps].flatMap(([name, tap]) => (tap.aside === null ? [name] : []));
  const from = taps.find((tap) => tap.endsWith(".in"));
  const to = taps.findLast((tap) => tap.endsWith(".out"));
  if (from === undefined || to === undefined) return [];
  return [{ kind: "span", name: "latency", from: { tap: from, byte: { at: "eof" } }, to: { tap: to, byte: { at: "sof" } }, place: path.place }];
}
