import { TIMER, type Agenda } from "./agenda.js";
import { PHASE } from "./order.js";
import type { StageSpec } from "./program.js";
import { Timeline } from "./timeline.js";
import { REAL } from "./tokens.js";

/** What a queueing stage tells the machine of a token that finishes now: where its time went. */
export interface Finished {
  finished(token: number, waited: number, served: number, displaced: number): void;
}

interface Job {
  token: number;
  rank: number;
  klass: number;
  arrived: number;
  /** Since when it stands in line: its arrival, or the end of its last slice. */
  place: number;
  remaining: number;
  service: number;
  /** When its current turn began; -1 while it waits. */
  since: number;
  /** Waiting time before it was first served. */
  waited: number;
}

/**
 * Stages whose discipline looks at the queue: priority (non-preemptive), preemptive-resume, processor sharing.
 * Class 0 goes first; within a class, first come first served, or in slices where the stage is a processor with a run-queue.
 * One server. Outages take it from its work under the first two. Jobs are kept and used again.
 */
export class QueueingStage {
  private readonly timer: number;
  private readonly machine: Finished;
  private readonly timeline: Timeline | null;
  private readonly waiting: Job[] = [];
  private readonly spare: Job[] = [];
  private current: Job | null = null;
  /** The server is free and jobs wait: who goes next is decided after all that arrives at this instant. */
  private deciding = false;
  /** Token that ran last, what it has run of its slice, and whether the end of a slice has taken it off. */
  private lastToken = -1;
  private ran = 0;
  private rotated = false;
  /** Work that the turn under way was set to do. */
  private turn = 0;
  /** Time for which the processor still runs slowly. */
  private slow = 0;
  /** Sharing: service received by every job since the start, in ps; jobs leave when it reaches their mark. */
  private level = 0;
  private levelAt = 0;
  /** When the server came free. */
  idleSince = -0;
  busy = 0;
  claims = 0;

  constructor(readonly spec: StageSpec, index: number, private readonly agenda: Agenda, of: { readonly machine: Finished; readonly seed: number }) {
    this.timer = agenda.newTimer(TIMER.queue, index);
    this.machine = of.machine;
    this.timeline = spec.outages === undefined || spec.outages.length === 0 ? null : new Timeline(spec.name, spec.outages, of.seed);
  }

  get working(): boolean {
    return this.current !== null || this.deciding;
  }

  /** The token waits here until `finished` is called for it. */
  claim(token: number, service: number, klass: number): void {
    const time = this.agenda.calendar.time;
    const job = this.spare.pop() ?? { token, rank: 0, klass, arrived: 0, place: 0, remaining: 0, service: 0, since: -1, waited: -1 };
    job.token = token;
    job.rank = this.agenda.tokens.reals[token + REAL.rank]!;
    job.klass = klass;
    job.arrived = time;
    job.place = time;
    job.remaining = service;
    job.service = service;
    job.since = -1;
    job.waited = -1;
    this.claims++;
    this.busy += service;
    if (this.spec.discipline === "sharing") this.share(job, time);
    else this.admit(job, time);
  }

  expire(): void {
    const time = this.agenda.calendar.time;
    if (this.spec.discipline === "sharing") this.leaveShare(time);
    else if (this.deciding) this.decide(time);
    else this.pause(time);
  }

  private admit(job: Job, time: number): void {
    const current = this.current;
    if (this.deciding || (current === null && this.spec.discipline === "priority")) {
      this.deciding = true;
      this.agenda.setTimer(this.timer, 0, PHASE.grant);
      return this.enqueue(job);
    }
    if (current === null) return this.begin(job, time);
    if (this.spec.discipline === "preemptive" && job.klass < current.klass) {
      this.account(current, time);
      current.since = -1;
      this.enqueue(current);
      return this.begin(job, time);
    }
    this.enqueue(job);
    if (this.spec.slice === undefined || job.klass !== current.klass) return;
    // Someone of the same class waits now: the turn ends with the slice.
    this.account(current, time);
    this.schedule(current, time);
  }

  private begin(job: Job, time: number): void {
    if (job.waited < 0) job.waited = time - job.arrived;
    if (job.token !== this.lastToken) {
      const change = this.rotated ? (this.spec.switch ?? 0) : 0;
      job.remaining += change;
      // The slice begins behind the change.
      this.ran = -change;
    }
    this.rotated = false;
    this.warmUp(time);
    this.lastToken = job.token;
    this.current = job;
    this.timeline?.forget(time);
    this.schedule(job, time);
  }

