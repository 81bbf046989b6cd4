import fc from "fast-check";
import { OP, type BatchSpec, type BusSpec, type ChoiceSpec, type ForkSpec, type Instruction, type PoolSpec, type ServerSpec, type SizeFunction, type StageSpec } from "../../src/engine/index.js";
import { distribution } from "../../src/random/index.js";
import { branch, claim, drop, fork, free, joined, jump, release, server, spawn, station, end } from "./instructions.js";
import type { TimedSketch } from "./journeys.js";

interface Leaf {
  readonly kind: "delay" | "draw" | "need" | "stage" | "sharing" | "priority" | "preemptive" | "transfer" | "batch" | "align" | "order" | "scatter";
  readonly part: number;
}
interface Section {
  readonly kind: "pool" | "hold" | "loop" | "spawn" | "drop-pool";
  readonly part: number;
  readonly body: readonly Node[];
}
interface Split {
  readonly kind: "all" | "race" | "choose" | "fan-out";
  readonly part: number;
  readonly branches: readonly (readonly Node[])[];
}
/** A program as a tree; `part` says which of the shared parts a step uses. */
export type Node =
  | Leaf
  | Section
  | Split;

/** Two of everything: which, is part modulo 2. Amounts are small, so that messages meet and ties are common. */
const PARTS = {
  stages: [station(), station("fifo", 2), station("sharing"), station("priority"), station("preemptive")] satisfies StageSpec[],
  pools: [pool(1, "block"), pool(3, "block"), pool(2, "drop")],
  servers: [server({ name: "thread" }), server({ name: "loop", period: 64 }), server({ name: "core", idle: { governor: "deepest", states: [{ name: "C6", exit: 15, residency: 0 }] } })] satisfies ServerSpec[],
  buses: (["fifo", "round-robin", "priority"] as const).map((arbiter): BusSpec => ({ name: arbiter, arbiter })),
  batches: (["timer-from-first", "timer-from-last", "throttle"] as const).map((law, index): BatchSpec => ({
    name: law, law, time: 40 + index * 30, count: 3, carrier: -1, carrierSlots: [0, 0], slots: null, weight: 1, budget: 1, budgetTime: 1, handOver: 0, handOverSlot: 0, waitSlot: 0, queueSlot: 0,
  })),
  clocks: [{ name: "clock", num: 64, den: 3, phase: 0 }],
};
function pool(capacity: number, whenFull: PoolSpec["whenFull"]): PoolSpec {
  return { name: `pool of ${capacity}`, capacity, whenFull, refill: null };
}

/** Shifted by multiples of this, clocks and polling loops stand as they did. */
export const PERIODS = 64;
const BLOCKING = [0, 1] as const;
const DROPPING = 2;
const OBSERVERS = [0, 1, 2] as const;
const SLOTS = ["queue", "process", "preempt"];

/** What a generated program may use. */
export interface Allowed {
  readonly leaves: readonly Leaf["kind"][];
  readonly sections: readonly Section["kind"][];
  readonly splits: readonly Split["kind"][];
}
const ALL = { sections: ["pool", "hold", "loop", "spawn", "drop-pool"], splits: ["all", "race", "choose", "fan-out"] } as const;
export const EVERYTHING: Allowed = { leaves: ["delay", "draw", "need", "stage", "sharing", "priority", "preemptive", "transfer", "batch", "align", "order", "scatter"], ...ALL };
/** Without what rounds: draws, shares of a bandwidth, clocks whose period is no whole number. */
export const EXACT: Allowed = { leaves: ["delay", "need", "stage", "priority", "preemptive", "transfer", "batch", "order"], ...ALL };
/** What can be executed in the plainest way as well. */
export const PLAIN: Allowed = { leaves: ["delay", "need", "stage"], sections: ["pool", "hold", "loop"], splits: [] };

