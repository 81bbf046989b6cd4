import { type Amount, amountOf, ZERO } from "./amount.js";
import type { MessageShape } from "./model.js";
import type { PartOf } from "./parts.js";
import type { Role, RoleOperation } from "./roles.js";
import type { Account, Arrival, Carrier, Category, Choice, ClaimOrder, Cut, Egress, EgressSteps, HoldOptions, InstanceRef, Location, Meeting, PieceEnds, SegmentKind, Step, TransmitOptions } from "./steps.js";

/** Fixed or drawn time that shares nothing. */
export const delay = (amount: Amount, label: string, kind: SegmentKind = "process"): Step => ({ step: "delay", amount, label, kind, streaming: false });

/** Waits until so much time has passed since the tap, in which the message may have gone further: a timer that was started there. */
export const until = (name: string, amount: Amount, label: string, kind: SegmentKind = "process"): Step => ({ step: "until", tap: name, amount, label, kind });

/** The same for bytes that stream through: first and last byte are late by as much. */
export const stream = (amount: Amount, label: string, kind: SegmentKind = "process"): Step => ({ step: "delay", amount, label, kind, streaming: true });

/** Waits until so many bytes of the message have arrived; "last" stores it. */
export const need = (bytes: Amount | "last", label = "serialise"): Step => ({ step: "need", bytes, label, streaming: false });

/** Waits for the first bytes of a message that streams on: whoever passes it on has looked at its header. */
export const look = (bytes: Amount, label = "serialise"): Step => ({ step: "need", bytes, label, streaming: true });

/** CPU work on the core that the message holds. */
export const work = (amount: Amount, category: Category, label: string, kind: SegmentKind = "process"): Step => ({ step: "work", amount, category, label, kind });

/**
 * Claims a stage: result after `latency`, next claim after `occupancy` (default: the same). With `keepsCore` a core that
 * works for the message stands still meanwhile, also one that a batch's carrier has lent.
 */
export const claimStage = (part: PartOf<"stage">, latency: Amount, label: string, options: { occupancy?: Amount; klass?: number; kind?: SegmentKind; keepsCore?: boolean } = {}): Step =>
  ({ step: "claim-stage", part, latency, occupancy: options.occupancy ?? latency, label, klass: options.klass ?? 0, kind: options.kind ?? "process", keepsCore: options.keepsCore ?? false });

/** Sends through a pipe; cut-through with a header, store-and-forward with "last". */
export const transmit = (part: PartOf<"pipe">, options: Partial<TransmitOptions> & { bytes: Amount }): Step =>
  ({ step: "transmit", part, options: { header: "last", work: ZERO, grain: null, propagation: ZERO, block: null, label: "send", ...options } });

/** Claims units; a pool that drops when it is full ends the message, after `undo`: the releases of what it has claimed before. */
export const claim = (part: PartOf<"pool">, units: Amount, label: string, undo: readonly Step[] = []): Step => ({ step: "claim", part, units, label, kind: "credit", undo });

/** Claims units in the middle of work on a core, which is kept; a pool that drops ends the message, after `undo`, and the core goes to the next. */
export const claimOnCore = (part: PartOf<"pool">, units: Amount, label: string, undo: readonly Step[] = []): Step => ({ step: "claim", part, units, label, kind: "credit", undo, onCore: true });

/** Claims units of a pool that blocks; waiting for them is a segment of another kind than want of credit. */
export const claimAs = (kind: SegmentKind, part: PartOf<"pool">, units: Amount, label: string): Step => ({ step: "claim", part, units, label, kind, undo: [] });

/** Claims one unit of a pool that is held in turn, or that arbitrates between classes; whoever waits queues, unless it is called otherwise. */
export const arbitrate = (part: PartOf<"pool">, label: string, within: ClaimOrder | null = null, kind: SegmentKind = "queue"): Step =>
  ({ step: "claim", part, units: amountOf(1), label, kind, undo: [], ...(within === null ? {} : { within }) });

/** Takes a place in a sequence, whose unit is then had by claims in the order of places, whoever claims first. */
export const enter = (part: PartOf<"pool">): Step => ({ step: "choose", choice: { kind: "enter", pool: part }, yes: [], no: [] });

