import assert from "node:assert/strict";

/** A slice of a track; times in ps. */
export interface Slice {
  readonly from: number;
  readonly to: number;
  /** Label and kind, "label/kind"; the name of the message for a stay. */
  readonly reason: string;
}

/** A stay of a message, or of what works for it, in a component, with the segments inside. */
export interface Stay extends Slice {
  readonly message: number;
  readonly offPath: boolean;
  readonly track: string;
  readonly slices: Slice[];
}

export interface Trace {
  readonly stays: readonly Stay[];
  /** Phases of each flow in the order of the file, e.g. "stf". */
  readonly flows: ReadonlyMap<number, string>;
}

interface Event {
  readonly ph: string;
  readonly name: string;
  readonly cat?: string;
  readonly ts: number;
  readonly dur: number;
  readonly pid: number;
  readonly tid: number;
  readonly id?: number;
  readonly args?: { readonly message?: number };
}

const ps = (us: number): number => Math.round(us * 1e6);

/** Reads Chrome's JSON format as a viewer does: every field that its phase asks for must be there, and every track must have a name. */
export function readTrace(text: string): Trace {
  const { traceEvents } = JSON.parse(text) as { readonly traceEvents: readonly Event[] };
  const named = new Set(traceEvents.filter((one) => one.ph === "M").map((one) => `${one.pid}/${one.tid}`));
  const stays: Stay[] = [];
  const flows = new Map<number, string>();
  for (const one of traceEvents) {
    const track = `${one.pid}/${one.tid}`;
    assert.ok(named.has(track), "an event stands on a track without a name");
    if (one.ph === "M") continue;
    assert.ok(Number.isFinite(one.ts) && one.ts >= 0);
    if (one.ph === "X") addSlice(stays, one, track);
    else flows.set(flowOf(one), `${flows.get(flowOf(one)) ?? ""}${one.ph}`);
  }
  return { stays, flows };
}

function flowOf(one: Event): number {
  assert.ok(["s", "t", "f"].includes(one.ph), `an event of phase ${one.ph}`);
  assert.equal(typeof one.id, "number");
  return one.id ?? -1;
}

/** Segments follow the stay that they lie in. */
function addSlice(stays: Stay[], { name, cat, ts, dur, args }: Event, track: string): void {
  assert.ok(dur > 0, "a slice without duration");
  const [from, to] = [ps(ts), ps(ts) + ps(dur)];
  if (cat === "message" || cat === "off-path") {
    assert.equal(typeof args?.message, "number");
    stays.push({ from, to, reason: name, message: args?.message ?? -1, offPath: cat === "off-path", track, slices: [] });
    return;
  }
  const stay = stays.at(-1);
  assert.equal(stay?.track, track, "a segment outside every stay");
  stay?.slices.push({ from, to, reason: `${name}/${cat}` });
}

/** All slices of each track, in the order in which a viewer stacks them: by time, the longer first. */
export function tracksOf({ stays }: Trace): readonly (readonly Slice[])[] {
  const tracks = new Map<string, Slice[]>();
  for (const stay of stays) {
    const slices = tracks.get(stay.track) ?? [];
    slices.push(stay, ...stay.slices);
    tracks.set(stay.track, slices);
  }
  return [...tracks.values()].map((slices) => slices.sort((one, other) => one.from - other.from || other.to - one.to));
}
