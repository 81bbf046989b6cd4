import { OP, type Program } from "../engine/index.js";
import { Distribution } from "../random/index.js";
import type { Compiled, CompiledMetric, CompiledPath } from "../scenario/index.js";

/** A queue with one server, first come first served, as far as its mean wait goes: the service that each message takes [ps]. */
export interface Station {
  readonly name: string;
  readonly mean: number;
  readonly secondMoment: number;
  readonly drawn: boolean;
}

/**
 * The mean latency of messages that come at random. `behind` are the queues that they pass up to the end of the window, `before` those up to its
 * start; null where there are none.
 */
export interface MeanLaw {
  readonly floor: number;
  readonly before: Station | null;
  readonly behind: Station | null;
}

/** A law, or in a few words why none is known. */
export type Recognised = { readonly law: MeanLaw } | { readonly because: string };

/**
 * Recognises paths whose mean latency has a closed form: Poisson arrivals of one size, and nothing to wait for but queues with one server, first
 * come first served, that nobody else uses. Either there is one queue, with any law of service: the mean wait is that of Pollaczek and Khinchine.
 * Or every queue has a constant service: then the total wait is that of the slowest queue alone (Avi-Itzhak and Friedman, 1965). For if
 * queue i begins with message n at B(i, n) = max over j ≤ n of A(i, j) + (n - j) s(i), and its messages come to the next queue a constant time
 * after they have begun, then of the n - j steps each may be taken in any queue, and the largest sum takes all of them in the slowest. The same
 * holds up to the start of the window, so that the wait inside is the difference of the two.
 *
 * Conservative: whatever is not known to keep this is refused, such as a batch, a poll, a clock's edge, a claim that may be refused, a choice.
 */
export function meanLawOf({ program, notes }: Compiled, path: CompiledPath, metric: CompiledMetric): Recognised {
  const sources = program.sources.filter((source) => program.paths[source.path]?.metrics.includes(metric.spec) === true);
  const [source] = sources;
  if (path.aside || source === undefined || sources.length > 1) return { because: "it does not end on the path of one source" };
  if (source.arrivals.kind !== "renewal" || source.arrivals.gap.law !== "exponential") return { because: "arrivals are not Poisson" };
  if (metric.stamps !== null) return { because: "it is measured by time stamps" };
  if (metric.floor === null) return { because: "it has no zero-load latency" };
  const found = new PathWalk(program, source.payload).walk(program.paths[source.path]?.entry ?? 0, metric.spec.fromMark, metric.spec.toMark);
  if ("at" in found) return { because: `${notes[found.at]?.step ?? ""}, ${notes[found.at]?.text ?? ""}: ${found.because}` };
  return { law: { floor: metric.floor, before: found.before, behind: found.behind } };
}

/** Mean latency at `rate` messages per ps; null from where a queue grows without end. */
export function meanLatency({ floor, before, behind }: MeanLaw, rate: number): number | null {
  const [inside, outside] = [behind, before].map((station) => (station === null ? 0 : meanWait(station, rate)));
  return inside === undefined || outside === undefined || !Number.isFinite(inside) ? null : floor + inside - outside;
}

/** The formula of Pollaczek and Khinchine. */
function meanWait({ mean, secondMoment }: Station, rate: number): number {
  const load = rate * mean;
  return load < 1 ? (rate * secondMoment) / (2 * (1 - load)) : Infinity;
}

/** What ends a walk: an instruction that is not of the class. */
interface Refusal {
  readonly at: number;
  readonly because: string;
}

type Walked = Refusal | Pick<MeanLaw, "before" | "behind">;

/** Instructions that a queue may share its server with: the part is the index of a stage. */
const CLAIMS: ReadonlySet<number> = new Set([OP.stage, OP.send, OP.drawStage, OP.queue, OP.drawQueue]);

/** Follows one message through its path without anybody in its way. */
class PathWalk {
  /** The cursor, where draws are at their least, and the first bit of the bytes that travel along. */
  private least = 0;
  private first = 0;
  /** Since these bytes were sent the message may have waited, or taken longer than its least. */
  private late = false;
  private readonly stations: Station[] = [];

