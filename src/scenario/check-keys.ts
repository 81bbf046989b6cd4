import { WirelatError, type SourcePlace } from "../errors/index.js";
import { quoted } from "../units/index.js";
import { nearest } from "./nearest.js";
import type { RawMap } from "./types.js";

const MOST_LISTED = 24;

/** `unknown key "moderaton"; nic/generic-10g takes moderation, numa, rx, tx`, with the nearest of them as remedy. */
export function unknownKey(key: string, allowed: readonly string[], subject: string, place: SourcePlace): WirelatError {
  const near = nearest(key, allowed);
  const takes = allowed.length === 0 ? `${subject} takes none` : `${subject} takes ${listed(allowed)}`;
  const remedy = near === null ? `Use one of these, or remove ${quoted(key)}.` : `Did you mean "${near}"?`;
  return new WirelatError("key-unknown", `unknown key ${quoted(key)}; ${takes}`, { place, remedy: allowed.length === 0 ? `Remove ${quoted(key)}.` : remedy });
}

/** Throws `key-unknown` for the first key of a map that is not allowed. */
export function checkKeys(map: RawMap, allowed: readonly string[], subject: string): void {
  for (const [key, value] of map) if (!allowed.includes(key)) throw unknownKey(key, allowed, subject, value.place);
}

/** The names in alphabetical order, for sentences; a long list is cut. */
export function listed(names: Iterable<string>): string {
  const sorted = [...new Set(names)].sort();
  const more = sorted.length - MOST_LISTED;
  return more > 0 ? `${sorted.slice(0, MOST_LISTED).join(", ")} and ${more} more` : sorted.join(", ");
}
