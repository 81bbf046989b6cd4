import type { Agenda } from "./agenda.js";
import { CLAIM, Pool } from "./pools.js";
import type { PoolOrder, PoolSpec, Program } from "./program.js";
import type { SizeTable } from "./size-table.js";
import { INT, REAL } from "./tokens.js";

export type ClassOrder = Exclude<PoolOrder, { kind: "sequence" }>;

/** What a pool with classes needs to know. */
export type Ordered = PoolSpec & { readonly order: ClassOrder };

/** What pools need of the machine. */
export interface Shop {
  readonly agenda: Agenda;
  readonly program: Program;
  readonly sizes: SizeTable;
}

/**
 * A pool whose waiters have classes. Who goes next is decided when all who want to at that instant are known, so every claim
 * waits for the end of its instant, also when nobody else is there.
 */
export class ClassedPool extends Pool {
  /** First and last waiter of each class, -1 for none. */
  protected readonly heads: Int32Array;
  private readonly tails: Int32Array;
  private readonly weights: readonly number[] | null;
  private readonly program: Program;
  private readonly sizes: SizeTable;
  /** Class whose turn it is, and what is left of its weight. */
  private turn = 0;
  private left = 0;

  constructor(spec: Ordered, index: number, { agenda, program, sizes }: Shop) {
    super(spec, index, agenda);
    const classes = classesOf(spec.order);
    this.weights = spec.order.kind === "weighted" ? spec.order.weights : null;
    this.heads = new Int32Array(classes).fill(-1);
    this.tails = new Int32Array(classes).fill(-1);
    this.program = program;
    this.sizes = sizes;
  }

  override claim(token: number, units: number): CLAIM {
    this.settle();
    this.refuseTooMany(units);
    const { tokens } = this.agenda;
    const klass = this.classOf(token);
    tokens.reals[token + REAL.need] = units;
    tokens.ints[2 * token + INT.next] = -1;
    if (this.heads[klass]! < 0) this.heads[klass] = token;
    else tokens.ints[2 * this.tails[klass]! + INT.next] = token;
    this.tails[klass] = token;
    this.enqueued(klass);
    this.wakeLater();
    return CLAIM.waits;
  }

  /** Somebody more waits in a class. */
  protected enqueued(_klass: number): void {}

  protected override first(): number {
    const klass = this.nextClass();
    return klass < 0 ? -1 : this.heads[klass]!;
  }

  protected override leave(token: number): void {
    const klass = this.classOf(token);
    this.heads[klass] = this.agenda.tokens.ints[2 * token + INT.next]!;
    if (this.weights === null) return;
    if (klass !== this.turn || this.left <= 0) this.left = this.weights[klass]!;
    this.turn = klass;
    this.left -= this.costOf(token);
    // A class that has nothing more to send does not keep the rest of its weight.
    if (this.heads[klass]! < 0) this.left = 0;
  }

  protected classOf(token: number): number {
    return this.program.b[this.agenda.tokens.ints[2 * token + INT.pc]!]!;
  }

  protected costOf(token: number): number {
    const { tokens } = this.agenda;
    const cost = this.program.amount2[tokens.ints[2 * token + INT.pc]!]!;
    return cost < 0 ? 1 : this.sizes.values[tokens.ints[2 * token + INT.size]! + cost]!;
  }

  /** The class that goes next, -1 when nobody waits; asked as often as anybody likes before its first leaves. */
  protected nextClass(): number {
    const { heads, turn } = this;
    const classes = heads.length;
    if (this.weights === null) return heads.findIndex((head) => head >= 0);
    if (this.left > 0 && heads[turn]! >= 0) return turn;
    for (let after = 1; after <= classes; after++) if (heads[(turn + after) % classes]! >= 0) return (turn + after) % classes;
    return -1;
  }
}

/**
 * Deficit round robin (Shreedhar and Varghese): a class whose turn it is gets its quantum and sends as long as what it has pays for its
 * first claim; what is left it keeps for its next turn, unless nobody of it waits any more. So shares are the quanta's, whatever claims cost.
 */
export class DeficitPool extends ClassedPool {
  private readonly quanta: readonly number[];
  /** What each class has left, and what it would have once the next has been found. */
  private readonly purses: Float64Array;
  private readonly found: Float64Array;
  /** Class whose turn it is; the first turn is that of class 0. */
  private visited: number;

  constructor(spec: Ordered, quanta: readonly number[], index: number, shop: Shop) {
    super(spec, index, shop);
    this.quanta = quanta;
    this.purses = new Float64Array(quanta.length);
    this.found = new Float64Array(quanta.length);
    this.visited = quanta.length - 1;
  }

  protected override leave(token: number): void {
    const klass = this.nextClass();
    this.purses.set(this.found);
    this.visited = klass;
    const paid = this.costOf(token);
    super.leave(token);
    this.purses[klass] = this.heads[klass]! < 0 ? 0 : this.purses[klass]! - paid;
  }

  protected override nextClass(): number {
    const { heads, found, quanta } = this;
    if (heads.every((head) => head < 0)) return -1;
    found.set(this.purses);
    let klass = this.visited;
    while (heads[klass]! < 0 || this.costOf(heads[klass]!) > found[klass]!) {
      klass = klass + 1 === quanta.length ? 0 : klass + 1;
      if (heads[klass]! >= 0) found[klass]! += quanta[klass]!;
    }
    return klass;
  }
}

function classesOf(order: ClassOrder): number {
  if (order.kind === "priority") return order.classes;
  if (order.kind === "crossbar") return order.ports ** 2;
  return order.kind === "weighted" ? order.weights.length : order.quanta.length;
}
