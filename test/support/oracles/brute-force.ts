import { prng, type Prng } from "../prng.js";

/** Small independent simulations that the closed forms are held against; they share no line with the engine. */

/** What the first messages of a replication saw is dropped: the queue began empty. */
const WARM_UP = 0.1;

export function replications(count: number, one: (random: Prng) => number): number[] {
  return Array.from({ length: count }, (_, index) => one(prng(7_000 + index)));
}

/** Mean over the messages after the warm-up. */
export function steadyMean(values: Float64Array): number {
  const steady = values.subarray(Math.floor(values.length * WARM_UP));
  let sum = 0;
  for (const value of steady) sum += value;
  return sum / steady.length;
}

/** Poisson arrival times. */
export function poissonTimes(random: Prng, count: number, rate: number): Float64Array {
  let now = 0;
  return Float64Array.from({ length: count }, () => (now += random.exponential(1 / rate)));
}

/** Poisson arrival times up to `horizon`: streams that share a server must end together, or the others see a lighter load at the end. */
export function poissonTimesUntil(random: Prng, horizon: number, rate: number): number[] {
  const times: number[] = [];
  for (let now = random.exponential(1 / rate); now <= horizon; now += random.exponential(1 / rate)) times.push(now);
  return times;
}

/** Rule for a server that was idle at `idleSince` and meets an arrival at `arrival`: when it can start. */
export type IdleRule = (arrival: number, idleSince: number) => number;

/** First-come first-served waits at one server. */
export function fifoWaits(arrivals: Float64Array, service: () => number, whenIdle: IdleRule = (arrival) => arrival): Float64Array {
  let free = 0;
  return arrivals.map((arrival) => {
    const start = arrival < free ? free : whenIdle(arrival, free);
    free = start + service();
    return start - arrival;
  });
}

/** Waits at `servers` servers with one queue. */
export function sharedQueueWaits(arrivals: Float64Array, servers: number, service: () => number): Float64Array {
  const free = new Array<number>(servers).fill(0);
  return arrivals.map((arrival) => {
    const soonest = free.indexOf(Math.min(...free));
    const start = Math.max(arrival, free[soonest] ?? 0);
    free[soonest] = start + service();
    return start - arrival;
  });
}

/** Waits at a server that starts only when `threshold` messages are there. */
export function thresholdWaits(arrivals: Float64Array, threshold: number, service: () => number): Float64Array {
  let free = 0;
  let awake = false;
  return arrivals.map((arrival, index) => {
    if (index === 0 || arrival >= free) awake = false;
    const start = awake ? free : Math.max(arrival, arrivals[Math.min(arrivals.length, index + threshold) - 1] ?? 0);
    awake = true;
    free = start + service();
    return start - arrival;
  });
}

/** Waits until release, and the number of releases, of a coalescer; `due` tells when an open batch goes at the latest. */
export interface Coalesced {
  readonly waits: Float64Array;
  readonly releases: number;
}

/** Due time of the open batch, from its first and its latest arrival and the last release. */
export type DueRule = (first: number, latest: number, released: number) => number;

export function coalesce(arrivals: Float64Array, limit: number, due: DueRule): Coalesced {
  const waits = new Float64Array(arrivals.length);
  let open = 0;
  let releases = 0;
  let released = -Infinity;
  let deadline = Infinity;
  const release = (end: number, at: number): void => {
    for (let index = open; index < end; index += 1) waits[index] = at - (arrivals[index] ?? NaN);
    open = end;
    releases += 1;
    released = at;
    deadline = Infinity;
  };
  arrivals.forEach((arrival, index) => {
    if (index > open && deadline < arrival) release(index, deadline);
    deadline = Math.max(arrival, due(arrivals[open] ?? arrival, arrival, released));
    if (index + 1 - open >= limit) release(index + 1, arrival);
  });
  // The last batch stays open: its waits are not known and stay zero.
  return { waits: waits.subarray(0, open), releases };
}

/** A message of a priority class; its wait until first served and its sojourn are filled in. */
export interface PriorityJob {
  readonly urgency: number;
  readonly arrival: number;
  left: number;
  started: number;
  ended: number;
}

