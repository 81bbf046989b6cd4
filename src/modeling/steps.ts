import type { Amount, Rate } from "./amount.js";
import type { Origin } from "./evidence.js";
import type { PartOf } from "./parts.js";
import type { Role } from "./roles.js";

/** Where a payload is. */
export const LOCATIONS = ["wire", "nic", "kmem", "umem", "pinned", "dev"] as const;
export type Location = (typeof LOCATIONS)[number];

export type SegmentKind = "serialise" | "propagate" | "process" | "copy" | "queue" | "arbitrate" | "credit" | "batch" | "poll" | "align" | "irq" | "wake" | "sched" | "preempt" | "contend" | "order" | "rate-match" | "join" | "retry" | "overlap";

export const CATEGORIES = ["user", "sys", "hardirq", "softirq", "copy", "wake"] as const;
export type Category = (typeof CATEGORIES)[number];

/** Accounts of the cost ledger that steps may debit. */
export const ACCOUNTS = ["movements", "moved-bytes", "copies", "copied-bytes", "touched-bytes", "interrupts", "polls", "syscalls", "switches", "ipis", "doorbells", "mmio-reads", "bus-up-payload", "bus-up-overhead", "bus-down-payload", "bus-down-overhead", "memory-bytes", "torn-reads", "underruns", "ecn-marks", "torn-sends", "page-faults", "naks", "retries", "executions", "duplicates", "pauses", "qkey-violations"] as const;
/** One of these, or memory bytes by who asked for them: "memory-bytes-by-nic". */
export type Account = (typeof ACCOUNTS)[number] | `memory-bytes-by-${string}`;

/** An instance as another model sees it: something whose operations can be used. */
export interface InstanceRef<R extends Role | null = Role | null> {
  readonly instance: string;
  /** Carries the role that it was asked for in; never set. */
  readonly role?: R;
}

/** One step of an operation. Steps are data: the compiler expands, checks and places them. */
export type Step =
  | { readonly step: "delay"; readonly amount: Amount; readonly label: string; readonly kind: SegmentKind; readonly streaming: boolean }
  | { readonly step: "until"; readonly tap: string; readonly amount: Amount; readonly label: string; readonly kind: SegmentKind }
  | { readonly step: "need"; readonly bytes: Amount | "last"; readonly label: string; readonly streaming: boolean }
  | { readonly step: "work"; readonly amount: Amount; readonly category: Category; readonly label: string; readonly kind: SegmentKind }
  | { readonly step: "claim-stage"; readonly part: PartOf<"stage">; readonly latency: Amount; readonly occupancy: Amount; readonly label: string; readonly klass: number; readonly kind: SegmentKind; readonly keepsCore: boolean }
  | { readonly step: "transmit"; readonly part: PartOf<"pipe">; readonly options: TransmitOptions }
  | { readonly step: "claim"; readonly part: PartOf<"pool">; readonly units: Amount; readonly label: string; readonly kind: SegmentKind; readonly undo: readonly Step[]; readonly onCore?: boolean; readonly within?: ClaimOrder }
  | { readonly step: "release"; readonly part: PartOf<"pool">; readonly units: Amount; readonly later: Amount }
  | { readonly step: "transfer"; readonly part: PartOf<"bus">; readonly unit: Amount; readonly units: Amount; readonly klass: number; readonly label: string }
  | { readonly step: "gather"; readonly part: PartOf<"batch">; readonly label: string; readonly kind: SegmentKind; readonly carrier: Carrier | null }
  | { readonly step: "hold"; readonly part: PartOf<"server">; readonly options: HoldOptions }
  | { readonly step: "leave-core" }
  | { readonly step: "cycles"; readonly part: PartOf<"clock">; readonly cycles: number; readonly label: string; readonly origins: readonly Origin[] }
  | { readonly step: "order"; readonly part: PartOf<"order">; readonly label: string; readonly flight: Amount }
  | { readonly step: "scatter"; readonly units: Amount; readonly spread: Amount; readonly label: string }
  | { readonly step: "check-torn" }
  | { readonly step: "check-late"; readonly within: Amount; readonly account: Account }
  | { readonly step: "choose"; readonly choice: Choice; readonly yes: readonly Step[]; readonly no: readonly Step[] }
  | { readonly step: "all"; readonly branches: readonly (readonly Step[])[]; readonly label: string }
  | { readonly step: "race"; readonly branches: readonly (readonly Step[])[]; readonly label: string }
  | { readonly step: "in-parallel"; readonly chunk: Amount; readonly count: Amount; readonly body: readonly Step[]; readonly ends: PieceEnds | null; readonly label: string }
  | { readonly step: "repeat"; readonly count: Amount; readonly chunk: Amount | null; readonly body: readonly Step[] }
  | { readonly step: "retry"; readonly tap: string | null; readonly lost: readonly Step[] }
  | { readonly step: "divide"; readonly cut: Cut }
  | { readonly step: "meet"; readonly meeting: Meeting }
  | { readonly step: "spawn"; readonly body: readonly Step[]; readonly holding: readonly PartOf<"pool">[]; readonly whole?: boolean }
  | { readonly step: "move"; readonly from: Location; readonly to: Location; readonly by: "cpu" | "dma" | "wire"; readonly bytes: Amount }
  | { readonly step: "remap"; readonly from: Location; readonly to: Location }
  | { readonly step: "count"; readonly account: Account; readonly amount: Amount }
  | { readonly step: "answer"; readonly claims: number }
  | { readonly step: "tap"; readonly name: string }
  | { readonly step: "use"; readonly target: InstanceRef; readonly operation: string; readonly args: Readonly<Record<string, unknown>> }
  | { readonly step: "reframe"; readonly bytes: Amount }
  | { readonly step: "trigger"; readonly bytes: Amount }
  | { readonly step: "speculate"; readonly lead: Amount; readonly notBefore: string | null }
  | { readonly step: "bare"; readonly bytes: Amount }
  | { readonly step: "recast"; readonly payload: Amount; readonly about: boolean }
  | { readonly step: "drop"; readonly reason: string; readonly unlessHeld: boolean }
  | { readonly step: "arrive"; readonly arrival: Arrival }
  | { readonly step: "egress"; readonly port: (egress: Egress) => EgressSteps };

