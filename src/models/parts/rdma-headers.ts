import { Amount } from "../../modeling/index.js";

/**
 * What a packet of a remote access is for, which decides what headers it bears. `data` is one between the first and the last of a
 * long message, or of a send; `immediate` the last one with a word for the receiver.
 */
export type PacketKind =
  | "write" | "write-immediate" | "data" | "immediate" | "datagram" | "read-request" | "read-answer" | "atomic" | "atomic-answer" | "acknowledge";

/** Extended transport headers behind the base one: where to write (16), an acknowledgement (4), a word (4), a datagram's source (8), an atomic (28), its old word (8). */
export const EXTENDED: Readonly<Record<PacketKind, number>> = {
  write: 16, "write-immediate": 20, data: 0, immediate: 4, datagram: 8, "read-request": 16, "read-answer": 4, atomic: 28, "atomic-answer": 12, acknowledge: 4,
};

/** Payloads are filled up to whole words. */
const WORD = 4;

export function padded(payload: Amount): Amount {
  return payload.map((size) => Math.ceil(size / WORD) * WORD);
}

const FRAME = { preamble: 8, ethernet: 14, ip: 20, tcp: 20, frameCheck: 4, least: 64 } as const;
/** Around one segment in the byte stream: its length in front, a check behind. */
const SEGMENT = { length: 2, check: 4 } as const;
/** Placement headers: of data with an address, and of messages for a queue. */
const TAGGED = 14;
const UNTAGGED = 18;
/** What requests and answers for a queue carry themselves. */
const QUEUED: Readonly<Partial<Record<PacketKind, number>>> = { "read-request": 28, atomic: 52, "atomic-answer": 12 };
/** An immediate word is a message of its own behind the data. */
const IMMEDIATE_MESSAGE = UNTAGGED + 8;

/** What carries remote accesses over TCP: placement headers, or for a plain offloaded socket none. */
export interface Stream {
  readonly placed: boolean;
  /** Whether the message's data bear an address, or are for a queue of receive requests. */
  readonly tagged: boolean;
}

/** Bytes on the wire of one packet of a stream: Ethernet with its preamble, IP, TCP, and a segment with its headers. */
export function streamBytes(payload: Amount, kind: PacketKind, stream: Stream): Amount {
  return new Amount((size) => {
    const bytes = segments(payload.of(size), kind, stream);
    const frame = FRAME.ethernet + FRAME.ip + FRAME.tcp + bytes + FRAME.frameCheck;
    return FRAME.preamble + Math.max(FRAME.least, frame);
  }, payload.origins);
}

function segments(payload: number, kind: PacketKind, { placed, tagged }: Stream): number {
  if (kind === "acknowledge") return 0;
  if (!placed) return payload;
  const own = QUEUED[kind];
  const data = own !== undefined ? framed(UNTAGGED + own) : framed((tagged || kind === "read-answer" ? TAGGED : UNTAGGED) + payload);
  const word = kind === "immediate" || kind === "write-immediate" ? framed(IMMEDIATE_MESSAGE) : 0;
  return data + word;
}

function framed(bytes: number): number {
  return Math.ceil((SEGMENT.length + bytes) / WORD) * WORD + SEGMENT.check;
}