/** Serves `jobs` (ascending arrival) by urgency, 0 first, then by arrival; resumes what was interrupted. */
export function serveByUrgency(jobs: readonly PriorityJob[], classes: number, preemptive: boolean): void {
  const waiting = Array.from({ length: classes }, (): { jobs: PriorityJob[]; head: number } => ({ jobs: [], head: 0 }));
  let next = 0;
  let now = 0;
  const admit = (until: number): void => {
    for (let job = jobs[next]; job !== undefined && job.arrival <= until; job = jobs[next]) {
      waiting[job.urgency]?.jobs.push(job);
      next += 1;
    }
  };
  for (;;) {
    admit(now);
    const queue = waiting.find(({ jobs: queued, head }) => head < queued.length);
    const job = queue?.jobs[queue.head];
    if (queue === undefined || job === undefined) {
      const arrival = jobs[next]?.arrival;
      if (arrival === undefined) return;
      now = arrival;
      continue;
    }
    if (job.started < 0) job.started = now;
    const interruption = preemptive ? (jobs[next]?.arrival ?? Infinity) : Infinity;
    const run = Math.min(job.left, interruption - now);
    now += run;
    job.left -= run;
    if (job.left > 1e-12) continue;
    job.ended = now;
    queue.head += 1;
  }
}

/** Sojourn over size of every message under processor sharing. */
export function processorSharingStretch(arrivals: Float64Array, sizes: Float64Array): Float64Array {
  const stretch = new Float64Array(arrivals.length);
  const present: { index: number; left: number }[] = [];
  let now = 0;
  const run = (until: number): void => {
    while (present.length > 0 && now < until) {
      const least = present.reduce((a, b) => (b.left < a.left ? b : a));
      const served = Math.min(least.left, (until - now) / present.length);
      const done = served === least.left;
      now += served * present.length;
      for (const job of present) job.left -= served;
      if (!done) return;
      stretch[least.index] = (now - (arrivals[least.index] ?? NaN)) / (sizes[least.index] ?? NaN);
      present.splice(present.indexOf(least), 1);
    }
  };
  arrivals.forEach((arrival, index) => {
    run(arrival);
    now = arrival;
    present.push({ index, left: sizes[index] ?? NaN });
  });
  run(Infinity);
  return stretch;
}

/** Exponential stations in a ring with a place to think. */
export interface ClosedRing {
  readonly demands: readonly number[];
  readonly population: number;
  readonly think: number;
}

/** Throughput of a closed network over `cycles` rounds of its messages. */
export function closedThroughput(random: Prng, { demands, population, think }: ClosedRing, cycles: number): number {
  // Exponential everywhere: from the counts alone the next transition is a race of rates.
  const queued = demands.map(() => 0);
  let thinking = population;
  let now = 0;
  let done = 0;
  let from = 0;
  while (done < cycles) {
    const rates = [thinking / think, ...demands.map((demand, station) => ((queued[station] ?? 0) > 0 ? 1 / demand : 0))];
    const total = rates.reduce((sum, rate) => sum + rate, 0);
    now += random.exponential(1 / total);
    let pick = random.uniform() * total;
    const winner = rates.findIndex((rate) => (pick -= rate) < 0);
    if (winner === 0) thinking -= 1;
    else queued[winner - 1] = (queued[winner - 1] ?? 0) - 1;
    if (winner === demands.length) {
      thinking += 1;
      done += 1;
      if (done === Math.floor(cycles * WARM_UP)) from = now;
    } else {
      queued[winner] = (queued[winner] ?? 0) + 1;
    }
  }
  return (cycles - Math.floor(cycles * WARM_UP)) / (now - from);
}

/** Departures from a token bucket, message by message: the tokens are counted, not derived. */
export function countedBucketDepartures(arrivals: readonly { time: number; length: number }[], depth: number, rate: number): number[] {
  let tokens = depth;
  let clock = 0;
  return arrivals.map(({ time, length }) => {
    const head = Math.max(clock, time);
    tokens = Math.min(depth, tokens + (head - clock) * rate);
    clock = head + Math.max(0, (length - tokens) / rate);
    tokens = tokens + (clock - head) * rate - length;
    return clock;
  });
}

/** Share of busy outputs of a saturated input-queued switch with uniform traffic and random arbitration. */
export function headOfLineThroughput(random: Prng, ports: number, slots: number): number {
  const wanted = Array.from({ length: ports }, () => random.integer(ports));
  let sent = 0;
  for (let slot = 0; slot < slots; slot += 1) {
    const seen = new Array<number>(ports).fill(0);
    const winner = new Array<number>(ports).fill(-1);
    wanted.forEach((output, input) => {
      seen[output] = (seen[output] ?? 0) + 1;
      if (random.integer(seen[output] ?? 1) === 0) winner[output] = input;
    });
    for (const input of winner) {
      if (input < 0) continue;
      wanted[input] = random.integer(ports);
      sent += 1;
    }
  }
  return sent / ports / slots;
}
