import { mix, SECOND, uniform, type ComponentKey } from "./keyed.js";
import { exp, log } from "./portable-math.js";

/**
 * Exponential draws by the ziggurat of Marsaglia and Tsang (2000): 256 layers of equal area over e^−x; 99 draws in a hundred
 * need one multiplication and one comparison.
 */
const LAYERS = 256;
/** Where the lowest layer becomes the tail, and the area of a layer. */
const TAIL = 7.697117470131049714;
const AREA = 0.003949659822581557;

/** Right edge of each layer from the lowest, which stands for the tail too, up to 0 at the top. */
const EDGES = (() => {
  const edges = new Float64Array(LAYERS + 1);
  edges[0] = AREA * exp(TAIL);
  edges[1] = TAIL;
  for (let layer = 1; layer < LAYERS - 1; layer++) edges[layer + 1] = -log(AREA / edges[layer] + exp(-edges[layer]));
  return edges;
})();
const HEIGHTS = EDGES.map((edge) => exp(-edge));

/** A name of this module: one that is imported is looked up each time. */
const WORDS = SECOND;
const TWO_TO_MINUS_32 = 2 ** -32;
const TWO_TO_MINUS_53 = 2 ** -53;
/** More than the heights can be off by. */
const ROUNDING = 2 ** -40;
/** Streams of the later attempts at one draw. */
const ATTEMPT = 0x3c6ef372;
const WEDGE = 0x5be0cd19;

/**
 * Draw `index` of a component for a message: exponential with this mean, in whole picoseconds. A fraction would be put on the heap
 * wherever this is not compiled into its caller.
 */
// eslint-disable-next-line max-params -- a record of them would be on the heap as well
export function exponentialTime(mean: number, key0: number, key1: number, message: number, index: number): number {
  return Math.floor(mean * exponential(key0, key1, message, index) + 0.5);
}

/** The same with mean 1, and a fraction. */
export function exponential(key0: number, key1: number, message: number, index: number): number {
  const first = mix(key0, key1, message, index);
  const second = WORDS[0];
  const layer = second & 0xff;
  const x = (first * TWO_TO_MINUS_32 + (0.5 + (second >>> 11) * TWO_TO_MINUS_53)) * EDGES[layer];
  // The sum tells the compiler that the rare case gives a number too; else it would put every draw on the heap.
  return x < EDGES[layer + 1] ? x : 0 + exponentialFromEdge(key0, key1, message, index);
}

/** The rare case, from the start: the point lies in the tail, or in the wedge between two layers, where it may have to be thrown anew. */
function exponentialFromEdge(key0: number, key1: number, message: number, index: number): number {
  let beyond = 0;
  for (let attempt = key0; ; attempt = (attempt + ATTEMPT) | 0) {
    const first = mix(attempt, key1, message, index);
    const second = WORDS[0];
    const layer = second & 0xff;
    const x = (first * TWO_TO_MINUS_32 + (0.5 + (second >>> 11) * TWO_TO_MINUS_53)) * EDGES[layer];
    if (x < EDGES[layer + 1]) return beyond + x;
    // What lies beyond the tail's start is exponential again: the law has no memory.
    if (layer === 0) beyond += TAIL;
    else if (isBelowCurve(layer, x, HEIGHTS[layer] + uniform(attempt ^ WEDGE, key1, message, index) * (HEIGHTS[layer + 1] - HEIGHTS[layer]))) return beyond + x;
  }
}

/** Whether `y < exp(-x)`, for a point within a layer. The curve is convex: most points are above its chord or below a tangent, by more than any rounding. */
function isBelowCurve(layer: number, x: number, y: number): boolean {
  const left = EDGES[layer + 1];
  const right = EDGES[layer];
  const low = HEIGHTS[layer];
  const high = HEIGHTS[layer + 1];
  if ((y - low - ROUNDING) * (right - left) > (high - low) * (right - x)) return false;
  return y + ROUNDING < low * (1 + right - x) || y + ROUNDING < high * (1 + left - x) || y < exp(-x);
}

/** Draws 0 of a component for message after message, in columns of `rows` at most. */
export class ExponentialStream {
  /** Rows of the rare case. */
  private readonly rare: Int32Array;

  constructor(private readonly mean: number, private readonly key: ComponentKey, rows: number) {
    this.rare = new Int32Array(rows);
  }

  /** What `exponentialTime` gives for `count` messages from `first` on, a number of 32 bits. The rare case waits for the end, so that the loop calls nobody. */
  fill(times: Float64Array, count: number, first: number): void {
    const { mean, rare, key: [key0, key1] } = this;
    let found = 0;
    for (let row = 0; row < count; row++) {
      const high = mix(key0, key1, (first + row) | 0, 0);
      const low = WORDS[0];
      const layer = low & 0xff;
      const x = (high * TWO_TO_MINUS_32 + (0.5 + (low >>> 11) * TWO_TO_MINUS_53)) * EDGES[layer];
      times[row] = Math.floor(mean * x + 0.5);
      if (x >= EDGES[layer + 1]) rare[found++] = row;
    }
    for (let at = 0; at < found; at++) times[rare[at]] = Math.floor(mean * exponentialFromEdge(key0, key1, (first + rare[at]) | 0, 0) + 0.5);
  }
}
