import { InternalFault } from "../errors/index.js";
import { CLAIM, Pool } from "./pools.js";
import { REAL } from "./tokens.js";

/** A pool of one unit that is had in the order in which tokens have entered, not in that of their claims: whoever is ahead of its turn waits. */
export class Sequence extends Pool {
  private readonly entered: number[] = [];
  private readonly waiting = new Set<number>();

  /** A token takes its place. */
  takePlace(token: number): void {
    this.entered.push(token);
  }

  override claim(token: number): CLAIM {
    this.settle();
    if (!this.entered.includes(token)) throw new InternalFault(`${this.spec.name}: a token asks for its turn that has taken no place`);
    if (this.entered[0] === token && this.hasRoom(1)) {
      this.entered.shift();
      this.take(1);
      return CLAIM.granted;
    }
    this.agenda.tokens.reals[token + REAL.need] = 1;
    this.waiting.add(token);
    if (this.first() >= 0) this.wakeLater();
    return CLAIM.waits;
  }

  /** A token that is dropped gives up its place. */
  forget(token: number): void {
    const place = this.entered.indexOf(token);
    if (place < 0) return;
    this.entered.splice(place, 1);
    this.settle();
    if (this.first() >= 0) this.wakeLater();
  }

  protected override first(): number {
    const [head = -1] = this.entered;
    return this.waiting.has(head) ? head : -1;
  }

  protected override leave(token: number): void {
    this.entered.shift();
    this.waiting.delete(token);
  }
}
