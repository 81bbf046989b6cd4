import type { Amount, Rate } from "./amount.js";
import type { FlowTuple } from "./flow.js";
import type { Params, Values } from "./params.js";
import type { Part, PartOf } from "./parts.js";
import type { Role } from "./roles.js";
import type { Damage, InstanceRef, Location, Step } from "./steps.js";

export type Needs = Readonly<Record<string, Role>>;

/** The message as it stands at this step of the path. */
export interface MessageShape {
  readonly payload: Amount;
  /** Bytes of the frame on the wire, preamble included; what a NIC stores is less. */
  readonly wire: Amount;
  /** Bytes before the payload on the wire: preamble and headers. */
  readonly headers: number;
  /** Bytes of the frame in memory: without preamble and check sequence. */
  readonly stored: Amount;
  readonly location: Location | null;
  /** Byte time of the bytes that are arriving; null once stored. */
  readonly arriving: Rate | null;
  /** Whether messages of the path are longer than `limit`; the first is an amount of their payload. */
  readonly exceeds: (size: Amount, limit: Amount) => boolean;
  /** What is on its way are pieces of a message that was cut, perhaps by the adapter; null for whole messages. */
  readonly pieces: Pieces | null;
  /** Flows that the path's messages belong to, and the addresses of each. */
  readonly flows: number;
  readonly tupleOf: (flow: number) => FlowTuple;
}

/** A message that has been cut. The amounts are of its whole payload, and so for behind where the pieces have met. */
export interface Pieces {
  readonly byAdapter: boolean;
  readonly count: Amount;
  readonly payload: Amount;
  /** Bytes in memory of the message and one set of headers. */
  readonly stored: Amount;
}

/** How a message came in, for a device that takes it over. */
export interface TakenArrival {
  /** Link by which it came; null if by none. */
  readonly by: string | null;
  readonly settle: (taken: Amount) => readonly Step[];
  readonly damages: readonly Damage[];
}

/** A region of memory as a scenario declares it. */
export interface Region {
  readonly name: string;
  readonly host: string;
  readonly bytes: number;
  readonly pinned: boolean;
  /** Paged on demand: not pinned, and fetched when a device misses it. */
  readonly odp: boolean;
  readonly rights: readonly string[];
  readonly numa: number;
  /** Physical address below which the whole region lies; null when nobody says. */
  readonly below: number | null;
  /** Virtual address at which it begins; null when nobody says. */
  readonly at: number | null;
  /** Thread whose memory it is; null when nobody says. */
  readonly owner: string | null;
}

export interface OperationContext<P extends Params, Parts extends Record<string, Part>, N extends Needs, A extends Params> {
  readonly params: Values<P>;
  readonly parts: Parts;
  readonly needs: { readonly [K in keyof N]: InstanceRef<N[K]> };
  /** Whether a component fills a need: one without which the model does less, not nothing. */
  readonly has: (need: keyof N) => boolean;
  /** Declared arguments of this step, parsed. */
  readonly args: Values<A>;
  /** Undeclared values that another model's `use` passed: steps, amounts. */
  readonly passed: Readonly<Record<string, unknown>>;
  readonly message: MessageShape;
  /** Looks up what a step's argument names. Errors: an unknown name is an error at the step. */
  readonly region: (name: string) => Region;
  readonly instance: (name: string) => InstanceRef;
  /** Memory of this instance along one path: which clock, which side. */
  readonly state: Map<string, unknown>;
  /** Name of this instance. */
  readonly name: string;
  /** Name of the instance whose step uses this operation; null for the path itself. */
  readonly caller: string | null;
  /** Memory of this instance over all paths. */
  readonly memory: Map<string, unknown>;
  /** A part that is there once a path needs it, and then the same for all: the queue of a port, by the link at the port. */
  readonly part: <K extends Part["primitive"]>(name: string, make: () => PartOf<K>) => PartOf<K>;
  /** What the link that the message came by asks of the device; whoever calls this takes it over. */
  readonly takeArrival: () => TakenArrival;
  /** Name of the link that follows in the path, by which the message leaves. Errors: none does (`egress-missing`). */
  readonly nextLink: () => string;
  /** Refuses the scenario: a code of the error table and a sentence. */
  readonly refuse: (code: string, message: string, remedy?: string) => never;
}

export interface Operation<P extends Params = Params, Parts extends Record<string, Part> = Record<string, Part>, N extends Needs = Needs, A extends Params = Params> {
  /** Where the payload must be, and where it is afterwards; null for no matter. */
  readonly from: readonly Location[] | null;
  readonly meaning: string;
  readonly args: A;
  /** Argument that a scalar stands for: `gw.run: 1 us`. */
  readonly main: (keyof A & string) | null;
  readonly steps: (context: OperationContext<P, Parts, N, A>) => readonly Step[];
}

export interface Model<P extends Params = Params, Parts extends Record<string, Part> = Record<string, Part>, N extends Needs = Needs> {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly provides: Role | null;
  readonly needs: N;
  readonly params: P;
  readonly parts: (context: { readonly params: Values<P> }) => Parts;
  readonly operations: Readonly<Record<string, Operation<P, Parts, N>>>;
}

/** An operation with typed arguments. */
export type OperationOf<P extends Params, Parts extends Record<string, Part>, N extends Needs> = <A extends Params>(options: {
  from?: readonly Location[];
  meaning: string;
  args?: A;
  main?: keyof A & string;
  steps: (context: OperationContext<P, Parts, N, A>) => readonly Step[];
}) => Operation<P, Parts, N>;

/** Declares a model: data first, then operations. One file is one model. */
export function defineModel<const P extends Params, Parts extends Record<string, Part>, const N extends Needs = Record<never, never>>(declaration: {
  name: string;
  title: string;
  about: string;
  provides?: Role;
  needs?: N;
  params: P;
  parts: (context: { readonly params: Values<P> }) => Parts;
  operations: (operation: OperationOf<P, Parts, N>) => Readonly<Record<string, Operation<P, Parts, N>>>;
}): Model {
  const operation: OperationOf<P, Parts, N> = (options) => ({
    from: options.from ?? null,
    meaning: options.meaning,
    args: (options.args ?? {}) as never,
    main: (options.main ?? null) as never,
    steps: options.steps as never,
  });
  const model = {
    name: declaration.name,
    title: declaration.title,
    about: declaration.about,
    provides: declaration.provides ?? null,
    needs: declaration.needs ?? {},
    params: declaration.params,
    parts: declaration.parts,
    operations: declaration.operations(operation),
  };
  DECLARED.add(model);
  // The catalogue holds models of every shape; inside, each keeps its own types.
  return model as unknown as Model;
}

const DECLARED = new WeakSet<object>();

/** Whether this very copy of the modeling layer has declared it: parts and amounts of another copy mean nothing to the compiler. */
export function isModel(value: unknown): value is Model {
  return typeof value === "object" && value !== null && DECLARED.has(value);
}
