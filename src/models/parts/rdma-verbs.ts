import {
  amountOf, choose, claim, drop, inPieces, move, type PartOf, pool, release, type Region, type Step, use,
} from "../../modeling/index.js";
import { checkHandle, keyOf } from "./rdma-datagrams.js";
import type { PacketKind } from "./rdma-headers.js";
import { answered, crossed, fetched, type Packet, REPORT, type Road, roadTo, sent } from "./rdma-packets.js";
import { fetchedAgain, handed, pointed, posted, type Request } from "./rdma-posting.js";
import { abandoned, acknowledged, dispatched } from "./rdma-reliable.js";
import type { Adapter, Verb } from "./rdma-params.js";
import { admitted, ownKey } from "./rdma-memory.js";

const ONE = amountOf(1);
const WORD = amountOf(8);

/** What a message asks of the other side. */
export interface Delivery {
  readonly request: Request;
  /** Whether it takes a receive request there and leaves a completion entry. */
  readonly notifies: boolean;
  /** What a program there can watch; null for nothing. */
  readonly watched: string | null;
  readonly inline: boolean;
  /** Host it goes to, and the region there that is written. */
  readonly host: string;
  readonly target: Region | null;
}

/** Kinds of a message's packets: of one that is alone, and of the first and the last of several. */
function kindsOf({ request, notifies }: Delivery): { readonly alone: PacketKind; readonly first: PacketKind; readonly last: PacketKind } {
  if (request === "datagram") return { alone: "datagram", first: "datagram", last: "datagram" };
  if (request === "send") return { alone: "data", first: "data", last: "data" };
  return { alone: notifies ? "write-immediate" : "write", first: "write", last: notifies ? "immediate" : "data" };
}

/** One write or send, from the posting thread to the other host's memory. */
export function delivered(verb: Verb, delivery: Delivery): readonly Step[] {
  const { message, params, parts } = verb;
  const road = roadTo(verb, delivery.host);
  checkTransport(verb, delivery);
  const undo = [release(parts.sends, ONE)];
  const mtu = params.mtu.of(0);
  const single = delivery.request === "datagram" ? thrown(verb, road, delivery) : onePacket(verb, road, delivery);
  const several = delivery.request === "datagram" ? [...undo, drop("datagram longer than a packet")] : manyPackets(verb, road, delivery);
  return [
    ...(delivery.target === null ? ownKey(verb) : admitted(verb, road, delivery.target, "remote-write")),
    ...posted(verb),
    ...bounded(delivery.target, undo),
    move(message.location ?? "pinned", "wire", "dma", message.payload),
    choose({ kind: "size", test: (payload) => payload <= mtu }, single, several),
    use(road.far, "place", { notifies: delivery.notifies, watched: delivery.watched }),
  ];
}

/** The other side refuses what goes beyond the region, and the connection is broken. */
function bounded(target: Region | null, undo: readonly Step[]): readonly Step[] {
  return target === null ? [] : [choose({ kind: "size", test: (payload) => payload > target.bytes }, [...undo, drop("remote access beyond the region")])];
}

/** A stream without placement can only be read by a receiver in order. */
function checkTransport({ params, refuse }: Verb, { request }: Delivery): void {
  if (params.transport === "toe" && request !== "send") refuse("transport-verb", "an adapter that offloads TCP alone can only send", "use rdma.send, or transport: iwarp");
  if (params.transport === "iwarp" && request === "datagram") refuse("transport-verb", "remote access over TCP has no datagrams", "use rdma.send, or transport: link");
}

function onePacket(verb: Verb, road: Road, delivery: Delivery): readonly Step[] {
  const packet = { kind: kindsOf(delivery).alone, tagged: delivery.request === "write" };
  const undo = [release(verb.parts.sends, ONE)];
  return [
    ...handed(verb, delivery.request, delivery.inline),
    ...dispatched(verb, { road, packet, again: fetchedAgain(verb, delivery.request), undo }),
    ...arrived(verb, road, delivery, { packet, accepted: [acknowledged(verb, road)], undo }),
  ];
}

/** A datagram is neither acknowledged nor repeated: its work request is done when it has been sent. */
function thrown(verb: Verb, road: Road, delivery: Delivery): readonly Step[] {
  const { params, parts } = verb;
  const packet = { kind: "datagram", tagged: false } as const;
  const undo = [release(parts.sends, ONE)];
  checkHandle(verb, delivery.host);
  return [
    ...handed(verb, delivery.request, delivery.inline),
    ...abandoned(verb, undo),
    ...sent(verb),
    release(parts.sends, ONE, params.reap),
    ...crossed(verb, road, road.out, packet),
    use(road.far, "take"),
    use(road.far, "accept"),
    use(road.far, "match", { key: keyOf(verb, verb.args.qkey) }),
    use(road.far, "provide", { qp: verb.args.qp, told: [], resend: [], undo: [] }),
    use(road.far, "store", { visible: false, numa: null }),
  ];
}

/** Packets go one behind the other; the first bears the address, the last a word for the receiver. */
function manyPackets(verb: Verb, road: Road, delivery: Delivery): readonly Step[] {
  const { first, last } = kindsOf(delivery);
  const tagged = delivery.request === "write";
  const piece = (kind: PacketKind): readonly Step[] => [
    ...fetched(verb),
    ...dispatched(verb, { road, packet: { kind, tagged }, again: fetchedAgain(verb, delivery.request), undo: null }),
    use(road.far, "take"),
    use(road.far, "accept"),
    use(road.far, "store", { visible: !delivery.notifies, numa: delivery.target?.numa ?? null }),
  ];
  const packet = { kind: last, tagged };
  return [
    ...pointed(verb, delivery.request),
    inPieces("packets", verb.params.mtu, verb.message.payload.dividedUp(verb.params.mtu), { first: piece(first), middle: piece("data"), last: piece(last) }),
    ...paging(verb, road, delivery, packet),
    ...(delivery.notifies ? [use(road.far, "provide", provision(verb, road, packet, [release(verb.parts.sends, ONE)]))] : []),
    acknowledged(verb, road),
  ];
}

