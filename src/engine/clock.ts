import { WirelatError } from "../errors/index.js";
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

  private indexAtOrAfter(rest: number): number {
    let index = Math.ceil((rest * this.den) / this.num);
    // Edges are rounded down, so the edge before may already be at `rest`; rounding of the quotient may miss by one.
    while (index > 0 && this.edges[index - 1]! >= rest) index--;
    while (this.edges[index]! < rest) index++;
    return index;
  }
}