export function nodes({ leaves, sections, splits }: Allowed): fc.Arbitrary<readonly Node[]> {
  const part = fc.nat(5);
  const leaf: fc.Arbitrary<Leaf> = fc.record({ kind: fc.constantFrom(...leaves), part });
  const { list } = fc.letrec<{ list: readonly Node[]; node: Node }>((tie) => {
    const some = (most: number): fc.Arbitrary<readonly Node[]> => fc.array(tie("node"), { minLength: 1, maxLength: most, depthIdentifier: "program" });
    const section: fc.Arbitrary<Section> = fc.record({ kind: fc.constantFrom(...sections), part, body: some(3) });
    const split = (): fc.Arbitrary<Split> => fc.record({ kind: fc.constantFrom(...splits), part, branches: fc.array(some(2), { minLength: 2, maxLength: 3 }) });
    const structure = [{ weight: 3, arbitrary: section }, ...(splits.length === 0 ? [] : [{ weight: 2, arbitrary: split() }])];
    return {
      list: fc.array(tie("node"), { minLength: 2, maxLength: 6, size: "max" }),
      node: fc.oneof({ maxDepth: 3, depthIdentifier: "program" }, { weight: 6, arbitrary: leaf }, ...structure),
    };
  });
  return list;
}

/** Where a step stands: what it may not take, for fear of a deadlock or of a loss inside a branch. */
interface Place {
  /** Resources are taken in one order: a section only encloses later ones. */
  readonly after: number;
  readonly loops: number;
  readonly holding: boolean;
  readonly alone: boolean;
}

export interface Style {
  /** Factor of every time. */
  readonly scale?: number;
  /** No two things at one instant: times are long, and who gives something back moves on before it claims again. */
  readonly apart?: boolean;
}

/** Lays a tree out as instructions. Every amount depends on the message and on the step. */
export class Layout {
  readonly code: Instruction[] = [];
  readonly amounts: SizeFunction[] = [];
  readonly forks: ForkSpec[] = [];
  readonly choices: ChoiceSpec[] = [];

  constructor(private readonly style: Style) {}

  of(tree: readonly Node[]): this {
    this.steps(tree, { after: -1, loops: 0, holding: false, alone: true });
    return this;
  }

  private amount(largest: number, least = 0): number {
    const id = this.amounts.length;
    const { scale = 1, apart = false } = this.style;
    const range = (largest - least + 1) * (apart ? 100_003 : 1);
    return this.amounts.push((message) => (least + ((Math.imul(message + 7, 0x9e3779b1) ^ Math.imul(id + 1, 0x85ebca77)) >>> 8) % range) * scale) - 1;
  }

  private plain(value: (message: number) => number): number {
    return this.amounts.push(value) - 1;
  }

  private steps(tree: readonly Node[], place: Place): void {
    for (const node of tree) {
      if ("branches" in node) this.split(node, place);
      else if ("body" in node) this.section(node, place);
      else this.code.push(this.leaf(node));
    }
  }

  private leaf({ kind, part }: Leaf): Instruction {
    const both = { wait: 0, work: 1 };
    switch (kind) {
      case "delay": return { op: OP.delay, amount: this.amount(90), work: 1 };
      case "draw": return { op: OP.draw, amount: 0, a: -1, work: 1 };
      case "need": return { op: OP.need, amount: this.amount(300), work: 1 };
      case "stage": return { op: OP.stage, part: part % 2, amount: this.amount(80), amount2: this.amount(60), ...both };
      case "sharing": return { op: OP.queue, part: 2, amount: this.amount(70), a: 0, b: 2, ...both };
      case "priority": return { op: OP.queue, part: 3, amount: this.amount(50), a: part % 3, b: 2, ...both };
      case "preemptive": return { op: OP.queue, part: 4, amount: this.amount(50), a: part % 3, b: 2, ...both };
      case "transfer": return { op: OP.transfer, part: part % 3, amount: this.amount(9, 1), amount2: this.plain((message) => 1 + ((message * 5) % 6)), a: part % 2, ...both };
      case "batch": return { op: OP.join, part: part % 3, wait: 0 };
      case "align": return { op: OP.align, part: 0, wait: 0 };
      case "order": return { op: OP.order, part: 0, amount: this.amount(120), ...both };
      default: return { op: OP.scatter, part: 0, amount: this.plain((message) => 1 + (message % 4)), work: 1 };
    }
  }

  private giveBack(one: Instruction): void {
    const pause = (): Instruction => ({ op: OP.delay, amount: this.amount(9, 1), work: 1 });
    if (this.style.apart === true) this.code.push(pause(), one, pause());
    else this.code.push(one);
  }