interface Arrival {
  readonly packet: Packet;
  readonly accepted: readonly Step[];
  readonly undo: readonly Step[];
}

/** The packet is at the other side: checked, given a receive request if it needs one, acknowledged, written. */
function arrived(verb: Verb, road: Road, delivery: Delivery, { packet, accepted, undo }: Arrival): readonly Step[] {
  return [
    use(road.far, "take"),
    use(road.far, "accept"),
    ...paging(verb, road, delivery, packet),
    ...(delivery.notifies ? [use(road.far, "provide", provision(verb, road, packet, undo))] : []),
    ...accepted,
    use(road.far, "store", { visible: !delivery.notifies, numa: delivery.target?.numa ?? null }),
  ];
}

function paging(verb: Verb, road: Road, { target }: Delivery, packet: Packet): readonly Step[] {
  return target?.odp === true ? [use(road.far, "page", { told: answered(verb, road), resend: resent(verb, road, packet) })] : [];
}

function provision(verb: Verb, road: Road, packet: Packet, undo: readonly Step[]): Readonly<Record<string, unknown>> {
  return { qp: verb.args.qp, told: answered(verb, road), resend: resent(verb, road, packet), undo };
}

/** The packet once more, up to the adapter that refused it; its payload is still where it was. */
function resent(verb: Verb, road: Road, packet: Packet): readonly Step[] {
  return [use(road.near, "emit"), ...crossed(verb, road, road.out, { ...packet, aside: true }), use(road.far, "take")];
}

/** A question to the other adapter, and its answer. */
function asked(verb: Verb, road: Road, kind: PacketKind): readonly Step[] {
  const { parts } = verb;
  const packet = { kind, tagged: false, empty: true };
  const undo = [release(parts.reads, ONE), release(parts.sends, ONE)];
  return [
    ...posted(verb),
    ...pointed(verb, "read"),
    claim(parts.reads, ONE, "outstanding reads"),
    ...dispatched(verb, { road, packet, again: [use(verb.needs.bus, "read", { bytes: amountOf(64), label: "work request", until: "last" })], undo }),
    use(road.far, "take"),
    use(road.far, "accept"),
  ];
}

/** What is in memory there, read by the other adapter and sent packet by packet. */
export function readBack(verb: Verb, target: Region): readonly Step[] {
  const { params, message, parts } = verb;
  refuseStream(verb);
  const road = roadTo(verb, target.host);
  const mtu = params.mtu.of(0);
  const packet = (kind: PacketKind): readonly Step[] => [
    use(road.far, "respond"), ...crossed(verb, road, road.back, { kind, tagged: true }), use(road.near, "take"), use(road.near, "accept"), use(road.near, "store", { visible: false, numa: params.numa.of(0) }),
  ];
  const request = { kind: "read-request", tagged: false, empty: true } as const;
  return [
    ...admitted(verb, road, target, "remote-read"),
    ...asked(verb, road, "read-request"),
    ...bounded(target, [release(parts.reads, ONE), release(parts.sends, ONE)]),
    ...(target.odp ? [use(road.far, "page", { told: answered(verb, road), resend: resent(verb, road, request) })] : []),
    use(road.far, "lend"),
    choose({ kind: "size", test: (payload) => payload <= mtu }, packet("read-answer"), [
      inPieces("packets", params.mtu, message.payload.dividedUp(params.mtu), { first: packet("read-answer"), middle: packet("data"), last: packet("read-answer") }),
    ]),
    use(road.near, "keep"),
    release(parts.reads, ONE),
    release(parts.sends, ONE),
    use(road.near, "complete", { afterwards: [] }),
  ];
}

/** A word there is changed, and what it held before comes back. Changes of one word go one after the other. */
export function changed(verb: Verb, target: Region, word: string): readonly Step[] {
  const { parts, needs } = verb;
  refuseStream(verb);
  const road = roadTo(verb, target.host);
  return [
    ...admitted(verb, road, target, "remote-atomic"),
    ...asked(verb, road, "atomic"),
    use(road.far, "change", { word: `${target.name} ${word}` }),
    ...crossed(verb, road, road.back, { ...REPORT, kind: "atomic-answer" }),
    use(road.near, "take"),
    use(needs.bus, "write", { bytes: WORD, label: "old word" }),
    release(parts.reads, ONE),
    release(parts.sends, ONE),
    use(road.near, "complete", { afterwards: [] }),
  ];
}

function refuseStream({ params, refuse }: Verb): void {
  if (params.transport === "toe") refuse("transport-verb", "an adapter that offloads TCP alone can only send", "use rdma.send, or transport: iwarp");
}

/** A word of memory while it is read, changed and written back: one lock for each word that is named. */
export function exchanged(adapter: Adapter, name: string): readonly Step[] {
  const { needs, part } = adapter;
  const lock: PartOf<"pool"> = part(`word ${name}`, () => pool({ capacity: 1, whenFull: "block" }));
  return [
    claim(lock, ONE, "atomic lock"),
    use(needs.bus, "read", { bytes: WORD, label: "word", until: "last" }),
    use(needs.bus, "write", { bytes: WORD, label: "changed word" }),
    release(lock, ONE),
    ...sent(adapter),
  ];
}
