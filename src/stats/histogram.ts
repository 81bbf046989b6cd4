import { InternalFault } from "../errors/index.js";
import { RankedSamples } from "./ranked-samples.js";

const DEFAULT_BITS = 9;
const MAX_EXPONENT = 52;
const WORD = 2 ** 32;

/** Exact powers of two, so that a value is scaled to its bucket without rounding. */
const SCALE = Float64Array.from({ length: MAX_EXPONENT + 1 }, (_, k) => 2 ** -k);

/**
 * Log-linear histogram of integer samples: every octave is cut into 2^bits equal buckets, values below 2^(bits+1) keep a bucket each.
 *
 * A value read back differs from the one recorded by at most `relativeError` = 2^-(bits+1) of it: 2^-10 by default.
 * Negative values are mirrored, zero is exact. Memory is constant: 184 kB by default, twice that once a negative value was seen.
 */
export class Histogram {
  readonly bits: number;
  readonly relativeError: number;
  readonly #positive: Float64Array;
  #negative: Float64Array | null = null;
  #count = 0;
  #min = Infinity;
  #max = -Infinity;

  /** @param bits buckets per octave as a power of two, 1..16 */
  constructor(bits: number = DEFAULT_BITS) {
    if (!Number.isInteger(bits) || bits < 1 || bits > 16) throw new InternalFault(`a histogram takes 1..16 bits per octave, not ${bits}`);
    this.bits = bits;
    this.relativeError = 2 ** -(bits + 1);
    this.#positive = new Float64Array(bucketOf(Number.MAX_SAFE_INTEGER, bits) + 1);
  }

  get count(): number {
    return this.#count;
  }

  /** Counts every sample (safe integers [ps], any sign). */
  recordAll(samples: Float64Array): void {
    const bits = this.bits;
    const positive = this.#positive;
    let min = this.#min;
    let max = this.#max;
    for (let index = 0; index < samples.length; index += 1) {
      const sample = samples[index] as number;
      if (sample < min) min = sample;
      if (sample > max) max = sample;
      if (sample >= 0) increment(positive, bucketOf(sample, bits), 1);
      else increment(this.#mirrored(), bucketOf(-sample, bits), 1);
    }
    this.#min = min;
    this.#max = max;
    this.#count += samples.length;
  }

  /** Adds what `other` counted; the same as having recorded its samples here. Both need the same bits. */
  merge(other: Histogram): void {
    if (other.bits !== this.bits) throw new InternalFault(`histograms of ${this.bits} and ${other.bits} bits do not merge; make both with the same bits`);
    addInto(this.#positive, other.#positive);
    if (other.#negative !== null) addInto(this.#mirrored(), other.#negative);
    this.#count += other.#count;
    this.#min = Math.min(this.#min, other.#min);
    this.#max = Math.max(this.#max, other.#max);
  }

  /** An independent histogram with the same counts. */
  clone(): Histogram {
    const copy = new Histogram(this.bits);
    copy.merge(this);
    return copy;
  }

  /** The counts in ascending order of value; the smallest and largest sample stay exact. */
  ranked(): RankedSamples {
    const values: number[] = [];
    const through: number[] = [];
    let seen = 0;
    const take = (bucket: number, count: number, sign: 1 | -1): void => {
      if (count === 0) return;
      seen += count;
      values.push(sign * valueOf(bucket, this.bits));
      through.push(seen);
    };
    const negative = this.#negative;
    if (negative !== null) {
      for (let bucket = negative.length - 1; bucket > 0; bucket -= 1) take(bucket, negative[bucket] as number, -1);
    }
    let bucket = 0;
    for (const count of this.#positive) {
      take(bucket, count, 1);
      bucket += 1;
    }
    return new RankedSamples(Float64Array.from(values), Float64Array.from(through), { min: this.#min, max: this.#max });
  }

  #mirrored(): Float64Array {
    this.#negative ??= new Float64Array(this.#positive.length);
    return this.#negative;
  }
}

function increment(counts: Float64Array, bucket: number, by: number): void {
  counts[bucket] = (counts[bucket] as number) + by;
}

function addInto(target: Float64Array, source: Float64Array): void {
  let bucket = 0;
  for (const count of source) {
    increment(target, bucket, count);
    bucket += 1;
  }
}

/** Bucket of a safe integer >= 0: leading-zero counts and exact scaling only, so every machine agrees. */
function bucketOf(value: number, bits: number): number {
  const exponent = value < WORD ? 31 - Math.clz32(value) : 63 - Math.clz32(value / WORD);
  const shift = exponent - bits;
  // Below 2^bits a bucket is one value wide.
  return shift <= 0 ? value : (shift << bits) + Math.floor(value * (SCALE[shift] as number));
}

/** The value that stands for a bucket: its middle, rounded up to an integer. */
function valueOf(bucket: number, bits: number): number {
  const perOctave = 2 ** bits;
  if (bucket < 2 * perOctave) return bucket;
  const shift = Math.floor(bucket / perOctave) - 1;
  const width = 2 ** shift;
  return (bucket - shift * perOctave) * width + width / 2;
}
