/** Nanoseconds per keyed draw, medians over rounds, each law in a process of its own: `node --import tsx test/bench/draws.ts`, once wirelat is built. */
import { execFileSync } from "node:child_process";
import { distribution, exponential, uniform, type Distribution } from "../../dist/random/index.js";
import { plain } from "./plain.js";

const DRAWS = 2_000_000;
const ROUNDS = 9;

const law = (made: Distribution) => (key0: number, key1: number, message: number, index: number): number => made.sample(key0, key1, message, index);
const CASES: Record<string, () => (key0: number, key1: number, message: number, index: number) => number> = {
  "empty loop": () => (key0, key1, message, index) => (key0 ^ key1 ^ message ^ index) * 2 ** -32,
  uniform: () => uniform,
  exponential: () => exponential,
  "law constant": () => law(distribution.constant(5)),
  "law uniform": () => law(distribution.uniform(1_000, 2_000)),
  "law exponential": () => law(distribution.exponential(1_000)),
  "law lognormal": () => law(distribution.lognormal(2_000, 6_000)),
  "law normal": () => law(distribution.truncatedNormal({ mean: 1_000, deviation: 100, low: 500, high: 2_000 })),
  "law pareto": () => law(distribution.pareto(1.1, 100, 1_000_000)),
  "law erlang 4": () => law(distribution.erlang(4, 1_000)),
  "law hyperexponential": () => law(distribution.hyperexponential([9, 1], [1_000, 20_000])),
};

function measure(name: string): void {
  const draw = CASES[name]!();
  const times: number[] = [];
  let sum = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.hrtime.bigint();
    for (let message = 0; message < DRAWS; message++) sum += draw(0x1234567, -0x7654321, message, 0);
    times.push(Number(process.hrtime.bigint() - start) / DRAWS);
  }
  times.sort((a, b) => a - b);
  console.log(`${name.padEnd(24)} ${times[ROUNDS >> 1]!.toFixed(2).padStart(7)} ns  (${times[0]!.toFixed(2)} – ${times.at(-1)!.toFixed(2)}; sum ${sum.toPrecision(6)})`);
}

const only = process.argv[2];
if (only !== undefined) measure(only);
else {
  const script = await plain(new URL(import.meta.url));
  for (const name of Object.keys(CASES)) process.stdout.write(execFileSync(process.execPath, [...script, name]));
}
