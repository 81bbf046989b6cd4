import type { Agenda } from "./agenda.js";
import { CLAIM, Pool, type ClaimAnswer } from "./pools.js";
import type { PoolOrder, PoolSpec, Program } from "./program.js";
import type { SizeTable } from "./size-table.js";

interface Shop {
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
  private readonly heads: Int32Array;
  private readonly tails: Int32Array;
  private readonly weights: readonly number[] | null;
  private readonly program: Program;
  private readonly sizes: SizeTable;
  /** Class whose turn it is, and what is left of its weight. */
  private turn = 0;
  private left = 0;

  constructor(spec: PoolSpec & { readonly order: PoolOrder }, index: number, { agenda, program, sizes }: Shop) {
    super(spec, index, agenda);
    const classes = spec.order.kind === "priority" ? spec.order.classes : spec.order.weights.length;
    this.weights = spec.order.kind === "priority" ? null : spec.order.weights;
    this.heads = new Int32Array(classes).fill(-1);
    this.tails = new Int32Array(classes).fill(-1);
    this.program = program;
    this.sizes = sizes;
  }

  override claim(token: number, units: number): ClaimAnswer {
    this.settle();
    this.refuseTooMany(units);
    const { tokens } = this.agenda;
    const klass = this.classOf(token);
    tokens.need[token] = units;
    tokens.next[token] = -1;
    if (this.heads[klass]! < 0) this.heads[klass] = token;
    else tokens.next[this.tails[klass]!] = token;
    this.tails[klass] = token;
    this.wakeLater();
    return CLAIM.waits;
  }

  protected override first(): number {
    const klass = this.nextClass();
    return klass < 0 ? -1 : this.heads[klass]!;
  }

  protected override leave(token: number): void {
    const klass = this.classOf(token);
    this.heads[klass] = this.agenda.tokens.next[token]!;
    if (this.weights === null) return;
    if (klass !== this.turn || this.left <= 0) this.left = this.weights[klass]!;
    this.turn = klass;
    this.left -= this.costOf(token);
    // A class that has nothing more to send does not keep the rest of its weight.
    if (this.heads[klass]! < 0) this.left = 0;
  }

  private classOf(token: number): number {
    return this.program.b[this.agenda.tokens.pc[token]!]!;
  }

  private costOf(token: number): number {
    const { tokens } = this.agenda;
    const cost = this.program.amount2[tokens.pc[token]!]!;
    return cost < 0 ? 1 : this.sizes.values[tokens.size[token]! + cost]!;
  }

  private nextClass(): number {
    const { heads, turn } = this;
    const classes = heads.length;
    if (this.weights === null) return heads.findIndex((head) => head >= 0);
    if (this.left > 0 && heads[turn]! >= 0) return turn;
    for (let after = 1; after <= classes; after++) if (heads[(turn + after) % classes]! >= 0) return (turn + after) % classes;
    return -1;
  }
}