  private section(node: Section, place: Place): void {
    const { code } = this;
    switch (node.kind) {
      case "pool": {
        const which = BLOCKING[node.part % 2]!;
        if (which <= place.after) return this.steps(node.body, place);
        const units = this.plain((message) => 1 + (message % (which === 0 ? 1 : 3)));
        code.push(claim(which, units));
        this.steps(node.body, { ...place, after: which, alone: false });
        return this.giveBack(release(which, units));
      }
      case "hold": {
        const which = OBSERVERS[node.part % 3]!;
        if (place.holding || 10 + which <= place.after) return this.steps(node.body, place);
        const how = (["serve", "poll", "sleep"] as const)[which]!;
        code.push({ op: how === "poll" ? OP.holdPolling : OP.hold, part: which, amount: this.amount(how === "sleep" ? 12 : 0), a: which, b: which, amount2: -1, wait: 0, work: 1 });
        this.steps(node.body, { ...place, after: 10 + which, holding: true, alone: false });
        return this.giveBack(free);
      }
      case "drop-pool": {
        if (!place.alone) return this.steps(node.body, place);
        const units = this.plain(() => 1);
        code.push(claim(DROPPING, units, code.length + 2), jump(code.length + 3), drop(0));
        this.steps(node.body, { ...place, alone: false });
        return void code.push(release(DROPPING, units));
      }
      case "loop": {
        if (place.loops === 2) return this.steps(node.body, place);
        const at = code.push({ op: OP.loop, part: place.loops, amount: this.plain((message) => (message + node.part) % 3), amount2: -1 }) - 1;
        this.steps(node.body, { ...place, loops: place.loops + 1 });
        code.push({ op: OP.again, part: place.loops, a: at, amount2: -1 });
        return void (code[at] = { ...code[at]!, a: code.length });
      }
      default: {
        const at = code.push(spawn(0), jump(0)) - 2;
        this.steps(node.body, { ...place, loops: 0, holding: false, alone: false });
        code.push(end);
        code[at] = spawn(at + 2);
        code[at + 1] = jump(code.length);
      }
    }
  }

  private split(node: Split, place: Place): void {
    const { code } = this;
    if (node.kind === "choose") {
      const at = code.push(branch(this.choices.push({ kind: "chance", component: `choice ${this.choices.length}`, yes: 0.5 }) - 1, 0)) - 1;
      this.steps(node.branches[0]!, place);
      code.push(jump(0));
      code[at] = { ...code[at]!, a: code.length };
      const skip = code.length - 1;
      this.steps(node.branches[1]!, place);
      return void (code[skip] = jump(code.length));
    }
    const branches: number[] = [];
    const fanOut = node.kind === "fan-out";
    const counts = fanOut ? [this.plain((message) => message % 4), this.plain(() => 1)] : [-1, -1];
    const at = code.push(fork(this.forks.push({ kind: node.kind, branches, count: counts[0]!, chunk: counts[1]!, slots: null }) - 1), jump(0)) - 1;
    for (const body of fanOut ? node.branches.slice(0, 1) : node.branches) {
      // The mark in front of a sketch moves every instruction by one.
      branches.push(code.length + 1);
      this.steps(body, { ...place, loops: 0, holding: false, alone: false });
      code.push(joined);
    }
    code[at] = jump(code.length);
  }
}

/** A sketch of the tree. */
export function laidOut(tree: readonly Node[], times: readonly number[], style: Style = {}): TimedSketch {
  const { code, amounts, forks, choices } = new Layout(style).of(tree);
  const { scale = 1 } = style;
  return {
    times, slots: SLOTS, code, amounts, forks, choices, ...PARTS,
    servers: PARTS.servers.map((one) => ({ ...one, period: one.period * scale, idle: one.idle === null ? null : { ...one.idle, states: one.idle.states.map((state) => ({ ...state, exit: state.exit * scale })) } })),
    batches: PARTS.batches.map((one) => ({ ...one, time: one.time * scale })),
    clocks: PARTS.clocks.map((one) => ({ ...one, num: one.num * scale })),
    draws: [{ component: "draw", sampler: distribution.exponential(40) }],
    orders: ["writes"], scatters: [{ component: "scatter", spread: 50 }], reasons: ["full"], cores: PARTS.servers.map((one) => one.name),
  };
}

/** Arrivals that often fall together; none at 0, where an idle server has not slept yet. */
export const arrivalTimes: fc.Arbitrary<readonly number[]> = fc
  .array(fc.nat(120), { minLength: 2, maxLength: 40, size: "max" })
  .map((gaps) => gaps.map(((time) => (gap: number) => (time += gap))(1)));
