import type { FlowTuple, MessageShape } from "../../modeling/index.js";

/** The key that the definition of the hash uses in its examples and most drivers as their default. */
const COMMON_KEY = [
  0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67, 0x25, 0x3d, 0x43, 0xa3, 0x8f, 0xb0, 0xd0, 0xca, 0x2b, 0xcb, 0xae, 0x7b, 0x30, 0xb4, 0x77, 0xcb, 0x2d, 0xa3, 0x80, 0x30, 0xf2, 0x0c,
  0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa,
];
/** Two bytes over and over: both directions of a connection have one hash. */
const SYMMETRIC_KEY = Array.from({ length: 40 }, (_, at) => COMMON_KEY[at % 2] ?? 0);
export const KEYS = { common: COMMON_KEY, symmetric: SYMMETRIC_KEY } as const;

/** Toeplitz hash: the exclusive or of the 32-bit windows of the key that begin at the set bits of the input. */
export function toeplitz(key: readonly number[], input: readonly number[]): number {
  let hash = 0;
  let window = ((key[0] ?? 0) << 24) | ((key[1] ?? 0) << 16) | ((key[2] ?? 0) << 8) | (key[3] ?? 0);
  input.forEach((byte, at) => {
    const coming = key[at + 4] ?? 0;
    for (let bit = 7; bit >= 0; bit--) {
      if ((byte >> bit) % 2 === 1) hash ^= window;
      window = (window << 1) | ((coming >> bit) & 1);
    }
  });
  return hash >>> 0;
}

/** What the hash is taken of: addresses, then ports, as they stand in the headers. */
export function hashedBytes(tuple: FlowTuple, of: "ports" | "addresses"): number[] {
  const word = (value: number): number[] => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
  const port = (value: number): number[] => [value >> 8, value & 255];
  const addresses = [...word(tuple.source), ...word(tuple.destination)];
  return of === "addresses" ? addresses : [...addresses, ...port(tuple.sourcePort), ...port(tuple.destinationPort)];
}

export interface Steering {
  readonly queues: number;
  readonly by: "hash" | "filter";
  /** Entries of the indirection table, a power of two; it names the queues in turn. */
  readonly table: number;
  readonly key: keyof typeof KEYS;
  readonly of: "ports" | "addresses";
  /** Flows that filters can name; the others go by the hash. */
  readonly filters: number;
}

/** The queue to which each flow of a path is steered. */
export function queuesOf(steering: Steering, { flows, tupleOf }: Pick<MessageShape, "flows" | "tupleOf">): Int32Array {
  return Int32Array.from({ length: flows }, (_, flow) => {
    if (steering.queues === 1) return 0;
    if (steering.by === "filter" && flow < steering.filters) return flow % steering.queues;
    const hash = toeplitz(KEYS[steering.key], hashedBytes(tupleOf(flow), steering.of));
    return (hash % steering.table) % steering.queues;
  });
}
