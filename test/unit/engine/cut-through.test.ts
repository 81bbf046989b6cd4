import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Instruction, SizeFunction } from "../../../src/engine/index.js";
import { slotOf, travel, type Trip } from "../../support/journeys.js";
import { delay, need, send, station } from "../../support/instructions.js";
import { prng, type Prng } from "../../support/prng.js";

/** One switch or link: it waits for `header` bytes, works for `work`, sends at `rate` (ps per byte) words of `grain` bytes (0: bit by bit), and its bytes fly for `flight`. */
interface Hop {
  readonly header: number;
  readonly work: number;
  readonly rate: number;
  readonly grain: number;
  readonly flight: number;
}
/** A frame of `bytes` that comes in at `rate`, and its way. */
interface Chain {
  readonly time: number;
  readonly bytes: number;
  readonly rate: number;
  readonly hops: readonly Hop[];
}

/** Slots: 0 queue, 1 serialise, 2 process, 3 rate match, 4 propagate. */
const SLOTS = ["queue", "serialise", "process", "rate-match", "propagate"];

/** As the compiler emits a pipe: wait for the header, work, wait until no byte can be missing at its turn, send. */
function emitted(chains: readonly Chain[], hops: number): { code: Instruction[]; amounts: SizeFunction[] } {
  const amounts: SizeFunction[] = [];
  const amount = (of: (chain: Chain) => number): number => amounts.push((index) => (chains[index] === undefined ? 0 : of(chains[index]))) - 1;
  const incoming = (chain: Chain, at: number): number => (at === 0 ? chain.rate : chain.hops[at - 1]!.rate);
  const code = Array.from({ length: hops }, (_, at): Instruction[] => {
    const hop = (chain: Chain): Hop => chain.hops[at]!;
    const start = amount((chain) => {
      const { rate, work, grain } = hop(chain);
      if (grain === 0) return Math.max(0, chain.bytes * (incoming(chain, at) - rate)) + work;
      const words = Math.ceil(chain.bytes / grain);
      return Math.max(0, ...[0, Math.max(0, words - 2), words - 1].map((k) => Math.min((k + 1) * grain, chain.bytes) * incoming(chain, at) + work - k * grain * rate));
    });
    return [
      need(amount((chain) => Math.min(hop(chain).header, chain.bytes) * incoming(chain, at))),
      { ...delay(amount((chain) => hop(chain).work)), work: 2 },
      { ...need(start), work: 3 },
      { ...send(at, amount((chain) => chain.bytes * hop(chain).rate), amount((chain) => hop(chain).flight)), work: 4 },
    ];
  }).flat();
  return { code: [...code, need(amount((chain) => chain.bytes * chain.hops[hops - 1]!.rate))], amounts };
}

function sent(chains: readonly Chain[]): Trip {
  const hops = chains[0]!.hops.length;
  return travel({ times: chains.map((chain) => chain.time), slots: SLOTS, ...emitted(chains, hops), stages: Array.from({ length: hops }, () => station()) });
}

/** When every byte of every frame is there, hop by hop and byte by byte; first come first served at each. The ends of the last bits. */
function byteByByte(chains: readonly Chain[]): number[] {
  let profiles = chains.map((chain) => Float64Array.from({ length: chain.bytes + 1 }, (_, byte) => chain.time + byte * chain.rate));
  for (let at = 0; at < chains[0]!.hops.length; at++) {
    const ready = chains.map((chain, index) => {
      const { header, work, rate, grain } = chain.hops[at]!;
      const arrival = profiles[index]!;
      let start = arrival[Math.min(header, chain.bytes)]! + work;
      const word = Math.max(1, grain);
      // A word may leave once its last byte has been worked on; bit by bit even the byte before it must not have been early.
      for (let byte = 0; byte < chain.bytes; byte += word) {
        const there = grain === 0 ? Math.max(arrival[byte]!, arrival[byte + 1]! - rate) : arrival[Math.min(byte + word, chain.bytes)]!;
        start = Math.max(start, there + work - byte * rate);
      }
      return start;
    });
    let free = -Infinity;
    const next = [...profiles];
    for (const index of chains.map((_, one) => one).sort((a, b) => ready[a]! - ready[b]! || a - b)) {
      const { rate, flight } = chains[index]!.hops[at]!;
      const start = Math.max(free, ready[index]!);
      free = start + chains[index]!.bytes * rate;
      next[index] = profiles[index]!.map((_, byte) => start + byte * rate + flight);
    }
    profiles = next;
  }
  return profiles.map((profile) => profile.at(-1)!);
}

