import type { Amount } from "../../modeling/index.js";

/** Packets of a transaction. A read is a request and a response; a write that the other side can carry out at once is a request alone. */
export type PacketKind = "read request" | "read response" | "write request";

/** Two addresses, a label, an offset of 48 bits and the length of the data; a check sequence over that. */
const HEADER = 16 + 4;
/** Four bytes travel in the header's last word, or come back in it. */
const QUADLET = 4;
const CHECK = 4;

/** Bytes of a packet on the bus: data are padded to words of four and have a check sequence of their own. */
export function packetBytes(kind: PacketKind, data: Amount): Amount {
  const padded = (size: number): number => Math.ceil(size / QUADLET) * QUADLET;
  if (kind === "read request") return data.map((size) => (size === QUADLET ? HEADER - QUADLET : HEADER));
  return data.map((size) => (size === QUADLET ? HEADER : HEADER + padded(size) + CHECK));
}
