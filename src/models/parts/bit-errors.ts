import { chosen, percent, toNumber, type Amount, type Damage, type Rational, type Step } from "../../modeling/index.js";

/** How links declare that they damage frames. */
export const LOSS_PARAMS = {
  loss: percent("0%", "share of frames that are damaged on the way, whatever their size; whoever looks at the check sequence drops them", chosen("a link in order")),
  "bit-errors": percent("0%", "share of bits that arrive wrong, each by itself and before any correction: a frame is damaged when one of its bits stays wrong; 1e-10% is a bit error rate of 1e-12", chosen("a link in order")),
} as const;

const BITS = 8;

/** What corrects errors on the way: groups of so many bytes of the frame's stream are well or damaged as a whole. */
export interface Correction {
  readonly group: number;
  /** Chance that a group cannot be corrected. */
  readonly failing: number;
}

/** That at least one of `count` independent things happens, each with the same chance: 1 - (1 - chance)^count, of which small values stay exact. */
export function anyOf(chance: number, count: number): number {
  let found = 0;
  for (let left = count, power = chance; left > 0; left = Math.floor(left / 2), power = either(power, power)) if (left % 2 === 1) found = either(found, power);
  return found;
}

const either = (one: number, other: number): number => one + other - one * other;

/** Chance that more than `most` of `count` symbols are wrong. */
export function moreThan(most: number, count: number, chance: number): number {
  // The tail is added up from its first term, so that nothing is lost beside one.
  let term = 1;
  for (let wrong = 1; wrong <= most + 1; wrong++) term *= ((count - wrong + 1) / wrong) * chance;
  for (let right = 0; right < count - most - 1; right++) term *= 1 - chance;
  let sum = 0;
  for (let wrong = most + 1; wrong <= count && term > 0; wrong++) {
    sum += term;
    term *= (((count - wrong) / (wrong + 1)) * chance) / (1 - chance);
  }
  return Math.min(1, sum);
}

/** Chance that two wrong ones of `count` bits lie so far apart that no burst of `most` holds both: right ones up to the first, and a wrong one beyond its burst. */
export function beyondBurst(most: number, count: number, chance: number): number {
  let sum = 0;
  let first = chance;
  for (let at = 0; at < count; at++, first *= 1 - chance) sum += first * anyOf(chance, Math.max(0, count - at - most));
  return sum;
}

/** Chance that a frame of so many bytes is damaged, its groups lying anywhere against its first byte. */
function groupsFail({ group, failing }: Correction, bytes: number): number {
  const full = Math.floor((bytes - 1) / group) + 1;
  const onto = ((bytes - 1) % group) / group;
  return anyOf(failing, full) * (1 - onto) + anyOf(failing, full + 1) * onto;
}

/** How bit errors damage a frame of so many bytes, without what only announces it, and what whoever sent it does then: nothing, where nothing is passed. */
export function damagesOf(params: { readonly loss: Rational; readonly "bit-errors": Rational }, frame: Amount, { lost, correction }: { readonly lost: unknown; readonly correction: Correction | null }): readonly Damage[] {
  const [loss, rate] = [toNumber(params.loss), toNumber(params["bit-errors"])];
  if (loss === 0 && rate === 0) return [];
  const wrong = (payload: number): number => (correction === null ? anyOf(rate, frame.of(payload) * BITS) : groupsFail(correction, frame.of(payload)));
  return [{ probability: rate === 0 ? loss : (payload) => either(loss, wrong(payload)), lost: (lost as readonly Step[] | undefined) ?? null }];
}