  /** Sets the end of a turn: of the job, or of its slice while one of its class waits. */
  private schedule(job: Job, time: number): void {
    job.since = time;
    const { slice } = this.spec;
    const rival = slice !== undefined && this.waiting.length > 0 && this.waiting[0]!.klass === job.klass;
    const turn = rival ? Math.min(job.remaining, Math.max(0, slice - this.ran)) : job.remaining;
    this.turn = turn;
    const running = this.running(turn);
    this.agenda.setTimer(this.timer, this.timeline === null ? running : this.timeline.takes(time, running), turn === 0 && job.remaining > 0 ? PHASE.grant : PHASE.complete);
  }

  /** Who finds the processor idle for long finds it slow. */
  private warmUp(time: number): void {
    const { ramp } = this.spec;
    if (ramp !== undefined && this.idleSince >= 0 && time - this.idleSince >= ramp.after) this.slow = ramp.time;
    this.idleSince = -1;
  }

  /** Running time that so much work takes. */
  private running(work: number): number {
    const speed = this.spec.ramp?.speed ?? 1;
    const slowly = this.slow * speed;
    return work <= slowly ? Math.ceil(work / speed) : Math.ceil(this.slow + work - slowly);
  }

  /** Work that a running time does. */
  private workIn(running: number): number {
    const slowly = Math.min(running, this.slow);
    this.slow -= slowly;
    return Math.floor(slowly * (this.spec.ramp?.speed ?? 1)) + running - slowly;
  }

  /** Books what a job has received since its turn, or its last booking, began. */
  private account(job: Job, time: number): void {
    const running = this.timeline === null ? time - job.since : this.timeline.done(job.since, time);
    const done = Math.min(this.workIn(running), this.turn);
    job.remaining -= done;
    job.since = time;
    this.ran += done;
  }

  /** Ordered by class, then by place; a displaced job keeps its place ahead of later arrivals of its class. */
  private enqueue(job: Job): void {
    let at = this.waiting.length;
    while (at > 0 && after(this.waiting[at - 1]!, job)) at--;
    this.waiting.splice(at, 0, job);
  }

  /** A turn is over: with the job, or with a slice. */
  private pause(time: number): void {
    const job = this.current!;
    const left = job.remaining - this.turn;
    this.account(job, time);
    // What was set to be done has been done, whatever rounding says.
    job.remaining = left;
    this.current = null;
    if (job.remaining > 0) {
      job.place = time;
      // Behind everyone who is there now.
      job.rank = Infinity;
      this.rotated = true;
      this.ran = 0;
      this.lastToken = -1;
      this.enqueue(job);
      return this.decide(time);
    }
    this.spare.push(job);
    this.deciding = this.waiting.length > 0;
    if (this.deciding) this.agenda.setTimer(this.timer, 0, PHASE.grant);
    else this.idleSince = time;
    this.machine.finished(job.token, job.waited, job.service, time - job.arrived - job.waited - job.service);
  }

  private decide(time: number): void {
    this.deciding = false;
    this.begin(this.waiting.splice(this.following(), 1)[0]!, time);
  }

  /** Who goes next: the first in line, but a thread whose next piece of work follows at once keeps the processor for the rest of its slice. */
  private following(): number {
    const { slice } = this.spec;
    if (slice === undefined || this.ran >= slice) return 0;
    const same = this.waiting.findIndex((job) => job.token === this.lastToken && job.klass === this.waiting[0]!.klass);
    return Math.max(0, same);
  }

  private share(job: Job, time: number): void {
    this.raiseLevel(time);
    // `remaining` holds the level at which the job has received its service.
    job.remaining = this.level + job.service;
    let at = this.waiting.length;
    while (at > 0 && this.waiting[at - 1]!.remaining > job.remaining) at--;
    this.waiting.splice(at, 0, job);
    this.nextDeparture();
  }

  private raiseLevel(time: number): void {
    if (this.waiting.length > 0) this.level += (time - this.levelAt) / this.waiting.length;
    this.levelAt = time;
  }

  private nextDeparture(): void {
    const first = this.waiting[0];
    if (first === undefined) return this.agenda.cancel(this.timer);
    const wait = Math.ceil(Math.max(0, first.remaining - this.level) * this.waiting.length);
    this.agenda.setTimer(this.timer, this.levelAt + wait - this.agenda.calendar.time, PHASE.complete);
  }

  private leaveShare(time: number): void {
    this.raiseLevel(time);
    const job = this.waiting.shift()!;
    // A departure is rounded up to a picosecond: what the job had no use for since its mark was the others'.
    if (this.waiting.length > 0) this.level += (this.level - job.remaining) / this.waiting.length;
    this.spare.push(job);
    if (this.waiting.length === 0) this.level = 0;
    this.nextDeparture();
    const contended = time - job.arrived - job.service;
    this.machine.finished(job.token, 0, job.service, contended);
  }
}

function after(a: Job, b: Job): boolean {
  if (a.klass !== b.klass) return a.klass > b.klass;
  return a.place > b.place || (a.place === b.place && a.rank > b.rank);
}
