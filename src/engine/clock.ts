import { WirelatError } from "../errors/index.js";
import { BLOCK, type Block } from "./block.js";
import type { ClockSpec } from "./program.js";

const MAX_EDGES = 65_536;

/**
 * A clock with a rational period num/den ps: edge k is floor(k·num/den) + phase, never a sum of rounded periods.
 * The edges repeat after num ps, so one table of den edges gives every edge exactly.
 */
export class Clock {
  /** Edges of one repetition, den + 1 entries; the last equals num. */
  private readonly edges: Float64Array;
  private readonly num: number;
  private readonly den: number;
  /** Time that `until` counts from; a field, because an absolute time as an argument would be put on the heap. */
  from = -0;
  /** Of the block that came last, at which edge each message stands: which of a repetition, and when that began. */
  private readonly index = new Int32Array(BLOCK.rows);
  private readonly base = new Float64Array(BLOCK.rows);

  constructor(spec: ClockSpec, private readonly phase: number) {
    if (spec.den > MAX_EDGES) throw new WirelatError("clock-period", `the clock ${spec.name} has ${spec.den} edges before its pattern repeats, more than ${MAX_EDGES}`, { remedy: "Give its frequency with fewer digits." });
    this.num = spec.num;
    this.den = spec.den;
    this.edges = Float64Array.from({ length: spec.den + 1 }, (_, k) => Math.floor((k * spec.num) / spec.den));
  }

  /** Time until the edge `cycles` after the first one at or after `from`. */
  until(cycles: number): number {
    const shifted = this.from - this.phase;
    let base = Math.floor(shifted / this.num) * this.num;
    let index = this.indexAtOrAfter(shifted - base) + cycles;
    if (index > this.den) {
      const turns = Math.floor(index / this.den);
      base += turns * this.num;
      index -= turns * this.den;
    }
    return base + this.edges[index]! - shifted;
  }

  /** The messages of a block wait for the edge `cycles` after the first one. Those that stand at an edge, because this clock moved them last, need not look for it. */
  tick(block: Block, cycles: number, segment: Float64Array, atEdge: boolean): void {
    const { cursor, count } = block;
    const shift = this.phase - block.cursorAll;
    const { index, base, edges, den, num } = this;
    // Of a period below 1 ps edges fall together, and the first of them counts.
    if (!atEdge || num < den) this.find(cursor, count, shift);
    for (let row = 0; row < count; row++) {
      let edge = index[row] + cycles;
      if (edge > den) {
        const turns = Math.floor(edge / den);
        base[row] += turns * num;
        edge -= turns * den;
      }
      index[row] = edge;
      const at = base[row] + edges[edge] + shift;
      segment[row] += at - cursor[row];
      cursor[row] = at;
    }
  }

  /** The first edges at or after these times, which are late by `shift`. */
  private find(times: Float64Array, count: number, shift: number): void {
    for (let row = 0; row < count; row++) {
      const shifted = times[row] - shift;
      const base = Math.floor(shifted / this.num) * this.num;
      this.base[row] = base;
      this.index[row] = this.indexAtOrAfter(shifted - base);
    }
  }

  private indexAtOrAfter(rest: number): number {
    let index = Math.ceil((rest * this.den) / this.num);
    // Edges are rounded down, so the edge before may already be at `rest`; rounding of the quotient may miss by one.
    while (index > 0 && this.edges[index - 1]! >= rest) index--;
    while (this.edges[index]! < rest) index++;
    return index;
  }
}
