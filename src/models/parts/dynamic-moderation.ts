import type { BatchPolicy } from "../../modeling/index.js";

const MICROSECOND = 1_000_000;
/** Interrupts that one measurement spans. */
const EVENTS = 64;

/** Timer in microseconds and frames of each step of the profiles: one for timers that start with the first event, one for timers that every completion restarts. */
export const PROFILES = {
  event: [[1, 256], [8, 256], [64, 256], [128, 256], [256, 256]],
  completion: [[2, 256], [8, 128], [16, 64], [32, 64], [64, 64]],
} as const;
const STEPS = PROFILES.event.length;
/** Steps after which the search has had enough and parks. */
const TIRED = 2 * STEPS;
const START = 1;

/** What one measurement found, per millisecond. */
export interface Measured {
  readonly bytes: number;
  readonly frames: number;
  readonly interrupts: number;
}

/** Where the search stands: it walks along the profile while things get better, and parks on top. */
export interface Search {
  readonly step: number;
  readonly moving: "parked" | "parked-tired" | "left" | "right";
  readonly left: number;
  readonly right: number;
  readonly tired: number;
  readonly before: Measured;
}

export const AT_REST: Search = { step: START, moving: "parked", left: 0, right: 0, tired: 0, before: { bytes: 0, frames: 0, interrupts: 0 } };

/** Better, worse, or the same to within a tenth: by bytes, then by frames, then by fewer interrupts. */
export function judge(now: Measured, before: Measured): -1 | 0 | 1 {
  const differs = (one: number, other: number): boolean => Math.floor((100 * Math.abs(one - other)) / other) > 10;
  for (const key of ["bytes", "frames"] as const) {
    if (before[key] === 0) return now[key] > 0 ? 1 : 0;
    if (differs(now[key], before[key])) return now[key] > before[key] ? 1 : -1;
  }
  if (before.interrupts === 0 || !differs(now.interrupts, before.interrupts)) return 0;
  return now.interrupts < before.interrupts ? 1 : -1;
}

/** The search after one more measurement. */
export function searchOn(search: Search, now: Measured): Search {
  const next = decided(search, now);
  const stays = search.moving === "parked" && next.moving === "parked";
  return stays ? next : { ...next, before: now };
}

function decided(search: Search, now: Measured): Search {
  if (search.moving === "parked") return judge(now, search.before) === 0 ? search : setOut(search);
  if (search.moving === "parked-tired") return search.tired > 1 ? { ...search, tired: search.tired - 1 } : setOut({ ...search, tired: 0 });
  const turned = judge(now, search.before) === 1 ? search : turnedRound(search);
  const top = turned.moving === "right" ? turned.left > 1 && turned.right === 1 : turned.right > 1 && turned.left === 1;
  return top ? parked(turned) : stepped(turned);
}

function setOut(search: Search): Search {
  const moved = walk({ ...search, moving: search.step > 0 ? "left" : "right" });
  return moved ?? search;
}

function stepped(search: Search): Search {
  if (search.tired === TIRED) return { ...search, moving: "parked-tired", left: 0, right: 0 };
  return walk(search) ?? parked(search);
}

/** One step in the direction of travel; null at the end of the profile. */
function walk(search: Search): Search | null {
  const right = search.moving === "right";
  const step = search.step + (right ? 1 : -1);
  if (step < 0 || step >= STEPS) return null;
  return { ...search, step, left: search.left + (right ? 0 : 1), right: search.right + (right ? 1 : 0), tired: search.tired + 1 };
}

function turnedRound(search: Search): Search {
  return search.moving === "right" ? { ...search, moving: "left", left: 0 } : { ...search, moving: "right", right: 0 };
}

function parked(search: Search): Search {
  return { ...search, moving: "parked", left: 0, right: 0, tired: 0 };
}

/**
 * Adaptive moderation as the kernel's library for it does it: every 64 interrupts the traffic since the last measurement is
 * compared with the one before, and the profile's step moves on, turns round or parks.
 */
export function searching(profile: keyof typeof PROFILES): () => BatchPolicy {
  return () => {
    let search = AT_REST;
    let sum = { events: 0, frames: 0, bytes: 0 };
    let since = 0;
    return {
      get time() {
        return (PROFILES[profile][search.step]?.[0] ?? 0) * MICROSECOND;
      },
      get count() {
        return PROFILES[profile][search.step]?.[1] ?? Infinity;
      },
      served(frames, bytes, now) {
        sum = { events: sum.events + 1, frames: sum.frames + frames, bytes: sum.bytes + bytes };
        const microseconds = Math.floor((now - since) / MICROSECOND);
        if (sum.events < EVENTS || microseconds === 0) return;
        const each = (value: number): number => Math.ceil((value * 1000) / microseconds);
        search = searchOn(search, { bytes: each(sum.bytes), frames: each(sum.frames), interrupts: each(sum.events) });
        sum = { events: 0, frames: 0, bytes: 0 };
        since = now;
      },
    };
  };
}
