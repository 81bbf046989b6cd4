import { exponentialTime } from "../random/index.js";
import type { Machine } from "./machine.js";
import { INT, REAL } from "./tokens.js";

/** What a distribution gives a token now; in a loop, each round draws anew. */
export function drawn(machine: Machine, token: number, draw: number): number {
  const { tokens, drawKeys } = machine;
  const key0 = drawKeys[draw * 2]!;
  const key1 = drawKeys[draw * 2 + 1]!;
  const index = tokens.ints[2 * token + INT.round0]! + tokens.ints[2 * token + INT.round1]! * 65_536;
  const mean = machine.drawMeans[draw]!;
  if (mean >= 0) return exponentialTime(mean, key0, key1, tokens.reals[token + REAL.draw]!, index);
  return machine.program.draws[draw]!.sampler.sample(key0, key1, tokens.reals[token + REAL.draw]!, index);
}
