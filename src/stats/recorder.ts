import { InternalFault } from "../errors/index.js";
import { cdfPoints, type DistributionPoint } from "./cdf.js";
import { quantileInflation } from "./dependence.js";
import { Histogram } from "./histogram.js";
import { combineMoments, meanOf, momentsOf, NO_MOMENTS, sdOf, type Moments } from "./moments.js";
import { batchMeans } from "./mean-interval.js";
import { hasEnoughBeyond, quantileRanks } from "./order-statistics.js";
import { RankedSamples } from "./ranked-samples.js";

const DEFAULT_CAP = 1_000_000;
const FIRST_CAPACITY = 1024;
/** Samples collected before they go to the histogram together; fixed, so that rounding never depends on when one asks. */
const BLOCK = 4096;
/** Levels below are no tail. */
const LEAST_EXTREME = 0.5;

export interface RecorderOptions {
  /** Samples kept exactly; the next one turns the recorder to a histogram. Default 1 000 000. */
  readonly cap?: number;
  /** Buckets per octave of that histogram as a power of two; default 9, a relative error of 2^-10. */
  readonly bits?: number;
}

/** A percentile with its confidence interval; null where too few samples lie beyond. */
export interface QuantileEstimate {
  readonly q: number;
  readonly ps: number | null;
  readonly lowPs: number | null;
  readonly highPs: number | null;
}

/** Enclosing samples of a quantile [ps]; null where no sample bounds it at that confidence. */
export interface QuantileInterval {
  readonly low: number | null;
  readonly high: number | null;
}

/**
 * Collects latencies: integer picoseconds of any sign. Recording costs one array write and allocates nothing once warm.
 *
 * Up to `cap` samples everything is exact. Beyond it quantiles come from a log-linear histogram within `relativeError`, the memory
 * stays as it is, and count, extremes, sum and mean stay exact. What it tells never depends on when it was asked before.
 */
export class LatencyRecorder {
  readonly cap: number;
  readonly #bits: number;
  #buffer: Float64Array;
  #fill = 0;
  /** The first `cap` samples in their order, once there are more. */
  #early: Float64Array | null = null;
  #histogram: Histogram | null = null;
  #spilled: Moments = NO_MOMENTS;
  #moments: Moments = NO_MOMENTS;
  #ranked: RankedSamples | null = null;

  constructor(options: RecorderOptions = {}) {
    this.cap = options.cap ?? DEFAULT_CAP;
    if (!(Number.isInteger(this.cap) && this.cap >= 1)) throw new InternalFault(`a recorder keeps 1 or more samples, not ${this.cap}`);
    this.#bits = options.bits ?? 9;
    this.#buffer = new Float64Array(Math.min(FIRST_CAPACITY, this.cap));
  }

  /** Takes one latency [ps], a safe integer of any sign; anything else is an internal fault. */
  record(ps: number): void {
    if (!Number.isSafeInteger(ps)) throw new InternalFault(`a latency is a safe integer of picoseconds, not ${ps}`);
    if (this.#fill === this.#buffer.length) this.#makeRoom();
    // Adding zero turns -0 into 0.
    this.#buffer[this.#fill] = ps + 0;
    this.#fill += 1;
  }

