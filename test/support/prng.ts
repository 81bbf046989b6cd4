/** A small seeded generator for tests that must not depend on the simulator's own streams (sfc32, seeded through splitmix32). */
export interface Prng {
  /** Uniform in [0, 1), 32 bits. */
  uniform(): number;
  /** Exponential with the given mean. */
  exponential(mean: number): number;
  /** Standard normal, by the polar method. */
  normal(): number;
  /** Uniform integer in [0, below). */
  integer(below: number): number;
}

export function prng(seed: number): Prng {
  let state = seed | 0;
  const mixed = (): number => {
    state = (state + 0x9e3779b9) | 0;
    let z = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) | 0;
  };
  let a = mixed();
  let b = mixed();
  let c = mixed();
  let d = 1;
  const uniform = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return (t >>> 0) / 2 ** 32;
  };
  for (let round = 0; round < 12; round += 1) uniform();
  return {
    uniform,
    exponential: (mean) => -mean * Math.log(1 - uniform()),
    normal: () => {
      for (;;) {
        const x = 2 * uniform() - 1;
        const y = 2 * uniform() - 1;
        const s = x * x + y * y;
        if (s > 0 && s < 1) return x * Math.sqrt((-2 * Math.log(s)) / s);
      }
    },
    integer: (below) => Math.floor(uniform() * below),
  };
}