/** A claim's place in a pool that has an order: its class, and what it costs of its class's weight (null: 1). */
export interface ClaimOrder {
  readonly klass: number;
  readonly cost: Amount | null;
}

/**
 * What a link asks of whoever takes the message from it. A device that keeps the message in a buffer of its own settles when it
 * has sent it on; for all others the compiler settles at once, with the time in which the message comes in.
 */
export interface Arrival {
  /** Steps that give the link back what it was lent, `taken` after now. */
  readonly settle: (taken: Amount) => readonly Step[];
  /** How the message may have been damaged on its way. */
  readonly damages: readonly Damage[];
}

export interface Damage {
  readonly probability: Chance;
  /** What happens to a damaged message once it has been noticed; null: it is dropped. */
  readonly lost: readonly Step[] | null;
  /** The link that did it, whose draw it is; absent: the one that says so. */
  readonly link?: string;
}

/** The transmitter by which a message goes out of a device: that of the link that follows in the path. */
export interface Egress {
  readonly rate: Rate;
  /** Time of the message on it, without and with the gap behind it. */
  readonly sending: Amount;
  readonly occupied: Amount;
}

/** Steps around the transmission: between being ready and claiming the transmitter, and from the first bit on. */
export interface EgressSteps {
  readonly before: readonly Step[];
  readonly after: readonly Step[];
}

/** What the first and the last of several pieces do instead of what those between them do. */
export interface PieceEnds {
  readonly first: readonly Step[];
  readonly last: readonly Step[];
}

/** A message that is longer than a frame is cut: from here on pieces of it are on their way, one behind the other, and the last is the message itself. */
export interface Cut {
  /** Bytes that are cut: the payload, or that and headers that lie in the first piece only. */
  readonly content: Amount;
  readonly piece: Amount;
  /** Bytes of the headers of each piece, without preamble. */
  readonly headers: number;
  /** CPU work that lets the second piece go, or group of so many pieces, and each further one; that of the first has been done. */
  readonly work: Amount;
  readonly group: Amount;
  readonly category: Category;
  readonly label: string;
  /** The adapter cuts what the group of pieces is handed over as. */
  readonly byAdapter: boolean;
}

/** Where the pieces of a message meet: those ahead of it end here, and it waits for all of them. */
export interface Meeting {
  readonly label: string;
  /** What a piece does that ends here. */
  readonly ahead: readonly Step[];
  /** How a message that had to wait, and has left its core for that, gets one again. */
  readonly back: readonly Step[];
  /** What is done when a piece was lost: gives back what the message has claimed, and drops it. */
  readonly torn: readonly Step[];
}

