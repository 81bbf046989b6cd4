import { WirelatError } from "../errors/index.js";

/** Names a component's stream of draws: two int32 words. */
export type ComponentKey = readonly [number, number];

/** Short, because the compiler inlines by length. */
const { imul } = Math;
const TWO_TO_MINUS_32 = 2 ** -32;
const TWO_TO_MINUS_52 = 2 ** -52;
const TWO_TO_MINUS_53 = 2 ** -53;

/** A typed array, because a captured number that changes would be allocated anew each time; a name that is exported would be looked up each time. */
const WORDS = new Int32Array(1);
/** Second word of the last `mix`. */
export const SECOND = WORDS;

/**
 * The one source of randomness: 64 bits that depend on all four arguments, returned as an int32 and `SECOND[0]`.
 * For given keys and index it is a permutation of the messages, so that no two messages share their bits. The first key enters
 * twice, so that two components whose keys lie close do not draw the same numbers one message apart. `message` is an integer up to 2^53.
 */
export function mix(key0: number, key1: number, message: number, index: number): number {
  let a = imul(message ^ key0, 0x9e3779b1) + 0x7f4a7c15;
  let b = key1;
  if (message > 4_294_967_295) b ^= message / 4_294_967_296;
  a ^= a >>> 15;
  b = imul(b ^ a, 0x21f0aaad);
  b ^= b >>> 15;
  a = imul(a + b + index, 0x735a2d97);
  a ^= a >>> 16;
  b = imul(b + a + key0, 0x2c1b3c6d);
  b ^= b >>> 16;
  a = imul(a + b, 0x297a2d39);
  a ^= a >>> 15;
  b = imul(b + a, 0x1b56c4e9);
  b ^= b >>> 16;
  WORDS[0] = b;
  return (a + b) | 0;
}

/** Draw `index` of a component for a message: uniform in [0, 1), a multiple of 2^-53. */
export function uniform(key0: number, key1: number, message: number, index: number): number {
  const first = mix(key0, key1, message, index);
  return first * TWO_TO_MINUS_32 + (0.5 + (WORDS[0] >>> 11) * TWO_TO_MINUS_53);
}

/** As `uniform`, but never 0 nor 1: an odd multiple of 2^-53. */
export function uniformOpen(key0: number, key1: number, message: number, index: number): number {
  const first = mix(key0, key1, message, index);
  return first * TWO_TO_MINUS_32 + (0.5 + ((WORDS[0] >>> 12) * TWO_TO_MINUS_52 + TWO_TO_MINUS_53));
}

/** Key of a further independent stream of the same component; `part` counts from 1. A sum, so that parts of parts never come back to the key itself. */
export function partKey(key1: number, part: number): number {
  return (key1 + imul(part, 0x9e3779b9)) | 0;
}

/**
 * Key of the component `name` under `seed`: every draw of the component depends on these two and on nothing else that runs.
 * Throws `random-seed` unless the seed is an integer from 0 to 2^53 − 1.
 */
export function componentKey(seed: number, name: string): ComponentKey {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new WirelatError("random-seed", `seed ${seed} is not an integer from 0 to ${Number.MAX_SAFE_INTEGER}`, { remedy: "Give a whole number, e.g. `seed: 1`." });
  }
  let a = mix(0x243f6a88, 0x5ca3f00d, seed, name.length);
  let b = SECOND[0];
  for (let at = 0; at < name.length; at++) {
    a = mix(a, b, name.charCodeAt(at), at);
    b = SECOND[0];
  }
  return [a, b];
}