  constructor(private readonly program: Program, private readonly payload: number) {}

  walk(entry: number, fromMark: number, toMark: number): Walked {
    const { program } = this;
    let before: Station | null = null;
    for (let pc = entry; ; ) {
      const op = program.op[pc];
      if (op === OP.mark && program.a[pc] === fromMark) before = this.slowest();
      if (op === OP.mark && program.a[pc] === toMark) return { before, behind: this.slowest() };
      const next = this.step(pc);
      if (typeof next !== "number") return next;
      pc = next;
    }
  }

  private slowest(): Station | null {
    return this.stations.reduce<Station | null>((slowest, one) => (slowest === null || one.mean > slowest.mean ? one : slowest), null);
  }

  private amount(index: number | undefined): number {
    return this.program.amounts[index ?? -1]?.(this.payload) ?? 0;
  }

  /** The next instruction, or why this one is not of the class. */
  private step(pc: number): number | Refusal {
    const { program } = this;
    const value = this.amount(program.amount[pc]);
    switch (program.op[pc]) {
      case OP.mark:
      case OP.count:
      case OP.spawn:
      // Nobody holds a server: taking one is refused.
      case OP.free:
        return pc + 1;
      case OP.delay:
        this.least += value;
        return pc + 1;
      case OP.stream:
        this.least += value;
        this.first += value;
        return pc + 1;
      case OP.need:
        return this.need(pc, value);
      case OP.jump:
        return program.a[pc] ?? -1;
      case OP.branch:
        return this.branch(pc);
      case OP.stage:
        this.late = true;
        this.least += value;
        return this.claim(pc, constant(this.amount(program.amount2[pc])));
      case OP.send:
        this.least += this.amount(program.amount2[pc]);
        this.first = this.least;
        this.late = false;
        return this.claim(pc, constant(value));
      case OP.drawStage:
        return this.drawn(pc);
      default:
        return { at: pc, because: "no closed form is known with it" };
    }
  }

  /** A wait for bytes hides as much of an earlier wait as it takes: only one that takes nothing, or meets the bytes as they were sent, is of the class. */
  private need(pc: number, value: number): number | Refusal {
    const there = this.first + value;
    if (there > this.least && this.late) return { at: pc, because: "it may hide what was waited before" };
    this.least = Math.max(this.least, there);
    return pc + 1;
  }

  private branch(pc: number): number | Refusal {
    const choice = this.program.choices[this.program.part[pc] ?? -1];
    if (choice?.kind !== "size") return { at: pc, because: "messages go different ways" };
    return this.amount(choice.amount) !== 0 ? pc + 1 : this.program.a[pc] ?? -1;
  }

  private drawn(pc: number): number | Refusal {
    const sampler = this.program.draws[this.program.amount[pc] ?? -1]?.sampler;
    if (!(sampler instanceof Distribution)) return { at: pc, because: "the moments of its service are not known" };
    this.late = true;
    this.least += Math.max(0, sampler.min);
    return this.claim(pc, { mean: sampler.mean(), secondMoment: sampler.secondMoment(), drawn: true });
  }

  private claim(pc: number, service: Omit<Station, "name">): number | Refusal {
    const { program } = this;
    const part = program.part[pc] ?? -1;
    const stage = program.stages[part];
    if (stage?.servers !== 1 || stage.discipline !== "fifo") return { at: pc, because: "its queue is not first come first served by one server" };
    const claims = program.op.reduce((count, op, other) => count + (CLAIMS.has(op) && program.part[other] === part ? 1 : 0), 0);
    if (claims > 1 || program.servers.some(({ processor }) => processor === part)) return { at: pc, because: "others use it, too" };
    this.stations.push({ name: stage.name, ...service });
    if (this.stations.length > 1 && this.stations.some(({ drawn }) => drawn)) return { at: pc, because: "it is not the only queue, and service is drawn" };
    return pc + 1;
  }
}

const constant = (service: number): Omit<Station, "name"> => ({ mean: service, secondMoment: service * service, drawn: false });
