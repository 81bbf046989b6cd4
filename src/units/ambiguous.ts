import type { Dimension } from "./dimensions.js";

/** A unit that careful people read in two ways: refused everywhere, with the spellings that have one meaning. */
export interface Ambiguity {
  /** Continues "<unit> …". */
  readonly meanings: string;
  /** One sentence; in the table "#" stands for the number, "@" for the prefix and "$1" for the group of `units`. */
  readonly remedy: string;
}

interface Trap extends Ambiguity {
  readonly units: RegExp;
  /** Only there; elsewhere the unit has one meaning or none. */
  readonly within?: Dimension;
}

/** First letter as it may be written -> as the accepted units have it: only kilo is a small letter. */
const PREFIXES: ReadonlyMap<string, string> = new Map([
  ["k", "k"], ["K", "k"], ["m", "M"], ["M", "M"], ["g", "G"], ["G", "G"], ["t", "T"], ["T", "T"],
]);

const TRAPS: readonly Trap[] = [
  {
    units: /^[kKMm]?T\/s$/u,
    meanings: "can be a count of transfers, teslas or tonnes, each per second",
    remedy: 'write it in GT/s, such as "0.1 GT/s" for a hundred million transfers per second',
  },
  {
    units: /^[kKMGT]$/u,
    meanings: "is a prefix without a unit, and leaves open whether it counts bits, bytes or things",
    remedy: 'write what it counts, such as "# @bit/s" for a rate or "# @B" for an amount',
  },
  {
    units: /^KB(\/s)?$/u,
    meanings: "can be 1000 bytes or 1024 bytes",
    remedy: 'write "# kB$1" for 1000 or "# KiB$1" for 1024',
  },
  {
    units: /^[kKMGTmgt]?b$/u,
    meanings: "can be bits or bytes, of a size or of a rate",
    remedy: 'of what? Write "# @bit/s" for a rate, or "# @B" or "# @bit" for an amount',
  },
  {
    units: /^[kKMGTmgt]?b\/s$/u,
    meanings: "can be bits or bytes per second",
    remedy: 'write "# @bit/s" or "# @B/s"',
  },
  {
    units: /^[kKMGTmgt]?Bps$/u,
    meanings: "can be bytes per second or a misspelt bps, which is bits per second",
    remedy: 'write "# @B/s" for bytes or "# @bit/s" for bits',
  },
  {
    units: /\$/u,
    meanings: "has the sign of several currencies",
    remedy: 'write USD, such as "# USD" or "# MUSD / us"',
  },
  {
    units: /^m$/u, within: "duration",
    meanings: "can be minutes, milliseconds or metres",
    remedy: 'write "# min" or "# ms"',
  },
];

/** Why `unit` is refused as ambiguous where a `dimension` is wanted, or undefined when it is not. */
export function ambiguityOf(unit: string, numeral: string, dimension: Dimension): Ambiguity | undefined {
  for (const trap of TRAPS) {
    const match = trap.units.exec(unit);
    if (match === null || (trap.within !== undefined && trap.within !== dimension)) continue;
    const prefix = PREFIXES.get(unit.charAt(0)) ?? "";
    const remedy = trap.remedy.replaceAll("$1", match[1] ?? "").replaceAll("@", prefix).replaceAll("#", numeral);
    return { meanings: trap.meanings, remedy };
  }
  return undefined;
}
