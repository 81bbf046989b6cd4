/** A piece of a token's time, as the trace shows it; times in ps. */
export interface TraceSlice {
  /** The part of the path, e.g. "gw.nic.rx": its first name is the process, the rest the track. */
  readonly step: string;
  readonly label: string;
  readonly kind: string;
  readonly at: number;
  readonly ps: number;
  /** Message that was in the way, -1 for none. */
  readonly blocker: number;
}

/** A message, or what works for it off its path. */
export interface TraceToken {
  readonly message: number;
  readonly name: string;
  readonly offPath: boolean;
  readonly slices: readonly TraceSlice[];
}

/** Takes the text piece by piece. */
export type TextSink = (text: string) => void;

interface Stay {
  readonly token: TraceToken;
  readonly step: string;
  readonly slices: readonly TraceSlice[];
  readonly from: number;
  readonly to: number;
  /** Where a flow goes on at this stay: s begins it, f ends it; null without one. */
  readonly flow: "s" | "t" | "f" | null;
}

interface Track {
  readonly pid: number;
  readonly component: string;
  /** For each lane when it is free again, and its thread id. */
  readonly lanes: { free: number; readonly tid: number }[];
}

/**
 * Writes a trace in Chrome's JSON format, which Perfetto reads: a process for every host, device and link, a track for each of its
 * components, a slice for every stay of a message with its segments nested inside, and a flow from stay to stay. Messages that are
 * in one component at a time stand in lanes of their own, so that slices of a track nest and never overlap. Times are microseconds;
 * six decimals keep the picosecond. Overlaps, which are negative, are left out.
 */
export function writePerfetto(tokens: readonly TraceToken[], sink: TextSink): void {
  const writer = new TraceWriter(sink);
  sink('{"displayTimeUnit":"ns","traceEvents":[\n');
  // Lanes are given in the order of time, so that there are as few as can be.
  for (const stay of tokens.flatMap(staysOf).sort((one, other) => one.from - other.from)) writer.add(stay);
  sink("\n]}\n");
}

class TraceWriter {
  private readonly processes = new Map<string, number>();
  private readonly tracks = new Map<string, Track>();
  private threads = 0;
  private events = 0;

  constructor(private readonly sink: TextSink) {}

  add(stay: Stay): void {
    const { token, flow } = stay;
    const at = this.lane(stay);
    this.event({ name: `${token.name} ${token.message}`, cat: token.offPath ? "off-path" : "message", ph: "X", ts: us(stay.from), dur: us(stay.to - stay.from), ...at, args: { message: token.message, step: stay.step } });
    for (const { label, kind, at: from, ps, blocker } of stay.slices) {
      this.event({ name: label, cat: kind, ph: "X", ts: us(from), dur: us(ps), ...at, args: { kind, ...(blocker < 0 ? {} : { waited_for: blocker }) } });
    }
    if (flow !== null) this.event({ name: "way", cat: "flow", ph: flow, ...(flow === "f" ? { bp: "e" } : {}), id: token.message, ts: us(stay.from), ...at });
  }

  private lane(stay: Stay): { readonly pid: number; readonly tid: number } {
    const [first = stay.step, ...rest] = stay.step.split(".");
    const component = rest[0] ?? first;
    const key = `${first}/${component}`;
    const track = this.tracks.get(key) ?? { pid: this.processOf(first), component, lanes: [] };
    this.tracks.set(key, track);
    let lane = track.lanes.find((one) => one.free <= stay.from);
    if (lane === undefined) {
      lane = { free: 0, tid: ++this.threads };
      track.lanes.push(lane);
      const name = track.lanes.length === 1 ? component : `${component} (${track.lanes.length})`;
      this.event({ name: "thread_name", ph: "M", pid: track.pid, tid: lane.tid, args: { name } });
    }
    lane.free = stay.to;
    return { pid: track.pid, tid: lane.tid };
  }

  private processOf(name: string): number {
    const known = this.processes.get(name);
    if (known !== undefined) return known;
    const pid = this.processes.size + 1;
    this.processes.set(name, pid);
    this.event({ name: "process_name", ph: "M", pid, tid: 0, args: { name } });
    return pid;
  }

  private event(fields: Readonly<Record<string, unknown>>): void {
    this.sink(`${this.events++ === 0 ? "" : ",\n"}${JSON.stringify(fields)}`);
  }
}

/** Runs of slices in one component; an overlap goes back in time and ends a stay. */
function staysOf(token: TraceToken): Stay[] {
  const runs: TraceSlice[][] = [];
  let open: TraceSlice[] | null = null;
  for (const slice of token.slices) {
    if (slice.ps < 0 || (open?.[0] !== undefined && componentOf(open[0].step) !== componentOf(slice.step))) open = null;
    if (slice.ps <= 0) continue;
    if (open === null) runs.push((open = []));
    open.push(slice);
  }
  return runs.map((slices, index) => {
    const [first] = slices as [TraceSlice];
    const last = slices.at(-1) ?? first;
    const flow = token.offPath || runs.length < 2 ? null : index === 0 ? "s" : index === runs.length - 1 ? "f" : "t";
    return { token, step: first.step, slices, from: first.at, to: last.at + last.ps, flow };
  });
}

const componentOf = (step: string): string => step.split(".").slice(0, 2).join(".");
const us = (ps: number): number => Number((ps / 1e6).toFixed(6));
