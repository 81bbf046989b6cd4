import { TIMER, type Agenda } from "./agenda.js";
import { PHASE } from "./order.js";
import type { BusSpec } from "./program.js";
import type { Finished } from "./queues.js";

interface Transfer {
  token: number;
  klass: number;
  arrived: number;
  unit: number;
  left: number;
  service: number;
}

/**
 * One direction of a bus. A transfer is cut into units; units of different transfers take turns by the arbiter's rule.
 * While nobody else wants the bus a transfer of one unit is booked at once and a longer one costs one event;
 * only under contention is there an event per unit.
 */
export class Bus {
  private readonly timer: number;
  /** End of what has been booked or is being sent. */
  private freeAt = -0;
  /** Start of the transfer booked last. */
  start = -0;
  private sending: Transfer | null = null;
  /** Has had its turn and wants another; who goes next is decided after all that arrives at this instant. */
  private paused: Transfer | null = null;
  /** Units in the turn that is being sent. */
  private turnUnits = 0;
  private turnFrom = 0;
  private readonly waiting: Transfer[] = [];
  private readonly spare: Transfer[] = [];
  busy = 0;
  transfers = 0;
  units = 0;

  constructor(readonly spec: BusSpec, index: number, private readonly agenda: Agenda, private readonly machine: Finished) {
    this.timer = agenda.newTimer(TIMER.bus, index);
  }

  /** Sends `count` units of `unit` ps: true when booked, from `start` on; false when `finished` will be called. */
  transfer(token: number, unit: number, count: number, klass: number): boolean {
    const time = this.agenda.calendar.time;
    this.transfers++;
    this.units += count;
    this.busy += unit * count;
    const alone = this.sending === null && this.paused === null && this.waiting.length === 0 && this.spec.arbiter !== "priority";
    if (count <= 1 && alone) {
      this.start = this.freeAt > time ? this.freeAt : time;
      this.freeAt = this.start + unit * count;
      return true;
    }
    const job = this.spare.pop() ?? { token, klass, arrived: 0, unit: 0, left: 0, service: 0 };
    job.token = token;
    job.klass = klass;
    job.arrived = time;
    job.unit = unit;
    job.left = count;
    job.service = unit * count;
    if (alone) {
      this.send(job, this.freeAt > time ? this.freeAt : time, count);
      return false;
    }
    this.enqueue(job);
    // Who goes next is decided after all that arrives by then, for someone more urgent may still come.
    if (this.sending === null) this.agenda.setTimer(this.timer, Math.max(0, this.freeAt - time), PHASE.grant);
    else this.shorten(time);
    return false;
  }

  expire(): void {
    const job = this.sending;
    if (job === null) return this.grant();
    this.sending = null;
    job.left -= this.turnUnits;
    if (job.left > 0) this.paused = job;
    if (this.spec.arbiter === "fifo") this.grant();
    else if (this.paused !== null || this.waiting.length > 0) this.agenda.setTimer(this.timer, 0, PHASE.grant);
    if (job.left > 0) return;
    const { token, service, arrived } = job;
    this.spare.push(job);
    this.machine.finished(token, this.agenda.calendar.time - arrived - service, service, 0);
  }

  /** Gives the bus to the next transfer: for all of it, or for one unit while others wait. */
  private grant(): void {
    if (this.paused !== null) this.enqueue(this.paused);
    this.paused = null;
    const next = this.waiting.shift();
    if (next !== undefined) this.send(next, this.agenda.calendar.time, this.waiting.length > 0 && this.spec.arbiter !== "fifo" ? Math.min(1, next.left) : next.left);
  }

  bookedBeyond(time: number): number {
    return Math.max(0, this.freeAt - time);
  }

  private send(job: Transfer, start: number, units: number): void {
    this.sending = job;
    this.turnUnits = units;
    this.turnFrom = start;
    this.freeAt = start + units * job.unit;
    this.agenda.setTimer(this.timer, this.freeAt - this.agenda.calendar.time, PHASE.complete);
  }

  /** Someone else has come: the turn under way ends with the unit that is on the bus. */
  private shorten(time: number): void {
    const job = this.sending;
    if (job === null || this.spec.arbiter === "fifo" || this.turnUnits === 1) return;
    const begun = time <= this.turnFrom ? 1 : Math.ceil((time - this.turnFrom) / job.unit);
    this.turnUnits = Math.max(1, Math.min(this.turnUnits, begun));
    this.freeAt = this.turnFrom + this.turnUnits * job.unit;
    this.agenda.setTimer(this.timer, this.freeAt - this.agenda.calendar.time, PHASE.complete);
  }

  private enqueue(job: Transfer): void {
    let at = this.waiting.length;
    if (this.spec.arbiter === "priority") while (at > 0 && this.waiting[at - 1]!.klass > job.klass) at--;
    this.waiting.splice(at, 0, job);
  }
}
