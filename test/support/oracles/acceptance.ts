import { meanInterval, type MeanInterval } from "../../../src/stats/index.js";

export interface AcceptanceRule {
  /** Two-sided confidence of the t-interval, e.g. 0.999. */
  readonly confidence: number;
  /** Largest half-width of the interval as a share of the theoretical value: a wider one proves nothing. */
  readonly maxRelativeHalfWidth: number;
}

export interface Acceptance extends MeanInterval {
  readonly accepted: boolean;
  /** One sentence for the assertion's message. */
  readonly explanation: string;
}

const FEWEST_REPLICATIONS = 30;

/** Accepts iff `theory` lies in the t-interval of 30 or more replications and that interval is narrow enough to matter. */
export function acceptReplications(samples: readonly number[], theory: number, rule: AcceptanceRule): Acceptance {
  if (samples.length < FEWEST_REPLICATIONS) throw new RangeError(`${samples.length} replications; ${FEWEST_REPLICATIONS} or more are needed`);
  const interval = meanInterval(samples, rule.confidence);
  const inside = interval.low <= theory && theory <= interval.high;
  const narrow = interval.halfWidth <= rule.maxRelativeHalfWidth * Math.abs(theory);
  const found = `${interval.mean} ± ${interval.halfWidth} for ${theory}`;
  const fault = !inside ? "theory lies outside the interval" : !narrow ? "the interval is too wide to tell" : "accepted";
  return { ...interval, accepted: inside && narrow, explanation: `${fault}: ${found}` };
}
