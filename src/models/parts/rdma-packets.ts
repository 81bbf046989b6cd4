import {
  type Amount, amountOf, choose, claimStage, delay, type InstanceRef, need, type Step, stream, use, ZERO,
} from "../../modeling/index.js";
import { EXTENDED, type PacketKind, padded, streamBytes } from "./rdma-headers.js";
import { type Adapter, hostOf, type Verb } from "./rdma-params.js";

/** The way to another adapter and back. A link's forward wire is that from the host whose name comes first. */
export interface Road {
  readonly link: InstanceRef;
  readonly near: InstanceRef;
  readonly far: InstanceRef;
  readonly out: "forward" | "backward";
  readonly back: "forward" | "backward";
}

export function roadTo(verb: Verb, host: string): Road {
  const own = hostOf(verb);
  const out = own < host ? "forward" : "backward";
  return { link: verb.instance(verb.args.via), near: verb.instance(`${own}.hca`), far: verb.instance(`${host}.hca`), out, back: out === "forward" ? "backward" : "forward" };
}

/** A packet on its way: what it is for, whether it carries the message's data, and of what kind of message. */
export interface Packet {
  readonly kind: PacketKind;
  /** Whether the data bear an address of their own. */
  readonly tagged: boolean;
  readonly empty?: boolean;
  /** The packet does not take the message with it: it is sent in vain, or reports. */
  readonly aside?: boolean;
}

export const REPORT: Packet = { kind: "acknowledge", tagged: false, empty: true, aside: true };

/** Out of the adapter, up to the wire. */
export function sent({ params, parts }: Pick<Adapter, "params" | "parts">): readonly Step[] {
  const segment = params.transport === "link" ? [] : [delay(params["tcp.send"], "TCP, send")];
  return [claimStage(parts.tx, params.tx, "HCA send", { occupancy: params["tx-interval"] }), ...segment, delay(params.phy, "PHY, send")];
}

/** Into the adapter, off the wire. */
export function taken({ params, parts }: Pick<Adapter, "params" | "parts">): readonly Step[] {
  const segment = params.transport === "link" ? [] : [delay(params["tcp.receive"], "TCP, receive")];
  return [stream(params.phy, "PHY, receive"), need("last"), claimStage(parts.rx, params.rx, "HCA receive", { occupancy: params["rx-interval"] }), ...segment];
}

/** Over the link as a packet with the headers that its kind needs. */
export function crossed({ params, message }: Adapter, road: Road, direction: Road["out"], packet: Packet): readonly Step[] {
  const payload = packet.empty === true ? ZERO : message.payload;
  const framed = params.transport === "link"
    ? { payload: padded(payload), extended: amountOf(EXTENDED[packet.kind]) }
    : { bytes: streamBytes(payload, packet.kind, { placed: params.transport === "iwarp", tagged: packet.tagged }) };
  return [use(road.link, "frame", framed), use(road.link, packet.empty === true || packet.aside === true ? "carry" : "traverse", { direction })];
}

/** A packet without data from the far adapter to the near one: an acknowledgement or a report. */
export function answered(adapter: Adapter, road: Road): readonly Step[] {
  return [use(road.far, "emit"), ...crossed(adapter, road, road.back, REPORT), use(road.near, "take")];
}

/** Payload of one packet, from pinned memory. */
export function fetched(adapter: Adapter): readonly Step[] {
  const { params, parts, needs, message } = adapter;
  return [
    ...lookUp(adapter, "translations"),
    claimStage(parts.fetch, ZERO, "fetch engine", { occupancy: params["fetch-rate"].timeFor(message.payload) }),
    use(needs.memory, "dma-read", { bytes: message.payload }),
    use(needs.bus, "read", { bytes: message.payload, label: "payload", until: "last" }),
  ];
}

/** Payload of one packet, to pinned memory. */
export function stored({ params, needs, message }: Adapter, visible: boolean, numa: unknown): readonly Step[] {
  return [
    use(needs.memory, "dma-write", { bytes: message.payload, remote: numa !== null && numa !== params.numa.of(0) }),
    // A completion entry is never relaxed and pushes the data ahead of it, so only a watched byte can be seen too early.
    use(needs.bus, "write", { bytes: message.payload, label: "payload", visible, relaxed: params.ordering === "relaxed" }),
  ];
}

export function lookUps(adapter: Adapter): readonly Step[] {
  return [...lookUp(adapter, "contexts"), ...lookUp(adapter, "translations")];
}

/** A cache that holds the whole working set is warm; one that does not costs a read from host memory at each miss. */
export function lookUp({ params, parts, needs }: Adapter, name: "contexts" | "translations"): readonly Step[] {
  const kept = parts[name];
  if (kept.workingSet <= kept.entries) return [];
  const [missing, label]: readonly [Amount, string] = name === "contexts" ? [params["qp-context"], "connection context"] : [params["mtt-entry"], "address translation"];
  return [choose({ kind: "hit", cache: kept }, [], [use(needs.bus, "read", { bytes: missing, label, until: "last" })])];
}
