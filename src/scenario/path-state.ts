import { Amount, amountOf, tupleOf, type Arrival, type Egress, type EgressSteps, type Location, type MessageShape, type Part, type PartOf, type Rate, type TakenArrival } from "../modeling/index.js";
import type { Label } from "./assembler.js";
import type { Instance } from "./instances.js";

/** The bytes that are on their way to this point of the path. */
export interface Profile {
  readonly rate: Rate;
  readonly bytes: Amount;
  /** The step that sends them: waits for bytes are charged to it. */
  readonly sender: string;
  readonly block: PartOf<"clock"> | null;
}

export interface Tap {
  readonly name: string;
  readonly mark: number;
  /** Number of slots when the tap was passed. */
  readonly slot: number;
  /** Null for a point in software. */
  readonly profile: Profile | null;
  /** Off-path work in which the tap lies; null on the path itself. */
  readonly aside: Aside | null;
  /** Structural step in whose body it lies, where not every message passes it once; null for all others. */
  readonly enclosing: string | null;
  /** The adapter that the message came through last; null before the first. */
  readonly adapter: Instance | null;
}

/** Off-path work, in which metrics may end. */
export interface Aside {
  /** Index of what starts it. */
  readonly spawn: number;
  /** From the path's first slot to its own last, half open. */
  readonly slots: [number, number];
  /** Number of taps that had been passed when it was started. */
  readonly passed: number;
}

export const PREAMBLE = 8;
export const CHECK_SEQUENCE = 4;
export const MIN_FRAME = 64;

/** The flows of a traffic source. */
export interface Flows {
  readonly source: string;
  readonly count: number;
}

/** A message that goes in pieces. */
export interface Train {
  /** The step that cut it. */
  readonly step: string;
  readonly byAdapter: boolean;
  /** Bytes of each piece's headers. */
  readonly headers: number;
  /** Of the whole payload: pieces, and bytes of the last of them, which is the message itself. */
  readonly count: Amount;
  readonly last: Amount;
  /** What it was before it was cut, and will be again. */
  readonly payload: Amount;
  readonly wire: Amount;
}

/** What the compiler knows of a message at one point of its path. */
export class PathState {
  location: Location | null = null;
  /** While a message about the payload is on its way: where the payload itself is. */
  about: { readonly location: Location | null } | null = null;
  profile: Profile | null = null;
  stored = true;
  wire: Amount;
  trigger: Amount | null = null;
  /** True for a frame without payload. */
  bare = false;
  /** True between a batch's carrier and the step that leaves the core. */
  onCarrier = false;
  /** Where it goes instead of being dropped. */
  lost: Label | null = null;
  /** While it goes in pieces. */
  train: Train | null = null;
  /** True when the message may hold a server of its own. */
  mayHold = false;
  /** True behind a step that may have taken a core that is shared with others. */
  shared = false;
  alignedTo: Part | null = null;
  loopDepth = 0;
  lastComponent: Instance | null = null;
  previousOwner: Instance | null = null;
  /** What links ask of whoever takes the message next. */
  arrivals: readonly Arrival[] = [];
  /** Link over which the message came last. */
  arrivedBy: string | null = null;
  /** What is done around the transmission that comes next. */
  egress: readonly ((egress: Egress) => EgressSteps)[] = [];
  /** Slots that wait for bytes of a profile, in order: edges of metrics are charged there. */
  readonly byteSlots = new Map<Profile, number[]>();

  constructor(private readonly ownHeaders: number, readonly flows: Flows, private readonly sizes: readonly number[], public payload: Amount = new Amount((bytes) => bytes)) {
    this.wire = this.framed(payload);
  }

  /** Bytes of the headers before the payload, without preamble. */
  private get headers(): number {
    return this.train?.headers ?? this.ownHeaders;
  }

  /** Whether some message of the path has more than that. */
  exceeds(size: Amount, limit: Amount): boolean {
    return this.sizes.some((payload) => size.of(payload) > limit.of(payload));
  }

  /** Another payload, in a frame of its own; or a message about it, which has a place of its own. */
  recast(payload: Amount, about: boolean): void {
    if (about) this.about ??= { location: this.location };
    if (this.about !== null) this.location = about ? null : this.about.location;
    if (!about) this.about = null;
    this.payload = payload;
    this.wire = this.framed(payload);
  }

  /** No payload any more, nor a piece of one, in a frame of so many bytes. */
  strip(wire: Amount): void {
    this.bare = true;
    this.train = null;
    this.location = null;
    this.wire = wire;
  }

  private framed(payload: Amount): Amount {
    const { headers } = this;
    return payload.map((bytes) => Math.max(MIN_FRAME, headers + bytes + CHECK_SEQUENCE) + PREAMBLE);
  }

  shape(): MessageShape {
    return {
      payload: this.payload,
      wire: this.wire,
      headers: PREAMBLE + this.headers,
      stored: this.wire.minus(amountOf(PREAMBLE + CHECK_SEQUENCE)),
      location: this.location,
      arriving: this.stored || this.profile === null ? null : this.profile.rate,
      exceeds: (size, limit) => this.exceeds(size, limit),
      pieces: this.train === null ? null : { byAdapter: this.train.byAdapter, count: this.train.count, payload: this.train.payload, stored: this.train.wire.minus(amountOf(PREAMBLE + CHECK_SEQUENCE)) },
      flows: this.flows.count,
      tupleOf: (flow) => tupleOf(this.flows.source, flow),
    };
  }

  /** What the message owes the links it came by, for whoever takes that over. */
  takeArrival(): TakenArrival {
    const { arrivals } = this;
    this.arrivals = [];
    return {
      by: this.arrivedBy,
      settle: (taken) => arrivals.flatMap((arrival) => arrival.settle(taken)),
      damages: arrivals.flatMap((arrival) => arrival.damages),
    };
  }
}
