import assert from "node:assert/strict";
import type { Prng } from "../prng.js";
import { acceptReplications } from "./acceptance.js";
import { replications } from "./brute-force.js";

/** Holds a closed form against 30 seeded replications of an independent simulation: 99.9 % interval, at most `width` wide on each side. */
export function agrees(name: string, theory: number, width: number, one: (random: Prng) => number): void {
  const { accepted, explanation } = acceptReplications(replications(30, one), theory, { confidence: 0.999, maxRelativeHalfWidth: width });
  assert.ok(accepted, `${name}: ${explanation}`);
}
