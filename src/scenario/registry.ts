import { InternalFault, WirelatError } from "../errors/index.js";
import type {
  BatchSpec, BusSpec, CacheSpec, ChoiceSpec, ClockSpec, DrawSpec, ForkSpec, PoolSpec, RingSpec, Sampler, ScatterSpec, ServerSpec, SizeFunction, SpawnSpec, StageSpec,
  StoreSpec,
} from "../engine/index.js";
import { CATEGORIES, type Amount, type Part, type PartOf, type Processor } from "../modeling/index.js";
import { Distribution, distribution } from "../random/index.js";
import { quoted, toNumber } from "../units/index.js";
import type { Instances } from "./instances.js";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Gives every part, amount, account and draw of a program its index. A part is known by identity and named by its instance. */
export class Registry {
  /** Server -> what people call it. */
  readonly serverNames = new Map<string, string>();
  readonly stages: StageSpec[] = [];
  readonly servers: Mutable<ServerSpec>[] = [];
  readonly pools: PoolSpec[] = [];
  readonly batches: Mutable<BatchSpec>[] = [];
  readonly buses: BusSpec[] = [];
  readonly clocks: ClockSpec[] = [];
  readonly caches: CacheSpec[] = [];
  readonly rings: RingSpec[] = [];
  readonly stores: StoreSpec[] = [];
  /** Rings whose buffers are written into a store, with the amounts of bytes that are written. */
  readonly fillings: { readonly store: number; readonly ring: number; readonly bytes: number }[] = [];
  readonly orders: string[] = [];
  readonly choices: ChoiceSpec[] = [];
  readonly forks: Mutable<ForkSpec>[] = [];
  readonly spawns: Mutable<SpawnSpec>[] = [];
  readonly scatters: ScatterSpec[] = [];
  readonly draws: DrawSpec[] = [];
  private readonly turns: Part[] = [];
  readonly amounts: SizeFunction[] = [];
  /** Names of the stages that are transmitters of pipes. */
  readonly transmitters = new Set<string>();
  readonly accounts: string[] = [];
  readonly reasons: string[] = [];
  readonly categories: readonly string[] = CATEGORIES;
  private readonly indexOfPart = new Map<Part, number>();
  private readonly indexOfAmount = new Map<Amount, number>();

  constructor(private readonly instances: Instances) {}

  amount(amount: Amount): number {
    return remembered(this.indexOfAmount, amount, () => this.amounts.push(amount.of) - 1);
  }

  draw(amount: Amount, component: string): number {
    if (amount.sampler === null) throw new InternalFault(`${component} is not random`);
    return this.draws.push({ component, sampler: timesOf(amount.sampler, component) }) - 1;
  }

  account(name: string): number {
    return indexIn(this.accounts, name);
  }

  reason(name: string): number {
    return indexIn(this.reasons, name);
  }

  stage(part: PartOf<"stage">): number {
    const outages = part.outages.map(({ name, every, time }) => ({ name, every: samplerOf(every, name), time: samplerOf(time, name) }));
    return this.part(part, () => this.stages.push({ name: this.name(part), servers: part.servers, discipline: part.discipline, outages, ...processorOf(part.processor) }) - 1);
  }

  /** A pipe's transmitter is a stage to the engine. */
  pipe(part: PartOf<"pipe">): number {
    return this.part(part, () => {
      const name = this.name(part);
      this.transmitters.add(name);
      return this.stages.push({ name, servers: 1, discipline: "fifo" }) - 1;
    });
  }

  server(part: PartOf<"server">): number {
    return this.part(part, () => {
      const idle = part.sleep === null ? null : { governor: part.sleep.governor, states: part.sleep.states.map((state) => ({ name: state.name, exit: state.exit.of(0), residency: state.residency.of(0) })) };
      const name = this.name(part);
      this.serverNames.set(name, threadName(name, part.threads));
      const shares = part.shares === null ? {} : { processor: this.stage(part.shares.processor), klass: part.shares.klass };
      return this.servers.push({ name, period: 0, phase: "random", jitter: 0, idle, ...shares }) - 1;
    });
  }

  /** A server that looks for more after its work, for so long, before it sleeps. */
  spinning(part: PartOf<"server">, window: number): number {
    const index = this.server(part);
    const spec = this.servers[index] as Mutable<ServerSpec>;
    if (window > 0) spec.spin = Math.max(window, spec.spin ?? 0);
    return index;
  }

  /** A server that is found by polling has one period, whoever looks; `turn` if its turns are drawn. */
  polled(part: PartOf<"server">, turn: Amount, { jitter, component }: { readonly jitter: number; readonly component: string }): number {
    const index = this.server(part);
    const period = Math.round(turn.sampler?.mean() ?? turn.of(0));
    const spec = this.servers[index] as Mutable<ServerSpec>;
    if (spec.period !== 0 && spec.period !== period) throw new WirelatError("poll-period-conflict", `${spec.name} is polled every ${spec.period} ps by one step and every ${period} ps by another; one loop has one period`);
    spec.period = period;
    if (turn.sampler !== null) spec.turn = this.draw(turn, component);
    spec.jitter = jitter;
    return index;
  }

