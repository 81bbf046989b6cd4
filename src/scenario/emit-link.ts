import { amountOf, choose, drop, need, type Choice, type Damage, type Step } from "../modeling/index.js";
import type { Instance } from "./instances.js";
import type { PathState } from "./path-state.js";

type StepOf<K extends Step["step"]> = Extract<Step, { step: K }>;

/** What of the path's compiler is needed here; it asks for these functions itself. */
interface Path {
  readonly state: PathState;
  readonly current: Instance | null;
  readonly claimed: ReadonlyMap<unknown, { readonly label: string; readonly step: string }>;
  readonly emit: (steps: readonly Step[]) => void;
  readonly refuse: (code: string, message: string, remedy?: string) => never;
}

/** Steps before which a message may still owe its link something: they take no time and ask for nothing. */
const PASSIVE: ReadonlySet<string> = new Set(["tap", "use", "arrive", "egress"]);

/** A message has come over a link; who takes it from there is known when the next step is reached. */
export function emitArrive({ state, current }: Path, { arrival }: StepOf<"arrive">): void {
  const damages = arrival.damages.map((damage) => ({ ...damage, link: damage.link ?? current?.instance ?? "" }));
  state.arrivals = [...state.arrivals, { ...arrival, damages }];
}

/** A device does something around the transmission that comes next. */
export function emitEgress({ state }: Path, step: StepOf<"egress">): void {
  state.egress = [...state.egress, step.port];
}

/** Before a step of whoever is not a link: gives the link back what it was lent, unless the device has taken that over. */
export function settleBefore(path: Path, step: string): void {
  if (path.state.arrivals.length > 0 && path.current?.spec.kind !== "link" && !PASSIVE.has(step)) settleArrivals(path);
}

/** The message comes in at the pace of its link and is gone from there; a damaged one is noticed at its end and dropped. */
export function settleArrivals(path: Path): void {
  const { state } = path;
  const { arrivals, profile } = state;
  if (arrivals.length === 0) return;
  state.arrivals = [];
  const taken = profile === null || state.stored ? amountOf(0) : profile.rate.timeFor(profile.bytes);
  path.emit(arrivals.flatMap((arrival) => arrival.settle(taken)));
  const damages = arrivals.flatMap((arrival) => arrival.damages);
  path.emit(damages.map((damage) => choose(damaged(damage), damage.lost ?? lostFrame(path, damage))));
}

function lostFrame(path: Path, { link = "" }: Damage): readonly Step[] {
  const [held] = path.claimed.values();
  if (held !== undefined && path.state.lost === null) {
    path.refuse("loss-unhandled", `${link} loses frames, and a message that is lost there holds its part of ${held.label}, taken at ${held.step}`, "give what carries the message a retransmission, or take the loss away");
  }
  return [need("last"), drop(`${link}: bad frame check`)];
}

/** The draw is the link's, wherever the damage is noticed. */
function damaged({ probability, link = "" }: Damage): Choice {
  return { kind: "chance", probability, name: "damaged", of: link };
}
