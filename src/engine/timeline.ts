import { componentKey, uniform } from "../random/index.js";
import type { OutageSpec } from "./program.js";

interface Process {
  readonly spec: OutageSpec;
  readonly key0: number;
  readonly key1: number;
  /** Number of the next outage, which keys its draws. */
  number: number;
  next: number;
}

/**
 * When something that works is taken away from its work by what nobody in the simulation causes: a refresh, a timer tick,
 * firmware, a collector of garbage. The outages are a pure function of seed, name and time, made as far as anybody asks,
 * so they need no event, and no message can change them. One that comes while another lasts begins when that one is over.
 */
export class Timeline {
  private readonly processes: readonly Process[];
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  /** Earliest time that will still be asked for. */
  private from = 0;

  constructor(name: string, specs: readonly OutageSpec[], seed: number) {
    this.processes = specs.map((spec) => {
      const [key0, key1] = componentKey(seed, `${name}/${spec.name}`);
      const process: Process = { spec, key0, key1, number: 0, next: 0 };
      // The process has always been going on: a run begins anywhere between two outages.
      process.next = Math.floor(uniform(key0, key1, 0, 2) * gap(process));
      return process;
    });
  }

  /** Nobody will ask for what lies before `time`. */
  forget(time: number): void {
    this.from = time;
    while (this.ends.length > 0 && this.ends[0]! <= time) {
      this.starts.shift();
      this.ends.shift();
    }
  }

  /** How long `work` takes that begins at `time`, outages included. No work at all still waits for the end of an outage that is under way. */
  takes(time: number, work: number): number {
    let left = work;
    let t = time;
    for (let at = 0; ; at++) {
      this.cover(at, t + left);
      if (at >= this.starts.length || this.starts[at]! > t + left || (this.starts[at]! === t + left && left > 0)) return t + left - time;
      if (this.ends[at]! <= t) continue;
      if (this.starts[at]! > t) left -= this.starts[at]! - t;
      t = this.ends[at]!;
    }
  }

  /** Work that gets done between two times. */
  done(from: number, to: number): number {
    let away = 0;
    for (let at = 0; ; at++) {
      this.cover(at, to);
      if (at >= this.starts.length || this.starts[at]! >= to) return to - from - away;
      away += Math.max(0, Math.min(to, this.ends[at]!) - Math.max(from, this.starts[at]!));
    }
  }

  /** Makes outages until there is one with this place in the list, or the next would begin behind `time`. */
  private cover(place: number, time: number): void {
    while (place >= this.starts.length) {
      const process = this.earliest();
      if (process === null || process.next > time) return;
      this.make(process);
    }
  }

  private earliest(): Process | null {
    let earliest: Process | null = null;
    for (const process of this.processes) if (earliest === null || process.next < earliest.next) earliest = process;
    return earliest;
  }

  private make(process: Process): void {
    const last = this.ends.length - 1;
    const begin = last >= 0 && this.ends[last]! > process.next ? this.ends[last]! : process.next;
    const end = begin + process.spec.time.sample(process.key0, process.key1, process.number, 0);
    process.number++;
    process.next = Math.max(process.next + gap(process), process.next + 1);
    if (end <= this.from) return;
    this.starts.push(begin);
    this.ends.push(end);
  }
}

/** From the start of one outage to the start of the next. */
function gap(process: Process): number {
  return process.spec.every.sample(process.key0, process.key1, process.number, 1);
}