export interface TransmitOptions {
  /** Bytes on the medium, preamble included. */
  readonly bytes: Amount;
  /** Bytes that must have come in before the first may leave: a header, or "last" for store-and-forward. Ignored for a stored message. */
  readonly header: Amount | "last";
  readonly work: Amount;
  /** Word of the datapath; null for fluid. */
  readonly grain: Amount | null;
  readonly propagation: Amount;
  /** Clock at whose edges bytes become readable at the far end, a codeword at a time; null when each is readable as it comes. */
  readonly block: PartOf<"clock"> | null;
  readonly label: string;
}

/** What runs on behalf of a closed batch before the members go on, one after the other. */
export interface Carrier {
  readonly before: readonly Step[];
  readonly weight: number;
  readonly budget: number;
  readonly budgetTime: Amount;
  readonly handOver: Amount;
  /** How many runs, and for how long, follow one another before the hand-over; without it the first is the last. */
  readonly runs?: { readonly most: number; readonly time: Amount };
  /** When nobody is left the batch stays shut: the carrier leaves, comes back after `time` by `back` and looks again, until so many looks in a row found nobody. */
  readonly deferral?: { readonly polls: number; readonly time: Amount; readonly back: readonly Step[] };
  readonly after: readonly Step[];
}

export interface HoldOptions {
  readonly how: "serve" | "poll" | "sleep";
  /** Poll: time of one turn. Sleep: wake-up work. */
  readonly amount: Amount;
  readonly jitter: Amount;
  readonly label: string;
  /** Account debited at each wake-up from sleep. */
  readonly wakeAccount: Account | null;
}

/** How buffers of a ring lie in pages. */
export interface Pages {
  readonly ring: PartOf<"ring">;
  readonly buffer: Amount;
  readonly page: Amount;
}

/** A share of the messages, or that of those with so many bytes of payload. */
export type Chance = number | ((payload: number) => number);

export type Choice =
  /** `of`: the instance whose draw it is, if not that of the operation's own. */
  | { readonly kind: "chance"; readonly probability: Chance; readonly name: string; readonly of?: string }
  | { readonly kind: "size"; readonly test: (payload: number) => boolean }
  | { readonly kind: "hit"; readonly cache: PartOf<"cache"> }
  /** Yes if more than `above` units of the pool are taken. */
  | { readonly kind: "filled"; readonly pool: PartOf<"pool">; readonly above: number }
  | { readonly kind: "spinning"; readonly server: PartOf<"server">; readonly window: Amount }
  | { readonly kind: "taken"; readonly pool: PartOf<"pool"> }
  /** A claim of so many units would be granted at once. */
  | { readonly kind: "room"; readonly pool: PartOf<"pool">; readonly units: Amount }
  /** More than `within` has passed since the message passed the tap. */
  | { readonly kind: "since"; readonly tap: string; readonly within: Amount }
  /** In a branch of a race: another branch has come first. */
  | { readonly kind: "decided" }
  /** Whether another member of the batch has had the carrier's core in the same turn. */
  | { readonly kind: "behind" }
  /** Always yes: a sender's window shrinks by half, or to one segment. */
  | { readonly kind: "shrink"; readonly pool: PartOf<"pool">; readonly to: "half" | "least" }
  /** Always yes: takes a place in a pool that is a sequence. */
  | { readonly kind: "enter"; readonly pool: PartOf<"pool"> }
  /** Whether it is one of several pieces of a message; whether it goes ahead of it. */
  | { readonly kind: "piece" }
  | { readonly kind: "companion" }
  /** By the number of the message's flow. */
  | { readonly kind: "flow"; readonly test: (flow: number) => boolean }
  /** One message in so many, counted by the part. */
  | { readonly kind: "every"; readonly turn: PartOf<"turn"> }
  /** Always yes: from here on the message's buffer is the next of the ring. */
  | { readonly kind: "next-buffer"; readonly ring: PartOf<"ring"> }
  /** Whether the page of the message's buffer is cached; it is from now on. */
  | { readonly kind: "page-cached"; readonly cache: PartOf<"cache">; readonly pages: Pages }
  /** Whether this unmapping invalidates: the page itself, or with a batch everything at the last of so many. */
  | { readonly kind: "invalidates"; readonly cache: PartOf<"cache">; readonly pages: Pages; readonly batch: number }
  /** Whether the message's buffer, written with so many bytes, finds room without another one going. */
  | { readonly kind: "fits"; readonly store: PartOf<"store">; readonly bytes: Amount; readonly ring: PartOf<"ring"> }
  /** Whether the message's buffer is still there; yes if none was written on its behalf. */
  | { readonly kind: "kept"; readonly store: PartOf<"store"> }
  /** Whether the core that works for the message had rested for no longer than this before it was taken. */
  | { readonly kind: "warm"; readonly window: Amount };