/** A loss has been noticed: the window shrinks by half, or to one segment. */
export const shrink = (part: PartOf<"pool">, to: "half" | "least"): Step => ({ step: "choose", choice: { kind: "shrink", pool: part, to }, yes: [], no: [] });

/**
 * From here on, up to where pieces meet or off-path work ends, what would be dropped goes through `lost` instead and begins here again,
 * with all that it had claimed here. The tap is passed at each beginning, and known to those steps.
 */
export const retry = (name: string | null, ...lost: readonly Step[]): Step => ({ step: "retry", tap: name, lost });

/** Gives units back, now or announced for `later` after now. */
export const release = (part: PartOf<"pool">, units: Amount, later: Amount = ZERO): Step => ({ step: "release", part, units, later });

/** Moves `units` units of `unit` ps each over one direction of a bus. */
export const transfer = (part: PartOf<"bus">, unit: Amount, label: string, options: { units?: Amount; klass?: number } = {}): Step =>
  ({ step: "transfer", part, unit, units: options.units ?? amountOf(1), klass: options.klass ?? 0, label });

/** Waits in a batch; with a carrier the batch's closing starts it, and the members follow it one by one. */
export const gather = (part: PartOf<"batch">, label: string, carrier: Carrier | null = null): Step => ({ step: "gather", part, label, kind: "batch", carrier });

/** Waits in a batch without a carrier; the wait is a segment of another kind. */
export const gatherAs = (kind: SegmentKind, part: PartOf<"batch">, label: string): Step => ({ step: "gather", part, label, kind, carrier: null });

/** Takes a server: first come first served, found by polling, or woken from sleep. */
export const hold = (part: PartOf<"server">, options: Partial<HoldOptions> & { label: string }): Step =>
  ({ step: "hold", part, options: { how: "serve", amount: ZERO, jitter: ZERO, wakeAccount: null, ...options } });

/** Gives back whatever server the message holds; nothing if it holds none. */
export const leaveCore = (): Step => ({ step: "leave-core" });

/** Waits for an edge if it is between two, then passes whole cycles. */
export const cycles = (part: PartOf<"clock">, count: Amount, label: string): Step => ({ step: "cycles", part, cycles: count.of(0), label, origins: count.origins });

/** Sets out now and becomes visible after `flight`, but not before what set out ahead in the same domain. */
export const inOrder = (part: PartOf<"order">, label = "order", flight: Amount = ZERO): Step => ({ step: "order", part, label, flight });

/** Units land in any order, each up to `spread` late; the flag travels in the last. */
export const scatter = (units: Amount, spread: Amount, label: string): Step => ({ step: "scatter", units, spread, label });

/** Counts a read that saw the flag while other units had not landed. */
export const checkTorn = (): Step => ({ step: "check-torn" });

/** Counts off-path work that has taken longer than `within` since it was spawned. */
export const checkLate = (within: Amount, account: Account): Step => ({ step: "check-late", within, account });

export const choose = (choice: Choice, yes: readonly Step[], no: readonly Step[] = []): Step => ({ step: "choose", choice, yes, no });

/** Branches side by side; goes on after the last. */
export const all = (label: string, ...branches: readonly (readonly Step[])[]): Step => ({ step: "all", branches, label });

/** Branches side by side; goes on after the first, the others run on off the path. */
export const race = (label: string, ...branches: readonly (readonly Step[])[]): Step => ({ step: "race", branches, label });

/** One branch per chunk of the payload, all at once. */
export const inParallel = (label: string, chunk: Amount, count: Amount, body: readonly Step[]): Step => ({ step: "in-parallel", chunk, count, body, ends: null, label });

/** The same for pieces of which the first and the last differ from those between; a piece that is alone is none of these and must not occur. */
export const inPieces = (label: string, chunk: Amount, count: Amount, pieces: PieceEnds & { readonly middle: readonly Step[] }): Step =>
  ({ step: "in-parallel", chunk, count, body: pieces.middle, ends: { first: pieces.first, last: pieces.last }, label });

/** From here to where they meet, pieces of the message are on their way, unless no message of the path is longer than a piece. */
export const divide = (cut: Cut): Step => ({ step: "divide", cut });