const GBIT_10 = 800;
const hop = (of: Partial<Hop> = {}): Hop => ({ header: 22, work: 300_000, rate: GBIT_10, grain: 0, flight: 0, ...of });
const nanoseconds = (chain: Chain): [number, number] => {
  const [journey] = sent([chain]).journeys;
  const last = chain.hops.at(-1)!;
  return [(journey!.latency - chain.bytes * last.rate) / 1e3, journey!.latency / 1e3];
};

describe("frames through pipes that must not pause", () => {
  test("ten cut-through hops charge the header at each and the frame once; stored and forwarded the frame at each", () => {
    const chain = (header: number): Chain => ({ time: 0, bytes: 1_526, rate: GBIT_10, hops: new Array<Hop>(10).fill(hop({ header })) });
    assert.equal(sent([chain(22)]).journeys[0]!.latency, 10 * (17_600 + 300_000) + 1_220_800);
    assert.deepEqual(sent([chain(22)]).journeys[0]!.segments, [0, 10 * 17_600 + 1_220_800, 3_000_000, 0, 0]);
    assert.equal(sent([chain(1_526)]).journeys[0]!.latency, 10 * (1_220_800 + 300_000) + 1_220_800);
  });

  test("unequal rates: first and last bit out, in ns, of one switch", () => {
    const through = (bytes: number, rate: number, out: number, header = 22): [number, number] => nanoseconds({ time: 0, bytes, rate, hops: [hop({ header, rate: out })] });
    assert.deepEqual(through(72, 800, 800), [317.6, 375.2]);
    assert.deepEqual(through(72, 800, 800, 72), [357.6, 415.2]);
    assert.deepEqual(through(1_526, 800, 80), [1_398.72, 1_520.8]);
    assert.deepEqual(through(1_526, 800, 80, 1_526), [1_520.8, 1_642.88]);
    assert.deepEqual(through(1_526, 80, 800), [301.76, 1_522.56]);
    assert.deepEqual(through(1_526, 8_000, 800), [11_287.2, 12_508]);
    assert.deepEqual(through(1_526, 8_000, 800, 1_526), [12_508, 13_728.8]);
  });

  function randomChains(random: Prng, count: number, of: { gap: number; grains: readonly number[] }): Chain[] {
    const rates = [80, 200, 400, 800, 8_000];
    const rate = (): number => rates[random.integer(rates.length)]!;
    let time = 0;
    return Array.from({ length: count }, () => {
      const bytes = 1 + random.integer(random.integer(4) === 0 ? 1_526 : 120);
      const hops = Array.from({ length: 4 }, () =>
        hop({ header: random.integer(5) === 0 ? bytes : random.integer(80), work: random.integer(3) * random.integer(400_000), rate: rate(), grain: of.grains[random.integer(of.grains.length)]!, flight: random.integer(90_000) }),
      );
      return { time: (time += random.integer(of.gap)), bytes, rate: rate(), hops };
    });
  }
  const mismatches = (chains: readonly Chain[]): number => {
    const expected = byteByByte(chains);
    return sent(chains).journeys.filter((one) => one.end !== expected[one.index]).length;
  };

  test("20,000 random chains end when a byte-by-byte brute force says: no mismatch", () => {
    for (const seed of [1, 2]) assert.equal(mismatches(randomChains(prng(seed), 10_000, { gap: 2 ** 33, grains: [0] })), 0);
  });

  test("words of 4 to 64 bytes: 8,000 random chains, no mismatch, though only three words are looked at", () => {
    assert.equal(mismatches(randomChains(prng(3), 8_000, { gap: 2 ** 33, grains: [1, 4, 8, 32, 64] })), 0);
  });

  test("under contention, too: what waits for the transmitter is served in the order in which it is ready", () => {
    const chains = randomChains(prng(4), 4_000, { gap: 2_000_000, grains: [0, 8] });
    assert.equal(mismatches(chains), 0);
    assert.ok(slotOf(sent(chains), 0).filter((wait) => wait > 0).length > 1_000, "there is contention");
  });
});
