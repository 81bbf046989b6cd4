import {
  amountOf, answerFor, batch, choose, claim, claimAs, count, delay, drop, entrust, gatherAs, type PartOf, pool, release, repeat, spawn, type Step, use,
} from "../../modeling/index.js";
import { answered, crossed, type Packet, type Road, sent } from "./rdma-packets.js";
import { acknowledgementsPerSignal, type Adapter, lossOf, type Verb } from "./rdma-params.js";

const ONE = amountOf(1);
const ENTRY = amountOf(64);
const RECEIVE_REQUEST = amountOf(16);

/** What a sender does with one packet of a connection. */
export interface Dispatch {
  readonly road: Road;
  readonly packet: Packet;
  /** How the adapter gets the packet once more when it has to repeat it. */
  readonly again: readonly Step[];
  /** What a message that is given up gives back; null for a piece of a message, which cannot be given up alone: its last repetition counts as arrived. */
  readonly undo: readonly Step[] | null;
}

/** What keeps the packets of one connection in order while one of them is being repeated. */
interface Connection {
  /** Whoever sends next; a packet that was lost keeps it until it is repeated. */
  readonly line: PartOf<"pool">;
  /** Taken while a loss has not been noticed. */
  readonly gap: PartOf<"pool">;
  /** Reports of the gap that may be under way. */
  readonly reports: PartOf<"pool">;
  /** The lost packet waits here for its timeout, or for enough reports. */
  readonly notice: PartOf<"batch">;
}

/** Sends one packet. If it is lost, nothing else of the connection is sent until it has been repeated: the receiver takes packets in order only. */
export function dispatched(verb: Verb, dispatch: Dispatch): readonly Step[] {
  const out = [...sent(verb), ...crossed(verb, dispatch.road, dispatch.road.out, dispatch.packet)];
  if (lossOf(verb.params) === 0) return out;
  const connection = connectionOf(verb);
  const lost = [
    claim(connection.gap, ONE, "gap"),
    spawn(...inVain(verb, dispatch)),
    ...noticed(verb, connection),
    release(connection.gap, ONE),
    ...repeated(verb, connection, dispatch, 1),
  ];
  return [...reported(verb, connection, dispatch), claimAs("order", connection.line, ONE, "behind a lost packet"), choose(chance(verb, 0), lost), release(connection.line, ONE), ...out];
}

function connectionOf({ params, part, args }: Verb): Connection {
  const reports = params["recovery-reports"].of(0);
  const named = (what: string): string => `${args.qp}.${what}`;
  return {
    line: part(named("line"), () => pool({ capacity: 1, whenFull: "block" })),
    gap: part(named("gap"), () => pool({ capacity: 1, whenFull: "block" })),
    reports: part(named("reports"), () => pool({ capacity: reports, whenFull: "block" })),
    notice: part(named("notice"), () => batch({ law: "timer-from-first", time: params["ack.timeout"], count: reports + 1 })),
  };
}

function chance({ params, args }: Verb, repetition: number) {
  return { kind: "chance", probability: lossOf(params), name: `loss of ${args.qp}, repetition ${repetition}` } as const;
}

/** It goes out and loads the wire, and nobody takes it. */
function inVain(verb: Verb, { road, packet }: Dispatch): readonly Step[] {
  return [...sent(verb), ...crossed(verb, road, road.out, { ...packet, aside: true })];
}

function noticed({ params }: Verb, { notice }: Connection): readonly Step[] {
  if (params.recovery === "timeout") return [delay(params["ack.timeout"], "acknowledgement timeout", "retry")];
  return [gatherAs("retry", notice, "until the loss is noticed")];
}

/** Fetched once more; lost once more it waits for the timeout, since a gap is reported once. */
function repeated(verb: Verb, connection: Connection, dispatch: Dispatch, repetition: number): readonly Step[] {
  const { undo, again } = dispatch;
  const last = repetition >= verb.params["ack.retries"].of(0);
  if (last && undo === null) return again;
  const wait = delay(verb.params["ack.timeout"], "acknowledgement timeout", "retry");
  const givenUp = [release(connection.line, ONE), ...(undo ?? []), drop("connection broken: no acknowledgement")];
  const next = last ? givenUp : repeated(verb, connection, dispatch, repetition + 1);
  return [...again, choose(chance(verb, repetition), [spawn(...inVain(verb, dispatch)), wait, ...next])];
}