/** Where the pieces of a message meet that was cut. Nothing for one that was not. */
export const meet = (meeting: Meeting): Step => ({ step: "meet", meeting });

/** Steps that are taken once for a message, also where it goes in pieces: when its last piece comes by. */
export const oncePerMessage = (message: Pick<MessageShape, "pieces">, steps: readonly Step[]): readonly Step[] =>
  (message.pieces === null ? steps : [choose({ kind: "companion" }, [], steps)]);

/** The body so many times; with a chunk, each time for that much of the payload. */
export const repeat = (count: Amount, body: readonly Step[], chunk: Amount | null = null): Step => ({ step: "repeat", count, chunk, body });

/** Off-path work: costs, but no latency. A metric may end at a tap in it. */
export const spawn = (...body: readonly Step[]): Step => ({ step: "spawn", body, holding: [] });

/** Off-path work on behalf of all of a message, started by its last piece. */
export const spawnWhole = (...body: readonly Step[]): Step => ({ step: "spawn", body, holding: [], whole: true });

/** Off-path work that answers for what the message has claimed of these pools, and gives it back. One claim of each. */
export const entrust = (holding: readonly PartOf<"pool">[], ...body: readonly Step[]): Step => ({ step: "spawn", body, holding });

/** The payload changes its place; counted as a movement, and as a copy when the CPU does it. */
export const move = (from: Location, to: Location, by: "cpu" | "dma" | "wire", bytes: Amount): Step => ({ step: "move", from, to, by, bytes });

/** The payload stays where it is and belongs to somewhere else: pages are pinned, lent or mapped. Nothing is moved and nothing counted. */
export const remap = (from: Location, to: Location): Step => ({ step: "remap", from, to });

export const count = (account: Account, amount: Amount | number = 1): Step => ({ step: "count", account, amount: typeof amount === "number" ? amountOf(amount) : amount });

/** Whoever does this answers for so many claims more, or fewer: what it has claimed is given back by another that comes later. */
export const answerFor = (claims: number): Step => ({ step: "answer", claims });

/** A named point in time that metrics may start or end at. */
export const tap = (name: string): Step => ({ step: "tap", name });

/** Expands an operation of another instance in place. */
export const use = <R extends Role | null>(target: InstanceRef<R>, operation: RoleOperation<R>, args: Readonly<Record<string, unknown>> = {}): Step => ({ step: "use", target, operation, args });

/** From here on the message is a frame of so many bytes on the wire, preamble included. */
export const reframe = (bytes: Amount): Step => ({ step: "reframe", bytes });

/** From here on the message carries so many bytes of payload, in a frame with the headers that it came with. */
export const recast = (payload: Amount): Step => ({ step: "recast", payload, about: false });

/** From here on, until the next recast, a message about the payload is on its way, so many bytes long: the payload stays where it is, and its moves are not counted. */
export const recastAbout = (bytes: Amount): Step => ({ step: "recast", payload: bytes, about: true });

/** Off the path: from here on this is a frame of so many bytes on the wire without any payload, whose movements are not the message's. */
export const bareFrame = (bytes: Amount): Step => ({ step: "bare", bytes });

/** Names the last byte that the decision needs; taps refer to it as @trigger. */
export const trigger = (bytes: Amount): Step => ({ step: "trigger", bytes });

/** The frame's first bytes do not depend on the decision: they may leave `lead` earlier, but not before the tap `notBefore`. */
export const speculate = (lead: Amount, notBefore: string | null = null): Step => ({ step: "speculate", lead, notBefore });

/** The message has come over a link, which asks something of whoever takes it. */
export const arrive = (arrival: Arrival): Step => ({ step: "arrive", arrival });

/** What is done around the transmission that comes next: that of the link that follows in the path. */
export const egress = (port: (egress: Egress) => EgressSteps): Step => ({ step: "egress", port });

/** The message ends here, unfinished. */
export const drop = (reason: string): Step => ({ step: "drop", reason, unlessHeld: false });

/** The same, but for a message that still holds something that nobody else would give back: that one goes on. */
export const dropUnlessHeld = (reason: string): Step => ({ step: "drop", reason, unlessHeld: true });

