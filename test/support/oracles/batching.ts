import type { TwoMoments } from "./single-server.js";

/** What a coalescer of Poisson messages adds: the mean wait of a message, and the mean number released together. */
export interface CoalescerLaw {
  readonly wait: number;
  readonly batch: number;
}

/**
 * P(Poisson(mean) >= k) for k = 0 .. count - 1: below the mean as what the smaller outcomes leave, above it as a sum of the larger
 * ones, so that neither a tiny tail nor one near 1 is lost to cancellation.
 */
function poissonTails(mean: number, count: number): number[] {
  const last = Math.ceil(Math.max(count, mean) + 20 * Math.sqrt(mean) + 60);
  let logTerm = -mean;
  const terms = Array.from({ length: last }, (_, k) => {
    if (k > 0) logTerm += Math.log(mean / k);
    return Math.exp(logTerm);
  });
  const tails = new Array<number>(count).fill(1);
  let above = 0;
  for (let k = last - 1; k > mean; k -= 1) {
    above += terms[k] ?? 0;
    if (k < count) tails[k] = above;
  }
  let below = 0;
  for (let k = 1; k <= mean && k < count; k += 1) {
    below += terms[k - 1] ?? 0;
    tails[k] = 1 - below;
  }
  return tails;
}

/** The timer starts with the first message of a batch; `limit` messages release it early. */
export function timerFromFirst(rate: number, timer: number, limit: number = Infinity): CoalescerLaw {
  const x = rate * timer;
  if (limit === Infinity) return { wait: (timer * (2 + x)) / (2 * (1 + x)), batch: 1 + x };
  const tails = poissonTails(x, limit);
  const batch = tails.reduce((sum, tail) => sum + tail, 0);
  return { wait: tails.reduce((sum, tail, j) => sum + j * tail, 0) / batch / rate, batch };
}

/** P(wait <= w) of `timerFromFirst` without a limit: linear below the timer, the first of each batch waits all of it. */
export function timerFromFirstAtMost(w: number, rate: number, timer: number): number {
  if (w < 0) return 0;
  return w < timer ? (rate * w) / (1 + rate * timer) : 1;
}

/** At least `gap` between two releases; a message that finds the gap over passes at once. */
export function throttle(rate: number, gap: number): CoalescerLaw {
  const x = rate * gap;
  const batch = x + Math.exp(-x);
  return { wait: (rate * gap * gap) / 2 / batch, batch };
}

/** The timer starts again with every message; `limit` messages release the batch early. */
export function timerFromLast(rate: number, timer: number, limit: number = Infinity): CoalescerLaw {
  const x = rate * timer;
  if (limit === Infinity) return { wait: Math.expm1(x) / rate, batch: Math.exp(x) };
  const again = -Math.expm1(-x);
  let batch = 0;
  let waits = 0;
  for (let j = 0; j < limit; j += 1) {
    batch += again ** j;
    waits += j * again ** j;
  }
  return { wait: waits / batch / rate, batch };
}

/** Wait for the next look of an observer with a constant period, at a uniform phase. */
export function pollConstant(period: number): { readonly mean: number; readonly variance: number; readonly max: number } {
  return { mean: period / 2, variance: (period * period) / 12, max: period };
}

/** Mean wait for the next look when the periods are random (inspection paradox). */
export function pollRandom(period: TwoMoments): number {
  return period.square / (2 * period.mean);
}

/** Mean time until a loop over all queues comes to one of them, when each look takes an equal time. */
export function pollRoundRobin(looks: number, each: number): number {
  return (looks * each) / 2;
}
