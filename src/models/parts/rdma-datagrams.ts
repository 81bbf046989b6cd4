import { choose, count, drop, leaveCore, type Step, text, chosen, use, work } from "../../modeling/index.js";
import { type Adapter, type Verb, VERB } from "./rdma-params.js";

const HANDLES = "address handles";
const OWN = 0x8000_0000;
const WRITTEN = /^0x[0-9a-f]{1,8}$/iu;
const AGREED = "agreed";

/** What a datagram says beside what all verbs say. */
export const DATAGRAM = {
  qkey: text(AGREED, "Q_Key that the datagram bears, e.g. 0x11111111; agreed: that of the receiver; from 0x80000000 on the sending adapter puts that of its own queue pair instead", chosen("the applications have told each other")),
} as const;

export const ADDRESS = { to: text(null, "host that the handle is for", chosen("the application's own")), via: VERB.via, core: VERB.core } as const;

interface Addressing extends Adapter {
  readonly args: { readonly to?: string; readonly via?: string; readonly core: string };
}

/** A thread makes an address handle for a host; without this step it has been made ahead. */
export function addressed(adapter: Addressing): readonly Step[] {
  const { args, refuse } = adapter;
  if (args.to === undefined || args.via === undefined) return refuse("parameter-missing", "an address handle needs a host and a link", "write e.g. rdma.address: { to: b, via: ib }");
  remember(adapter, args.to, args.via);
  return called(adapter, "make address handle", "address.make");
}

/** From here on nothing can be sent by the handle for that host. */
export function forgotten(adapter: Addressing): readonly Step[] {
  const { args, refuse } = adapter;
  if (args.to === undefined) return refuse("parameter-missing", "an address handle is that for a host", "write e.g. rdma.forget-address: { to: b }");
  remember(adapter, args.to, null);
  return called(adapter, "free address handle", "address.free");
}

/** A datagram is posted with a handle that is there, and made for the port that it leaves by. */
export function checkHandle({ state, args, refuse }: Verb, host: string): void {
  const made = handlesOf(state).get(host);
  if (made === undefined || made === args.via) return;
  refuse("address-handle", made === null ? `the address handle for ${host} has been freed` : `the address handle for ${host} was made for ${made}, and the datagram goes by ${args.via}`, `make one with rdma.address: { to: ${host}, via: ${args.via} }`);
}

/** Key that a datagram bears on the wire; null for the right one. */
export function keyOf({ params, refuse }: Adapter, qkey: string | undefined): number | null {
  if (qkey === undefined || qkey === AGREED) return null;
  const key = parsed(qkey, refuse);
  return key >= OWN ? parsed(params["ud.qkey"], refuse) : key;
}

/** The receiving adapter drops a datagram with another key than its queue pair's: nobody is told, and the receive request stays. */
export function matched({ params, passed, refuse }: Adapter): readonly Step[] {
  const key = passed["key"] as number | null;
  if (key === null || key === parsed(params["ud.qkey"], refuse)) return [];
  return [choose({ kind: "size", test: () => true }, [count("qkey-violations"), drop("wrong Q_Key")])];
}

function parsed(text: string, refuse: Adapter["refuse"]): number {
  return WRITTEN.test(text) ? Number(text) : refuse("qkey-malformed", `"${text}" is no Q_Key`, "write its 32 bits in hexadecimal, as in 0x11111111");
}

const handlesOf = (state: Adapter["state"]): ReadonlyMap<string, string | null> => (state.get(HANDLES) as ReadonlyMap<string, string | null> | undefined) ?? new Map();

function remember({ state }: Adapter, host: string, via: string | null): void {
  state.set(HANDLES, new Map([...handlesOf(state), [host, via]]));
}

function called({ needs, args, params }: Addressing, label: string, time: "address.make" | "address.free"): readonly Step[] {
  return [use(needs.cpu, "enter", { thread: args.core, label: args.core }), work(params[time], "user", label), leaveCore()];
}