  /**
   * Adds what `other` holds, as if its samples had been recorded here behind the own ones: beyond the cap too everything is told as one
   * recorder of all samples would, but for the last bits of `sd`. Both need the same cap and the same bits.
   */
  merge(other: LatencyRecorder): void {
    if (other.cap !== this.cap || other.#bits !== this.#bits) {
      throw new InternalFault(`recorders of ${this.cap} samples and ${this.#bits} bits, and of ${other.cap} and ${other.#bits}, do not merge; make both alike`);
    }
    if (other.#histogram !== null) {
      const own = this.#histogram ?? this.#turn(other.#kept());
      own.merge(other.#histogram);
      this.#spilled = combineMoments(this.#spilled, other.#spilled);
    }
    for (let index = 0; index < other.#fill; index += 1) this.record(other.#buffer[index] as number);
  }

  get count(): number {
    return this.#spilled.count + this.#fill;
  }

  /** True while every sample is kept. */
  get exact(): boolean {
    return this.#histogram === null;
  }

  /** Largest relative error of a quantile: 0 while every sample is kept. */
  get relativeError(): number {
    return this.#histogram?.relativeError ?? 0;
  }

  /** Smallest sample [ps], exact; Infinity without samples. */
  get min(): number {
    return this.#settled().min;
  }

  /** Largest sample [ps], exact; -Infinity without samples. */
  get max(): number {
    return this.#settled().max;
  }

  /** Sum of all samples [ps], exact. */
  get sum(): bigint {
    return this.#settled().sum;
  }

  /** Mean [ps]: the exact sum, divided once. NaN without samples. */
  get mean(): number {
    return meanOf(this.#settled());
  }

  /** Sample standard deviation [ps]; 0 while there are fewer than two samples. */
  get sd(): number {
    return sdOf(this.#settled());
  }

  /** The samples in the order they came; beyond the cap only the first `cap` of them. */
  samples(): Float64Array {
    return this.#kept().slice();
  }

  /**
   * Interval of the mean [ps] by batch means of the samples kept, narrowed by the root of how many more there were. Null with fewer than
   * 128 samples, and where even the longest batches stay correlated, so that the run is too short to tell.
   */
  meanInterval(confidence: number): QuantileInterval | null {
    const kept = this.#kept();
    const batches = batchMeans(kept, confidence);
    if (batches === null || !batches.independent) return null;
    const halfWidth = batches.halfWidth * Math.sqrt(kept.length / this.count);
    return { low: this.mean - halfWidth, high: this.mean + halfWidth };
  }

  /** Nearest-rank quantile [ps]: the ⌈q·n⌉-th smallest sample; `q` in 0..1. NaN without samples. */
  quantile(q: number): number {
    return this.count === 0 ? NaN : this.#ranks().quantile(q);
  }

  /**
   * Samples that enclose the q-quantile (0 < q < 1) with at least `confidence`, by order statistics.
   * @param inflation samples worth one independent sample, 1 or more; see `inflation`
   */
  quantileInterval(q: number, confidence: number, inflation: number = 1): QuantileInterval {
    const { count } = this;
    if (count === 0) return { low: null, high: null };
    if (!(inflation >= 1)) throw new InternalFault(`an inflation is 1 or more, not ${inflation}`);
    const effective = Math.max(1, Math.floor(count / inflation));
    const { low, high } = quantileRanks(q, effective, confidence);
    const ranked = this.#ranks();
    const share = count / effective;
    return {
      low: low === null ? null : ranked.at(Math.max(1, Math.floor(low * share))),
      high: high === null ? null : ranked.at(Math.min(count, Math.ceil(high * share))),
    };
  }

  /**
   * How many samples are worth one independent one for the q-quantile, from the autocorrelation of the samples kept; 1 or more.
   *
   * Far out there are few samples beyond, in still fewer clusters (Leadbetter 1983), and by chance they often look independent. Queues
   * stay above a low level for longer than above a high one: so it is not less than at the levels with ten, a hundred … times as many beyond.
   */
  inflation(q: number): number {
    if (this.count === 0) return 1;
    let most = quantileInflation(this.#kept(), this.quantile(q));
    for (let level = lessExtreme(q); level >= LEAST_EXTREME; level = lessExtreme(level)) most = Math.max(most, quantileInflation(this.#kept(), this.quantile(level)));
    return most;
  }

  /** What a report prints: the quantile and its interval, widened for autocorrelation; null with fewer than ten samples beyond it. */
  percentile(q: number, confidence: number = 0.95): QuantileEstimate {
    if (!hasEnoughBeyond(q, this.count)) return { q, ps: null, lowPs: null, highPs: null };
    const { low, high } = this.quantileInterval(q, confidence, this.inflation(q));
    return { q, ps: this.quantile(q), lowPs: low, highPs: high };
  }

  /** Points of the empirical distribution, at most `limit` (300); see `cdfPoints`. */
  cdfPoints(limit?: number): DistributionPoint[] {
    return this.count === 0 ? [] : cdfPoints(this.#ranks(), limit);
  }

  #makeRoom(): void {
    if (this.#histogram !== null) {
      this.#spill(this.#histogram);
    } else if (this.#fill < this.cap) {
      const larger = new Float64Array(Math.min(this.cap, 2 * this.#buffer.length));
      larger.set(this.#buffer);
      this.#buffer = larger;
    } else {
      this.#turn(new Float64Array(0));
    }
  }

  /** The first `cap` samples, or all. */
  #kept(): Float64Array {
    return this.#early ?? this.#buffer.subarray(0, this.#fill);
  }

  /** Becomes a histogram, which is returned; of `more` as many samples are kept one by one as there is still room for. */
  #turn(more: Float64Array): Histogram {
    const own = this.#buffer.subarray(0, this.#fill);
    const early = new Float64Array(Math.min(this.cap, own.length + more.length));
    early.set(own);
    early.set(more.subarray(0, early.length - own.length), own.length);
    this.#early = early;
    this.#histogram = new Histogram(this.#bits);
    this.#buffer = own;
    this.#spill(this.#histogram);
    this.#buffer = new Float64Array(BLOCK);
    return this.#histogram;
  }

  #spill(histogram: Histogram): void {
    this.#spilled = combineMoments(this.#spilled, momentsOf(this.#buffer));
    histogram.recordAll(this.#buffer);
    this.#fill = 0;
  }

  #settled(): Moments {
    if (this.#moments.count !== this.count) this.#moments = combineMoments(this.#spilled, momentsOf(this.#buffer.subarray(0, this.#fill)));
    return this.#moments;
  }

  #ranks(): RankedSamples {
    if (this.#ranked?.count === this.count) return this.#ranked;
    const recent = this.#buffer.subarray(0, this.#fill);
    if (this.#histogram === null) {
      this.#ranked = RankedSamples.of(recent);
    } else {
      const whole = this.#histogram.clone();
      whole.recordAll(recent);
      this.#ranked = whole.ranked();
    }
    return this.#ranked;
  }
}

/** The level with ten times as many samples beyond it: of p99.9 p99, of p99 p90. */
function lessExtreme(q: number): number {
  return 1 - 10 * (1 - q);
}