/** A packet behind a gap reaches the receiver, which refuses it and reports what it waits for. It is sent once more in its turn. */
function reported(verb: Verb, { gap, reports, notice }: Connection, dispatch: Dispatch): readonly Step[] {
  if (verb.params.recovery === "timeout") return [];
  const { road } = dispatch;
  const told = [...inVain(verb, dispatch), use(road.far, "take"), ...answered(verb, road), choose({ kind: "taken", pool: gap }, [gatherAs("batch", notice, "report of a gap")]), release(reports, ONE)];
  return [choose({ kind: "taken", pool: gap }, [choose({ kind: "taken", pool: reports }, [], [claim(reports, ONE, "report of a gap"), entrust([reports], ...told)])])];
}

/** Unreliable: what is lost stays lost. */
export function abandoned(verb: Verb, undo: readonly Step[]): readonly Step[] {
  if (lossOf(verb.params) === 0) return [];
  return [choose(chance(verb, 0), [...undo, drop("datagram lost")])];
}

/**
 * The acknowledgement of a message, off its path: a packet back, then the sender's completion entry, which frees the places in the
 * send queue. One acknowledgement may answer for several messages, and one entry for several acknowledgements.
 */
export function acknowledged(verb: Verb, road: Road): Step {
  const { params, parts } = verb;
  const every = params["ack.every"].of(0);
  const perSignal = acknowledgementsPerSignal(params);
  const later = [answerFor(-1)];
  const entries = Math.max(1, Math.floor(every / params["signal.every"].of(0)));
  const freed = release(parts.sends, amountOf(every * perSignal));
  const told = choose({ kind: "every", turn: parts.signals }, [...signalled(verb, entries), freed], later);
  return entrust([parts.sends], choose({ kind: "every", turn: parts.acknowledgements }, [...answered(verb, road), told], later));
}

/** Completion entries at the sender, and when the application takes them. */
export function signalled({ params, parts, needs }: Adapter, entries: number): readonly Step[] {
  const units = amountOf(entries);
  return [
    claim(parts.completions, units, "completion queue", [release(parts.sends, ONE)]),
    use(needs.bus, "write", { bytes: ENTRY.times(entries), label: "completion entry" }),
    release(parts.completions, units, params.reap),
  ];
}

/**
 * A message that needs a receive request and finds none is refused, and sent again after the timer that the refusal names. Those
 * behind it on the connection wait for it.
 */
export function provided(adapter: Adapter, refused: Refusal): readonly Step[] {
  const { params, parts, part, needs } = adapter;
  const turn = part(`${refused.qp}.turn`, () => pool({ capacity: 1, whenFull: "block" }));
  const empty = { kind: "taken", pool: parts.receives } as const;
  const round = [...refused.told, delay(params["rnr.timer"], "receiver not ready", "retry"), ...refused.resend];
  // A datagram that finds none is gone.
  const again = refused.resend.length === 0 ? [] : [choose(empty, [repeat(params["rnr.retries"], [choose(empty, round)])])];
  const fetch = params["receive-fetch"] === "ahead" ? [] : [use(needs.bus, "read", { bytes: RECEIVE_REQUEST, label: "receive request", until: "last" })];
  return [
    claimAs("order", turn, ONE, "behind a refused message"),
    ...again,
    claim(parts.receives, ONE, "receive request", [release(turn, ONE), ...refused.undo]),
    release(turn, ONE),
    ...fetch,
  ];
}

/** How a refused message comes again: the refusal to its sender, and the packet once more, up to the adapter that refused it. */
export interface Refusal {
  readonly qp: string;
  readonly told: readonly Step[];
  readonly resend: readonly Step[];
  readonly undo: readonly Step[];
}

/** A page that is not there is fetched by the kernel, while the sender is refused and tries again after its timer, as often as it takes. */
export function paged({ params, parts, needs }: Adapter, { told, resend }: Pick<Refusal, "told" | "resend">): readonly Step[] {
  const timer = params["rnr.timer"].of(0);
  const rounds = amountOf(Math.ceil(params["odp.fault"].of(0) / timer), params["odp.fault"].origins);
  const fault = [use(needs.bus, "interrupt", { label: "page fault" }), count("interrupts"), repeat(rounds, [...told, delay(params["rnr.timer"], "page is being fetched", "retry"), ...resend])];
  return [choose({ kind: "hit", cache: parts.resident }, [], fault)];
}
