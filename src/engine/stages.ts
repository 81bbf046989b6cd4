import type { Block } from "./block.js";
import type { StageSpec } from "./program.js";

/**
 * How long one waits that comes at `at` to a server that is free at `free`: max(0, free - at), by arithmetic rather than by a branch, which a
 * processor guesses wrong every other time where services are drawn. Exact, as the difference of two times is.
 */
export function lateness(free: number, at: number): number {
  const late = free - at;
  return 0.5 * (late + Math.abs(late));
}

/**
 * First-come first-served stages with k servers. Claims are made in time order, so each is booked at once
 * (Lindley's recursion): no queue and no completion event are needed.
 */
export class Stages {
  /** Index of a stage's first server in `freeAt`. */
  readonly base: Int32Array;
  readonly servers: Int32Array;
  readonly freeAt: Float64Array;
  readonly busy: Float64Array;

  constructor(specs: readonly StageSpec[]) {
    this.base = new Int32Array(specs.length);
    this.servers = Int32Array.from(specs, (spec) => spec.servers);
    this.busy = new Float64Array(specs.length);
    let total = 0;
    for (let index = 0; index < specs.length; index++) {
      this.base[index] = total;
      total += specs[index]!.servers;
    }
    this.freeAt = new Float64Array(total);
  }

  /** Messages of a block wait for the one server of a stage, in their order, and take it all for the same time. Nobody may want to know how long each has waited. */
  serveAlike(stage: number, block: Block, taken: number, waits: Float64Array | null): void {
    const { cursor, cursorAll, count } = block;
    const server = this.base[stage];
    let free = this.freeAt[server] - cursorAll;
    for (let row = 0; row < count; row++) {
      const at = cursor[row];
      const start = free > at ? free : at;
      free = start + taken;
      cursor[row] = start;
      if (waits !== null) waits[row] += start - at;
    }
    this.freeAt[server] = free + cursorAll;
  }

  /** The same where each takes it for a time of its own. */
  serve(stage: number, block: Block, taken: Float64Array, waits: Float64Array): void {
    const { cursor, cursorAll, count } = block;
    const server = this.base[stage];
    let free = this.freeAt[server] - cursorAll;
    for (let row = 0; row < count; row++) {
      const late = lateness(free, cursor[row]);
      cursor[row] += late;
      waits[row] += late;
      free = cursor[row] + taken[row];
    }
    this.freeAt[server] = free + cursorAll;
  }

  /** Index in `freeAt` of the server that comes free first. */
  next(stage: number): number {
    return this.servers[stage]! === 1 ? this.base[stage]! : this.earliest(stage);
  }

  private earliest(stage: number): number {
    const base = this.base[stage]!;
    const end = base + this.servers[stage]!;
    let chosen = base;
    for (let server = base + 1; server < end; server++) if (this.freeAt[server]! < this.freeAt[chosen]!) chosen = server;
    return chosen;
  }

  /** Service booked beyond `time`, summed over the servers. */
  bookedBeyond(stage: number, time: number): number {
    let sum = 0;
    const end = this.base[stage]! + this.servers[stage]!;
    for (let server = this.base[stage]!; server < end; server++) sum += Math.max(0, this.freeAt[server]! - time);
    return sum;
  }
}
