import { batchMeans, mser5 } from "../stats/index.js";

/** Whether one metric had settled when the warm-up ended. */
export interface Steadiness {
  readonly metric: string;
  /** late: it settled, but after the warm-up. drifting: it never did. */
  readonly state: "settled" | "late" | "drifting";
  /** The warm-up, in messages from the start of the run, that would have done; of use only when late. */
  readonly warmup: number;
}

/** A transient that moves the mean by less than this share does not matter. */
const MATTERS = 0.01;
const CONFIDENCE = 0.999;

/**
 * Judges the samples in the order they came, of several replications the averages of what came in the same place. MSER-5 finds where the steady part begins; a cut counts only when what follows it has
 * another mean, beyond what chance explains: among samples that hardly vary a single outlier draws the cut to itself.
 */
export function steadinessOf(metric: string, samples: Float64Array, warmup: number): Steadiness {
  const { index, failed } = mser5(samples);
  const whole = mean(samples);
  const moved = (from: number): boolean => {
    const rest = batchMeans(samples.subarray(from), CONFIDENCE);
    return rest !== null && Math.abs(rest.mean - whole) > Math.max(MATTERS * Math.abs(whole), rest.halfWidth);
  };
  // A failed cut is no place to trust; but the second half of a steady series has the mean of the whole.
  if (failed) return { metric, state: moved(Math.floor(samples.length / 2)) ? "drifting" : "settled", warmup };
  return { metric, state: index > 0 && moved(index) ? "late" : "settled", warmup: warmup + index };
}

function mean(samples: Float64Array): number {
  return samples.length === 0 ? 0 : samples.reduce((sum, one) => sum + one, 0) / samples.length;
}
