/** Picoseconds of so many bits at the base rate of 98.304 Mbit/s, rounded once. */
export const BITS = (bits: number): number => Math.round((bits * 1e9) / 98_304);

/** Picoseconds of so many bytes at S400. */
export const time = (bytes: number): number => Math.round((bytes * 15_625_000) / 768);

/** A packet at S400 with arbitration 200 ns, prefix 160 ns and end 250 ns. */
export const packet = (bytes: number): number => 200_000 + 160_000 + time(bytes) + 250_000;
