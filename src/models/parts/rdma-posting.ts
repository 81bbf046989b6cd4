import { type Amount, amountOf, choose, claim, claimAs, count, gather, leaveCore, release, type Step, use, work } from "../../modeling/index.js";
import { lookUp, fetched } from "./rdma-packets.js";
import { type Adapter, type Verb } from "./rdma-params.js";

/** Segments of a work request: control, and an address there or of whom it is for; then the payload itself or a pointer to it. */
const CONTROL = 16;
const ADDRESS = 16;
const DATAGRAM = 48;
const INLINE_HEADER = 4;
const POINTER = 16;
/** Work requests are pushed and fetched in blocks. */
const BLOCK = 64;
const DOORBELL = amountOf(8);
const ONE = amountOf(1);

/** What a work request asks for, which decides its size. */
export type Request = "write" | "send" | "datagram" | "read";

const SEGMENTS: Readonly<Record<Request, number>> = { write: CONTROL + ADDRESS, read: CONTROL + ADDRESS, send: CONTROL, datagram: CONTROL + DATAGRAM };

/** A thread builds the work request, once the queue has room for it. */
export function posted({ params, parts, needs, args }: Verb): readonly Step[] {
  const bell = params["post-batch"].of(0) > 1 ? [] : [count("doorbells")];
  return [claim(parts.sends, ONE, "send queue"), use(needs.cpu, "enter", { thread: args.core, label: args.core }), work(params.post, "user", "post"), ...bell, leaveCore()];
}

/** Gives the adapter one packet's worth: within the work request if it is small enough, otherwise for it to fetch. */
export function handed(verb: Verb, request: Request, inline: boolean): readonly Step[] {
  const { params, message } = verb;
  const limit = inlineLimit(verb, request);
  const all = [...pointed(verb, request), ...fetched(verb)];
  if (!inline || limit <= 0 || params.inline.of(0) === 0) return all;
  const size = (payload: Amount): Amount => blocks(payload.plus(SEGMENTS[request] + INLINE_HEADER));
  const whole = [...pushed(verb, size(message.payload), size(amountOf(limit))), ...lookUp(verb, "contexts")];
  return [choose({ kind: "size", test: (payload) => payload <= limit }, whole, all)];
}

/** What a write leaves of the work request for its data, a send has 16 B more of, and a datagram 32 B less. */
export function inlineLimit({ params }: Pick<Adapter, "params">, request: Request): number {
  return params.inline.of(0) + SEGMENTS.write - SEGMENTS[request];
}

/** A work request that points to the payload. */
export function pointed(adapter: Adapter, request: Request): readonly Step[] {
  const size = blocks(amountOf(SEGMENTS[request] + POINTER));
  return [...pushed(adapter, size, size), ...lookUp(adapter, "contexts")];
}

/** To repeat a packet the adapter fetches the work request again, and the payload with it. */
export function fetchedAgain(adapter: Adapter, request: Request): readonly Step[] {
  return [use(adapter.needs.bus, "read", { bytes: blocks(amountOf(SEGMENTS[request] + POINTER)), label: "work request", until: "last" }), ...fetched(adapter)];
}

/** A work request goes to the adapter in the doorbell's place, or waits in memory to be fetched. `largest` is the largest size there can be. */
function pushed(adapter: Adapter, size: Amount, largest: Amount): readonly Step[] {
  const { params, needs } = adapter;
  const fetch = use(needs.bus, "read", { bytes: size, label: "work request", until: "last" });
  if (params["post-batch"].of(0) > 1) return [...rung(adapter), fetch];
  const told = [use(needs.bus, "store", { bytes: DOORBELL, label: "doorbell" }), fetch];
  if (!params.blueflame) return told;
  const limit = params["blueflame-size"].of(0);
  const whole = [use(needs.bus, "store", { bytes: size, label: "work request" })];
  return largest.of(0) <= limit ? whole : [choose({ kind: "size", test: (payload) => size.of(payload) <= limit }, whole, told)];
}

/** Requests wait for their list to become full; the first one rings for all of them. */
function rung({ parts, needs }: Adapter): readonly Step[] {
  const bell = [claim(parts.bell, ONE, "doorbell"), count("doorbells"), use(needs.bus, "store", { bytes: DOORBELL, label: "doorbell" }), release(parts.bell, ONE)];
  const heard = [claimAs("join", parts.bell, ONE, "doorbell of the list"), release(parts.bell, ONE)];
  return [gather(parts.list, "list of work requests"), choose({ kind: "taken", pool: parts.bell }, heard, bell)];
}

/** Bytes in whole blocks. */
function blocks(size: Amount): Amount {
  return size.dividedUp(amountOf(BLOCK)).times(BLOCK);
}
