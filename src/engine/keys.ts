import { componentKey } from "../random/index.js";

/** Keys of the streams of random numbers of these components, two words each. */
export function keysOf(seed: number, names: readonly string[]): Int32Array {
  return Int32Array.from(names.flatMap((name) => [...componentKey(seed, name)]));
}
