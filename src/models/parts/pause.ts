import {
  type Amount, amountOf, answerFor, arbitrate, arrive, bytes, choice, choose, chosen, claim, count, delay, duration, dropUnlessHeld, entrust, estimated, number, pool, release, spawn, standard,
  type Damage, type Part, type PartOf, type Rate, type Step, type Values,
} from "../../modeling/index.js";

/** A pause frame is a shortest frame, and tells a time in quanta of 512 bit times. */
const PAUSE_FRAME = 72;
const QUANTUM = 64;
const MOST_QUANTA = 65_535;
const ONE = amountOf(1);

/** Who asks for a pause goes before the frame that would be sent. */
const BARRIER = { before: 0, behind: 1 } as const;

export const PAUSE_PARAMS = {
  "pause.room": bytes("0 B", "buffer that the receiver has for each priority, with what still comes after it has asked for a pause; a frame that does not fit is dropped; 0 B: it never asks, and has room", chosen("most networks for market data drop")),
  "pause.xoff": bytes("0 B", "fill above which the receiver asks the sender to pause", chosen("as soon as anything is kept")),
  "pause.xon": bytes("0 B", "fill down to which it must fall before the receiver lets the sender go on", chosen("when nothing is kept any more")),
  "pause.end": choice(["xon", "timer"], "xon", "what ends a pause: a second frame, the first being repeated before its time is over, or only its time", chosen("receivers of today send both frames")),
  "pause.quanta": number(MOST_QUANTA, "timer: how long a pause lasts, in quanta of 512 bit times", standard("ieee-802-3")),
  "pause.reaction": duration("500 ns", "from a pause frame at the sender until it acts on it", estimated("802.3 allows 60 quanta of 512 bit times at 10 Gbit/s, which is 3.07 us", ["100 ns", "3.07 us"])),
} as const;

/** A link as far as pausing is concerned, for one direction and one priority. */
export interface Paused {
  readonly params: Values<typeof PAUSE_PARAMS>;
  readonly rate: Rate;
  readonly flight: Amount;
  /** Bytes of the frame. */
  readonly units: Amount;
  /** Names what belongs to this direction and priority. */
  readonly lane: string;
  readonly part: <K extends Part["primitive"]>(name: string, make: () => PartOf<K>) => PartOf<K>;
  readonly refuse: (code: string, message: string, remedy?: string) => never;
}

interface Parts {
  readonly room: PartOf<"pool">;
  /** Taken from the moment at which the receiver has asked for a pause until it wants frames again. */
  readonly asked: PartOf<"pool">;
  /** What a frame passes before it is given to the transmitter; taken while the sender pauses. */
  readonly barrier: PartOf<"pool">;
  /** Frames come to the barrier one by one, so that only a pause makes them wait there. */
  readonly line: PartOf<"pool">;
}

function partsOf({ params, lane, part }: Paused): Parts {
  return {
    room: part(`${lane} room`, () => pool({ capacity: params["pause.room"].of(0), whenFull: "block" })),
    asked: part(`${lane} asked to pause`, () => pool({ capacity: 1, whenFull: "block" })),
    barrier: part(`${lane} pause`, () => pool({ capacity: 1, whenFull: "block", order: { kind: "priority", classes: 2 } })),
    line: part(`${lane} line`, () => pool({ capacity: 1, whenFull: "block" })),
  };
}

const never = ({ params }: Paused): boolean => params["pause.room"].of(0) === 0;

/** Before the transmitter: whoever is next waits while the sender pauses. What has been given to the transmitter is sent. */
export function heedPause(paused: Paused): { readonly before: readonly Step[]; readonly behind: readonly Step[] } {
  if (never(paused)) return { before: [], behind: [] };
  const { line, barrier } = partsOf(paused);
  return {
    before: [arbitrate(line, "wait for wire"), arbitrate(barrier, "pause", { klass: BARRIER.behind, cost: null }, "credit"), release(barrier, ONE)],
    behind: [release(line, ONE)],
  };
}

/** At the far end: the frame takes room as its first bit comes, and with what lies there by then it may make the receiver ask for a pause. */
export function takeRoom(paused: Paused, damages: readonly Damage[]): readonly Step[] {
  if (never(paused)) return damages.length === 0 ? [] : [arrive({ settle: () => [], damages })];
  check(paused);
  const { params, units, lane } = paused;
  const { room, asked } = partsOf(paused);
  return [
    choose({ kind: "room", pool: room, units }, [], [dropUnlessHeld(`${lane} room full`)]),
    claim(room, units, "room at the receiver"),
    choose({ kind: "filled", pool: room, above: params["pause.xoff"].of(0) }, [choose({ kind: "taken", pool: asked }, [], ask(paused))]),
    arrive({ settle: (taken) => leave(paused, taken), damages }),
  ];
}

function check({ params, refuse }: Paused): void {
  const [room, xoff, xon] = (["pause.room", "pause.xoff", "pause.xon"] as const).map((name) => params[name].of(0)) as [number, number, number];
  if (xon > xoff || xoff > room) refuse("pause-thresholds", `room for ${room} B, a pause above ${xoff} B and none down to ${xon} B do not fit together`, "let pause.xon be at most pause.xoff, and that at most pause.room");
  const quanta = params["pause.quanta"].of(0);
  if (quanta < 1 || quanta > MOST_QUANTA) refuse("quantity-range", `a pause of ${quanta} quanta cannot be asked for`, `give it 1 to ${MOST_QUANTA}`);
}

/** From when the receiver sends a pause frame until the sender has acted on it. It goes ahead of what waits there, and its time on the wire is charged to nobody else. */
function heard({ params, rate, flight }: Paused): readonly Step[] {
  return [delay(rate.timeFor(PAUSE_FRAME), "pause frame"), delay(flight, "flight of the pause frame"), delay(params["pause.reaction"], "reaction to the pause frame")];
}

/** Whoever notices that the fill is too high sends the pause frame off the path; who ends the pause gives back what is taken for it. */
function ask(paused: Paused): readonly Step[] {
  const { params, rate } = paused;
  const { asked, barrier } = partsOf(paused);
  const pausing = [...heard(paused), arbitrate(barrier, "pause", { klass: BARRIER.before, cost: null })];
  const lasts = delay(rate.timeFor(QUANTUM).times(params["pause.end"] === "timer" ? params["pause.quanta"].of(0) : 0), "pause");
  const ends = params["pause.end"] === "timer" ? [lasts, release(barrier, ONE), release(asked, ONE)] : [answerFor(-2)];
  return [claim(asked, ONE, "asked to pause"), count("pauses"), entrust([asked], ...pausing, ...ends)];
}

/** The frame leaves the buffer `taken` after now, and may be the one that lets the sender go on. */
function leave(paused: Paused, taken: Amount): readonly Step[] {
  const { params, units } = paused;
  const { room, asked, barrier } = partsOf(paused);
  if (params["pause.end"] === "timer") return [release(room, units, taken)];
  const goOn = [answerFor(2), release(asked, ONE), ...heard(paused), release(barrier, ONE)];
  const low = choose({ kind: "filled", pool: room, above: params["pause.xon"].of(0) }, [], [choose({ kind: "taken", pool: asked }, [spawn(...goOn)])]);
  return [entrust([room], delay(taken, "leaves the buffer"), release(room, units), low)];
}