  pool(part: PartOf<"pool">): number {
    return this.part(part, () => this.pools.push({ name: this.name(part), capacity: part.capacity, whenFull: part.whenFull, refill: part.refill === null ? null : { num: Number(part.refill.num), den: Number(part.refill.den) }, ...(part.order === null ? {} : { order: part.order }), ...(part.growth === null ? {} : { growth: part.growth }) }) - 1);
  }

  batch(part: PartOf<"batch">): number {
    return this.part(part, () =>
      this.batches.push({
        name: this.name(part), law: part.law, time: part.time.of(0), count: part.count, carrier: -1, carrierSlots: [0, 0], slots: null, weight: 64, budget: Infinity, budgetTime: Infinity,
        handOver: 0, handOverSlot: 0, waitSlot: 0, queueSlot: 0, ...(part.policy === null ? {} : { policy: part.policy }), ...(part.merges ? { merges: true } : {}),
      }) - 1);
  }

  bus(part: PartOf<"bus">): number {
    return this.part(part, () => this.buses.push({ name: this.name(part), arbiter: part.arbiter }) - 1);
  }

  clock(part: PartOf<"clock">): number {
    return this.part(part, () => this.clocks.push({ name: this.name(part), num: Number(part.period.num), den: Number(part.period.den), phase: part.phase }) - 1);
  }

  cache(part: PartOf<"cache">): number {
    return this.part(part, () => this.caches.push({ name: this.name(part), entries: part.entries, keys: { kind: part.keys, count: part.workingSet, hot: part.hot } }) - 1);
  }

  turn(part: PartOf<"turn">): number {
    return this.part(part, () => this.turns.push(part) - 1);
  }

  ring(part: PartOf<"ring">): number {
    return this.part(part, () => this.rings.push({ name: this.name(part), slots: part.slots }) - 1);
  }

  store(part: PartOf<"store">): number {
    return this.part(part, () => this.stores.push({ name: this.name(part), capacity: part.capacity }) - 1);
  }

  /** A store into which buffers of a ring are written. */
  filled(part: PartOf<"store">, ring: PartOf<"ring">, bytes: number): number {
    const store = this.store(part);
    this.fillings.push({ store, ring: this.ring(ring), bytes });
    return store;
  }

  order(part: PartOf<"order">): number {
    return this.part(part, () => this.orders.push(this.name(part)) - 1);
  }

  name(part: Part): string {
    for (const instance of this.instances.all()) {
      const name = instance.nameOf(part);
      if (name !== null) return name;
    }
    throw new InternalFault(`a ${part.primitive} is used that no model declares among its parts`);
  }

  private part(part: Part, add: () => number): number {
    return remembered(this.indexOfPart, part, add);
  }
}

/** A core's server belongs to a component of its host; people know it by its threads: gw.cpu.core3 is gw.app, or gw.irq+app where two share it. */
function threadName(server: string, threads: readonly string[]): string {
  const [host = server, , ...rest] = server.split(".");
  const names = threads.length > 0 ? threads : rest;
  return names.length === 0 ? server : `${host}.${names.join("+")}`;
}

function processorOf(processor: Processor | null): Partial<StageSpec> {
  if (processor === null) return {};
  const { ramp } = processor;
  const slow = ramp === null ? {} : { ramp: { after: ramp.after.of(0), time: ramp.time.of(0), speed: toNumber(ramp.speed) } };
  return { slice: processor.slice.of(0), switch: processor.switch.of(0), ...slow };
}

/** A time as something to draw from, also one that is always the same. */
function samplerOf(time: Amount, component: string): Sampler {
  return time.sampler === null ? distribution.constant(time.of(0)) : timesOf(time.sampler, component);
}

/** A sampler that is none of the laws may answer anything: the run ends at what is no time. */
export function timesOf(sampler: Sampler, component: string): Sampler {
  if (sampler instanceof Distribution) return sampler;
  const checked = (value: unknown, fits: boolean): number => {
    if (fits && typeof value === "number" && value >= 0) return value;
    throw new WirelatError("sampler-invalid", `the sampler of ${component} answers ${typeof value === "string" ? quoted(value) : String(value)}, but a time is a whole number of picoseconds from 0 on, and a mean any number from 0 on`, { remedy: "Round what it draws, or use a distribution." });
  };
  return {
    sample: (key0, key1, message, index) => {
      const time = sampler.sample(key0, key1, message, index);
      return checked(time, Number.isSafeInteger(time));
    },
    mean: () => checked(sampler.mean(), Number.isFinite(sampler.mean())),
  };
}

function remembered<K>(known: Map<K, number>, key: K, add: () => number): number {
  const index = known.get(key);
  if (index !== undefined) return index;
  const added = add();
  known.set(key, added);
  return added;
}

function indexIn(list: string[], name: string): number {
  const index = list.indexOf(name);
  return index >= 0 ? index : list.push(name) - 1;
}
