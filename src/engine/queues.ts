import { TIMER, type Agenda } from "./agenda.js";
import { PHASE } from "./order.js";
import type { StageSpec } from "./program.js";

/** What a queueing stage tells the machine of a token that finishes now: where its time went. */
export interface Finished {
  finished(token: number, waited: number, served: number, displaced: number): void;
}

interface Job {
  token: number;
  rank: number;
  klass: number;
  arrived: number;
  remaining: number;
  service: number;
  /** When its current turn began; -1 while it waits. */
  since: number;
  /** Waiting time before it was first served. */
  waited: number;
}

/**
 * Stages whose discipline looks at the queue: priority (non-preemptive), preemptive-resume, processor sharing.
 * Class 0 goes first; within a class, first come first served. One server. Jobs are kept and used again.
 */
export class QueueingStage {
  private readonly timer: number;
  private readonly waiting: Job[] = [];
  private readonly spare: Job[] = [];
  private current: Job | null = null;
  /** The server is free and jobs wait: who goes next is decided after all that arrives at this instant. */
  private deciding = false;
  /** Sharing: service received by every job since the start, in ps; jobs leave when it reaches their mark. */
  private level = 0;
  private levelAt = 0;
  busy = 0;
  claims = 0;

  constructor(readonly spec: StageSpec, index: number, private readonly agenda: Agenda, private readonly machine: Finished) {
    this.timer = agenda.newTimer(TIMER.queue, index);
  }

  /** The token waits here until `finished` is called for it. */
  claim(token: number, service: number, klass: number): void {
    const time = this.agenda.now;
    const job = this.spare.pop() ?? { token, rank: 0, klass, arrived: 0, remaining: 0, service: 0, since: -1, waited: -1 };
    job.token = token;
    job.rank = this.agenda.tokens.rank[token]!;
    job.klass = klass;
    job.arrived = time;
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
    const time = this.agenda.now;
    if (this.spec.discipline === "sharing") this.leaveShare(time);
    else if (this.deciding) this.decide(time);
    else this.complete(time);
  }

  private admit(job: Job, time: number): void {
    const current = this.current;
    if (this.deciding || (current === null && this.spec.discipline === "priority")) {
      this.deciding = true;
      this.agenda.setTimer(this.timer, time, PHASE.grant);
      return this.enqueue(job);
    }
    if (current === null) return this.begin(job, time);
    if (this.spec.discipline === "preemptive" && job.klass < current.klass) {
      current.remaining -= time - current.since;
      current.since = -1;
      this.enqueue(current);
      this.begin(job, time);
    } else this.enqueue(job);
  }

  private begin(job: Job, time: number): void {
    if (job.waited < 0) job.waited = time - job.arrived;
    job.since = time;
    this.current = job;
    this.agenda.setTimer(this.timer, time + job.remaining, PHASE.complete);
  }

  /** Ordered by class, then by arrival; a displaced job keeps its place ahead of later arrivals of its class. */
  private enqueue(job: Job): void {
    let at = this.waiting.length;
    while (at > 0 && after(this.waiting[at - 1]!, job)) at--;
    this.waiting.splice(at, 0, job);
  }

  private complete(time: number): void {
    const job = this.current!;
    this.current = null;
    this.spare.push(job);
    this.deciding = this.waiting.length > 0;
    if (this.deciding) this.agenda.setTimer(this.timer, time, PHASE.grant);
    this.machine.finished(job.token, job.waited, job.service, time - job.arrived - job.waited - job.service);
  }

  private decide(time: number): void {
    this.deciding = false;
    this.begin(this.waiting.shift()!, time);
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
    this.agenda.setTimer(this.timer, this.levelAt + wait, PHASE.complete);
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
  return a.arrived > b.arrived || (a.arrived === b.arrived && a.rank > b.rank);
}
