/** First two moments of a service, setup or vacation time. */
export interface TwoMoments {
  readonly mean: number;
  /** E[S²], not the variance. */
  readonly square: number;
}

/** Moments of a constant. */
export function constant(value: number): TwoMoments {
  return { mean: value, square: value * value };
}

/** Moments of an exponential variable. */
export function exponential(mean: number): TwoMoments {
  return { mean, square: 2 * mean * mean };
}

function stable(utilisation: number): number {
  if (!(utilisation < 1)) throw new RangeError(`utilisation ${utilisation}: no steady state`);
  return utilisation;
}

/** M/M/1: waits and sojourns, their distributions and quantiles. */
export function mm1(arrivalRate: number, serviceRate: number) {
  const utilisation = stable(arrivalRate / serviceRate);
  const excess = serviceRate - arrivalRate;
  return {
    utilisation,
    wait: utilisation / excess,
    sojourn: 1 / excess,
    waitAtMost: (t: number): number => 1 - utilisation * Math.exp(-excess * t),
    /** 0 up to q = 1 - ρ, the share that does not wait. */
    waitQuantile: (q: number): number => Math.max(0, Math.log(utilisation / (1 - q)) / excess),
    sojournQuantile: (q: number): number => -Math.log(1 - q) / excess,
  };
}

/** M/D/1 with service time `service`; the distribution is Erlang's alternating sum, good for t / service up to about 30. */
export function md1(arrivalRate: number, service: number) {
  const utilisation = stable(arrivalRate * service);
  return {
    utilisation,
    wait: (utilisation * service) / (2 * (1 - utilisation)),
    waitAtMost: (t: number): number => {
      let sum = 0;
      let factorial = 1;
      for (let k = 0; k * service <= t; k += 1) {
        if (k > 0) factorial *= k;
        const x = arrivalRate * (k * service - t);
        sum += (x ** k / factorial) * Math.exp(-x);
      }
      return (1 - utilisation) * sum;
    },
  };
}

/** M/G/1 mean wait: Pollaczek and Khinchine. */
export function mg1Wait(arrivalRate: number, service: TwoMoments): number {
  return (arrivalRate * service.square) / (2 * (1 - stable(arrivalRate * service.mean)));
}

/** Erlang's C: the share of arrivals that wait at `servers` servers under `load` = λ/μ. */
export function erlangC(servers: number, load: number): number {
  stable(load / servers);
  let blocking = 1;
  for (let k = 1; k <= servers; k += 1) blocking = (load * blocking) / (k + load * blocking);
  return blocking / (1 - (load / servers) * (1 - blocking));
}

/** M/M/k mean wait. */
export function mmkWait(arrivalRate: number, serviceRate: number, servers: number): number {
  return erlangC(servers, arrivalRate / serviceRate) / (servers * serviceRate - arrivalRate);
}

/** Mean wait with Poisson bursts of `burst` messages at once, each served in a constant time. */
export function batchArrivalsWait(burstRate: number, burst: number, service: number): number {
  const utilisation = stable(burstRate * burst * service);
  return (burstRate * (burst * service) ** 2) / (2 * (1 - utilisation)) + ((burst - 1) * service) / 2;
}

/** M/G/1 whose idle server needs a setup (C-state exit, wake-up) before the first message of a busy period. */
export function setupWait(arrivalRate: number, service: TwoMoments, setup: TwoMoments): number {
  return mg1Wait(arrivalRate, service) + (2 * setup.mean + arrivalRate * setup.square) / (2 * (1 + arrivalRate * setup.mean));
}

/** M/G/1 whose idle server is away for one vacation after another (a loop that also does other work). */
export function vacationWait(arrivalRate: number, service: TwoMoments, vacation: TwoMoments): number {
  return mg1Wait(arrivalRate, service) + vacation.square / (2 * vacation.mean);
}

/** M/G/1 whose idle server starts only when `threshold` messages wait. */
export function nPolicyWait(arrivalRate: number, service: TwoMoments, threshold: number): number {
  return mg1Wait(arrivalRate, service) + (threshold - 1) / (2 * arrivalRate);
}

/** M/M/1/K (at most `places` in the system, the one in service among them): loss, and the mean sojourn of the accepted. */
export function mm1k(arrivalRate: number, serviceRate: number, places: number) {
  const ratio = arrivalRate / serviceRate;
  const weights = Array.from({ length: places + 1 }, (_, n) => ratio ** n);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const loss = ratio ** places / total;
  const inSystem = weights.reduce((sum, weight, n) => sum + n * weight, 0) / total;
  const sojourn = inSystem / (arrivalRate * (1 - loss));
  return { loss, sojourn, wait: sojourn - 1 / serviceRate };
}

/** G/G/1 upper bound of the mean wait (Kingman), from the variances of interarrival and service times. */
export function kingmanBound(arrivalRate: number, serviceMean: number, variances: { readonly arrival: number; readonly service: number }): number {
  return (arrivalRate * (variances.arrival + variances.service)) / (2 * (1 - stable(arrivalRate * serviceMean)));
}
