import { PHASE } from "./order.js";
import { ClassedPool, type Ordered, type Shop } from "./classed-pool.js";
import { INT, REAL } from "./tokens.js";

/**
 * A crossbar between inputs and outputs: a claim of class `input · ports + output` is granted when both are free, and holds both until it is
 * given back; the units of the release are its class and one. Who is matched with whom is decided for all that are free at the end of an
 * instant, by iSLIP: every free output grants to the next input that has something for it, every input accepts the next output that
 * grants, and those that are left over try again until nobody finds another. Pointers move on behind what was accepted in the first round.
 */
export class Crossbar extends ClassedPool {
  private readonly ports: number;
  private readonly inputTaken: Uint8Array;
  private readonly outputTaken: Uint8Array;
  private readonly grants: Int32Array;
  private readonly accepts: Int32Array;
  /** Input that each output grants to in the round that goes on, -1 for none. */
  private readonly granted: Int32Array;
  /** Releases to come, the next one last. */
  private readonly coming: { readonly time: number; readonly klass: number }[] = [];
  private waiting = 0;
  /** Ports beyond the last that was ever asked for are not looked at. */
  private used = 0;

  constructor(spec: Ordered, ports: number, index: number, shop: Shop) {
    super(spec, index, shop);
    this.ports = ports;
    this.inputTaken = new Uint8Array(ports);
    this.outputTaken = new Uint8Array(ports);
    this.grants = new Int32Array(ports);
    this.accepts = new Int32Array(ports);
    this.granted = new Int32Array(ports);
  }

  protected override enqueued(klass: number): void {
    this.waiting++;
    this.used = Math.max(this.used, 1 + Math.floor(klass / this.ports), 1 + (klass % this.ports));
  }

  override release(token: number, units: number, later: number): void {
    const time = this.agenda.tokens.reals[token + REAL.cursor]! + later;
    let at = this.coming.length;
    while (at > 0 && this.coming[at - 1]!.time < time) at--;
    this.coming.splice(at, 0, { time, klass: units - 1 });
    if (this.waiting > 0) this.wakeLater();
  }

  override expire(): void {
    this.settle();
    for (let first = true; this.round(first); first = false);
    if (this.waiting > 0) this.wakeLater();
  }

  protected override settle(): void {
    for (let next = this.coming.at(-1); next !== undefined && next.time <= this.agenda.calendar.time; next = this.coming.at(-1)) {
      this.coming.pop();
      this.inputTaken[Math.floor(next.klass / this.ports)] = 0;
      this.outputTaken[next.klass % this.ports] = 0;
      this.available++;
    }
  }

  protected override wakeLater(): void {
    if (this.matchable()) {
      this.agenda.setTimer(this.timer, 0, PHASE.grant);
      return;
    }
    const next = this.coming.at(-1);
    if (next !== undefined) this.agenda.setTimer(this.timer, Math.max(0, next.time - this.agenda.calendar.time), PHASE.grant);
  }

  /** Whether some input and some output that wait for each other are free. */
  private matchable(): boolean {
    for (let output = 0; output < this.used; output++) if (this.outputTaken[output] === 0 && this.grantOf(output) >= 0) return true;
    return false;
  }

  /** The next free input that has something for the output; -1 for none. */
  private grantOf(output: number): number {
    for (let step = 0; step < this.used; step++) {
      const input = (this.grants[output]! + step) % this.used;
      if (this.inputTaken[input] === 0 && this.heads[input * this.ports + output]! >= 0) return input;
    }
    return -1;
  }

  /** One round of requests, grants and acceptances; whether it matched anybody. */
  private round(first: boolean): boolean {
    for (let output = 0; output < this.used; output++) this.granted[output] = this.outputTaken[output] === 0 ? this.grantOf(output) : -1;
    let matched = false;
    for (let input = 0; input < this.used; input++) {
      const output = this.inputTaken[input] === 0 ? this.acceptOf(input) : -1;
      if (output < 0) continue;
      matched = true;
      if (first) {
        this.grants[output] = (input + 1) % this.used;
        this.accepts[input] = (output + 1) % this.used;
      }
      this.connect(input, output);
    }
    return matched;
  }

  private acceptOf(input: number): number {
    for (let step = 0; step < this.used; step++) {
      const output = (this.accepts[input]! + step) % this.used;
      if (this.granted[output] === input) return output;
    }
    return -1;
  }

  private connect(input: number, output: number): void {
    const { tokens, calendar } = this.agenda;
    const now = calendar.time;
    const klass = input * this.ports + output;
    const token = this.heads[klass]!;
    this.heads[klass] = tokens.ints[2 * token + INT.next]!;
    this.waiting--;
    this.inputTaken[input] = 1;
    this.outputTaken[output] = 1;
    this.take(1);
    tokens.reals[token + REAL.need] = -1;
    calendar.push(now, PHASE.grant * 2 ** 48 + tokens.reals[token + REAL.rank]!, token);
  }
}
