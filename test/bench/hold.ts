/** Nanoseconds per hold (one pop, one push) of the event calendar, medians over rounds: `node --import tsx test/bench/hold.ts`, once wirelat is built. */
import { execFileSync } from "node:child_process";
import { Calendar } from "../../dist/engine/calendar.js";
import { prng, type Prng } from "../support/prng.js";
import { plain } from "./plain.js";

const HOLDS = 2_000_000;
const ROUNDS = 9;
const SIZES = [1, 2, 4, 8, 16, 24, 32, 128, 1_024, 65_536, 1_000_000];
const DELAYS: Readonly<Record<string, (random: Prng) => number>> = {
  exponential: (random) => Math.round(random.exponential(1e6)),
  constant: () => 5_000,
  ties: (random) => random.integer(4) * 100_000,
  "no delay": () => 0,
  bimodal: (random) => (random.uniform() < 0.9 ? random.integer(1_000) : 1_000_000 + random.integer(1_000)),
  "rarely far": (random) => Math.round(random.exponential(random.uniform() < 0.001 ? 1e11 : 1e6)),
  pareto: (random) => Math.round(1_000 * (1 - random.uniform()) ** (-1 / 1.1)),
  "all magnitudes": (random) => Math.floor(2 ** (random.uniform() * 30)),
};

function measure(name: string, size: number): string {
  const random = prng(7);
  const delays = Float64Array.from({ length: 65_536 }, () => DELAYS[name]!(random));
  const calendar = new Calendar();
  for (let event = 0; event < size; event++) calendar.push(delays[event & 65_535]!, event, event);
  const times: number[] = [];
  let draw = 0;
  let used = 0;
  for (let round = 0; round < ROUNDS; round++) {
    used = process.memoryUsage().heapUsed;
    const start = process.hrtime.bigint();
    for (let hold = 0; hold < HOLDS; hold++) {
      const event = calendar.pop();
      calendar.push(calendar.time + delays[draw++ & 65_535]!, event, event);
    }
    times.push(Number(process.hrtime.bigint() - start) / HOLDS);
    used = process.memoryUsage().heapUsed - used;
  }
  times.sort((a, b) => a - b);
  const spread = `${times[0]!.toFixed(1)} – ${times.at(-1)!.toFixed(1)}`;
  return `${name.padEnd(16)} ${String(size).padStart(9)} ${times[ROUNDS >> 1]!.toFixed(1).padStart(8)} ns  ${spread.padEnd(16)} ${(used / HOLDS).toFixed(2).padStart(6)} B/hold ${(calendar.bytes / size).toFixed(1).padStart(8)} B/event`;
}

const [name, size] = process.argv.slice(2);
if (name !== undefined && size !== undefined) console.log(measure(name, Number(size)));
else {
  const script = await plain(new URL(import.meta.url));
  for (const delay of name === undefined ? Object.keys(DELAYS) : [name]) {
    const sizes = delay === "exponential" ? SIZES : [8, 1_024, 65_536];
    for (const each of sizes) process.stdout.write(execFileSync(process.execPath, [...script, delay, String(each)]));
  }
}
