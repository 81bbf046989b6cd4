import { choice, chosen, Rate, rational, type Amount, type Rational } from "../../modeling/index.js";

/** Which of a link's two directed wires a traversal takes. */
export const DIRECTION = {
  direction: choice(["alternate", "forward", "backward"], "alternate", "which of the two directed wires; alternate: forward the first time on a path, then back, and so on", chosen("a reply comes back over the wire beside")),
} as const;

const TRAVERSED = "traversals";

/** Which wire a traversal takes: whoever asks for one may know it, otherwise the step says. */
export function directionOf(passed: Readonly<Record<string, unknown>>, direction: "alternate" | "forward" | "backward"): "alternate" | "forward" | "backward" {
  return passed["direction"] === "forward" || passed["direction"] === "backward" ? passed["direction"] : direction;
}

/** The wire of this traversal; remembers per path how often the link has been crossed. `again`: another way through the same traversal. */
export function wireOf<T>(parts: { readonly forward: T; readonly backward: T }, direction: "alternate" | "forward" | "backward", memory: { readonly state: Map<string, unknown>; readonly again: boolean }): T {
  if (direction !== "alternate") return direction === "forward" ? parts.forward : parts.backward;
  const { state, again } = memory;
  const before = (state.get(TRAVERSED) as number | undefined) ?? 0;
  const turn = again ? before - 1 : before;
  state.set(TRAVERSED, turn + 1);
  return turn % 2 === 0 ? parts.forward : parts.backward;
}

/** Flight over `length` metres at `perMetre` picoseconds, rounded once. */
export function flight(length: Rational, perMetre: Amount): Amount {
  return new Rate(rational(perMetre.of(0)), perMetre.origins).times(length);
}

/** A packet's payload is filled up to whole words of four bytes; only the last packet of a message can need it. */
export const paddedPayload = (bytes: number): number => Math.ceil(bytes / 4) * 4;
