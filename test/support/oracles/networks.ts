/** Mean sojourn through exponential stations in series, each fed by the whole Poisson stream (Jackson). */
export function jacksonSojourn(arrivalRate: number, serviceRates: readonly number[]): number {
  return serviceRates.reduce((sum, serviceRate) => {
    if (!(arrivalRate < serviceRate)) throw new RangeError(`a station of rate ${serviceRate} under ${arrivalRate} has no steady state`);
    return sum + 1 / (serviceRate - arrivalRate);
  }, 0);
}

/** A closed network in its steady state. */
export interface ClosedNetwork {
  readonly throughput: number;
  /** Time per cycle at the stations, without the thinking. */
  readonly response: number;
  readonly residences: readonly number[];
}

/** Exact mean value analysis: `population` messages cycle through queueing stations of the given demands and think for `think`. */
export function meanValueAnalysis(demands: readonly number[], population: number, think: number = 0): ClosedNetwork {
  let queues = demands.map(() => 0);
  let result: ClosedNetwork = { throughput: 0, response: 0, residences: queues };
  for (let n = 1; n <= population; n += 1) {
    const residences = demands.map((demand, station) => demand * (1 + (queues[station] ?? 0)));
    const response = residences.reduce((sum, residence) => sum + residence, 0);
    const throughput = n / (response + think);
    queues = residences.map((residence) => throughput * residence);
    result = { throughput, response, residences };
  }
  return result;
}

/** Asymptotic upper bound of the throughput of a closed network. */
export function throughputBound(demands: readonly number[], population: number, think: number = 0): number {
  return Math.min(1 / Math.max(...demands), population / (demands.reduce((sum, demand) => sum + demand, 0) + think));
}

/** Messages through a token bucket, in order: arrival time and length in tokens. */
export interface BucketArrival {
  readonly time: number;
  readonly length: number;
}

/** Departures from a bucket of `depth` tokens that starts full and refills at `rate`, by the max-plus closed form (not step by step). */
export function tokenBucketDepartures(arrivals: readonly BucketArrival[], depth: number, rate: number): number[] {
  return arrivals.map(({ time }, k) => {
    let departure = time;
    let tokens = 0;
    for (const arrival of arrivals.slice(0, k + 1).reverse()) {
      tokens += arrival.length;
      departure = Math.max(departure, arrival.time + (tokens - depth) / rate);
    }
    return departure;
  });
}

/** Saturation throughput of an input-queued n × n switch with uniform traffic (Karol, Hluchyj and Morgan, 1987); 2 - √2 for many ports. */
export const HEAD_OF_LINE_THROUGHPUT: Readonly<Record<"2" | "3" | "4" | "8" | "many", number>> = {
  "2": 0.75, "3": 0.6825, "4": 0.6553, "8": 0.6184, many: 2 - Math.SQRT2,
};
