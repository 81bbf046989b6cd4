// Goal: queues in switches give the throughput and the waits that are known of them. Method: saturated N x N switches against the results of
// Karol, Hluchyj and Morgan (1987) for queues at the inputs; three priorities at one port against Cobham; a burst against (k - 1)(S - a).
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as oracle from "../support/oracles.js";
import { runText } from "../support/scenario-text.js";

/** Steps that choose one of the outputs from `from` to `to` evenly: halves of halves. */
function choice(from: number, to: number): string {
  if (to - from === 1) return `[sw, out${from}]`;
  const middle = (from + to) / 2;
  return `[branch: { chance: 50%, yes: ${choice(from, middle)}, no: ${choice(middle, to)} }]`;
}

/** Frames that leave in a slot, for each output, while every input always has some: those out by the time at which the last could have come in. */
function throughput(ports: number, queueing: string, frames: number, seed = 1): number {
  const numbers = Array.from({ length: ports }, (_, index) => index);
  const { latencies } = runText(`
wirelat: 1
id: test
title: saturated
links:
${numbers.map((index) => `  in${index}: { use: link/10gbase-r, length: 0 m }\n  out${index}: { use: link/10gbase-r, length: 0 m }`).join("\n")}
switches:
  sw: { use: switch/cut-through, queueing: ${queueing}, buffer.shared: 4 GiB, buffer.port: 4 GiB }
traffic:
${numbers.map((index) => `  t${index}: { use: traffic/burst, count: ${frames}, gap: 0 ns, period: 1 s, payload: 64 B, path: p${index} }`).join("\n")}
paths:
${numbers.map((index) => `  p${index}:\n    - in${index}\n    - ${choice(0, ports).slice(1, -1)}\n    - tap: gone`).join("\n")}
metrics:
  time: { from: "@intended", to: gone }
run: { messages: ${ports * frames}, warmup: 0, seed: ${seed} }
`);
  const slot = 130 * 800;
  const until = frames * slot;
  // All are intended at the start, so a latency is the time of leaving.
  const gone = [...latencies.values()].flat().filter((time) => time < until).length;
  return gone / frames / ports;
}

describe("a saturated switch", () => {
  // Four standard errors and more: a slot's throughput varies by less than a third, over tens of thousands of slots.
  const FRAMES = 8192;
  for (const [ports, known] of [[2, 0.75], [4, 0.6553], [8, 0.6184]] as const) {
    test(`with one queue for each of ${ports} inputs passes ${known} of the line rate`, () => {
      const found = throughput(ports, "input", FRAMES);
      assert.ok(Math.abs(found - known) < 0.012, `${found}`);
    });
  }

  test("with one queue for each input comes to 2 - sqrt 2 of the line rate as the inputs become many", () => {
    const found = throughput(16, "input", 1024);
    // Simulated by Karol, Hluchyj and Morgan: 0.6013 for 16 inputs, on the way down from 0.6184 to 0.5858.
    assert.ok(found > 2 - Math.SQRT2 && Math.abs(found - 0.6013) < 0.015, `${found}`);
  });

  test("with virtual output queues before a crossbar passes everything too, an input feeding one output at a time", () => {
    const crossbar = "voq, fabric: crossbar";
    for (const [ports, frames] of [[2, 4096], [8, 2048]] as const) {
      // What a switch with queues at its outputs does not pass either is the end of the run: nobody has anything left for some output.
      const [found, most] = [throughput(ports, crossbar, frames), throughput(ports, "output", frames)];
      assert.ok(most > 0.96 && found > 0.97 * most && found <= most, `${ports}: ${found} of ${most}`);
    }
  });

  test("with queues at the outputs, or one of each input for each output, passes all but what is still waiting", () => {
    for (const queueing of ["output", "voq"]) {
      const found = throughput(4, queueing, FRAMES);
      assert.ok(found > 0.97, `${queueing}: ${found}`);
    }
  });
});

describe("three priorities at a port", () => {
  // Frames of 118 + 12 bytes at 10 Gbit/s; the links that bring them are so fast that arrivals stay Poisson.
  const service = 130 * 800e-12;
  const loads = [0.2, 0.3, 0.25];
  const waits = (arbitration: string): number[] => {
    const { latencies } = runText(`
wirelat: 1
id: test
title: priorities
links:
${loads.map((_, index) => `  in${index}: { use: link/ethernet, rate: 800 Gbit/s, gap: 0 B, length: 0 m }`).join("\n")}
  out: { use: link/10gbase-r, length: 0 m }
switches:
  sw: { use: switch/store-forward, forwarding: 0 ns, arbitration: ${arbitration} }
traffic:
${loads.map((load, index) => `  t${index}: { use: traffic/poisson, rate: ${Math.round(load / service)} pps, payload: 64 B, path: p${index} }`).join("\n")}
paths:
${loads.map((_, index) => `  p${index}: [in${index}, sw: { priority: ${7 - index} }, out]`).join("\n")}
metrics:
  wait: { from: sw.in@eof, to: sw.out@sof }
run: { messages: 300000, warmup: 1000, seed: 5 }
`);
    return loads.map((_, index) => {
      const list = latencies.get(`t${index} wait`) ?? [];
      assert.ok(list.length > 50_000);
      return list.reduce((total, one) => total + one, 0) / list.length / 1e12;
    });
  };

  test("wait as Cobham says", () => {
    const theory = oracle.nonPreemptiveWaits(loads.map((load) => ({ rate: load / service, service: oracle.constant(service) })));
    waits("priority").forEach((found, index) => assert.ok(Math.abs(found / theory[index]! - 1) < 0.04, `priority ${7 - index}: ${found}, expected ${theory[index]}`));
  });

  test("and without arbitration all wait as in one queue", () => {
    const total = loads.reduce((sum, load) => sum + load, 0);
    const alike = (total * service) / (2 * (1 - total));
    waits("fifo").forEach((found) => assert.ok(Math.abs(found / alike - 1) < 0.04, `${found}, expected ${alike}`));
  });
});

test("of a burst at line rate into a slower port the k-th waits (k - 1)(S - a)", () => {
  // 40 Gbit/s in, 10 Gbit/s out: 130 bytes come every 26 ns and take 104 ns.
  const { latencies } = runText(`
wirelat: 1
id: test
title: burst
links:
  feed: { use: link/40gbase-r, length: 0 m }
  out: { use: link/10gbase-r, length: 0 m }
switches:
  sw: { use: switch/cut-through }
traffic:
  ticks: { use: traffic/burst, count: 50, gap: line-rate, period: 1 ms, payload: 64 B, path: through }
paths:
  through: [feed, sw, out]
metrics:
  hop: { from: sw.in@sof, to: sw.out@sof }
run: { messages: 50, warmup: 0, seed: 1 }
`);
  const hops = latencies.get("ticks hop") ?? [];
  assert.equal(hops.length, 50);
  hops.forEach((hop, k) => assert.equal(hop, 22 * 200 + 300_000 + k * (104_000 - 26_000), `frame ${k + 1}`));
});

describe("deficit round robin at a saturated port", () => {
  test("shares bytes as the weights say, whatever the sizes of the frames", () => {
    // Three priorities with frames of 64, 576 and 1518 B, each of which could fill the port alone; weights 1, 2 and 3.
    const frames = [[64, 0, 6000], [576, 1, 1200], [1518, 2, 700]] as const;
    const { latencies } = runText(`
wirelat: 1
id: test
title: shares
links:
${frames.map(([, priority]) => `  in${priority}: { use: link/10gbase-r, length: 0 m }`).join("\n")}
  out: { use: link/10gbase-r, length: 0 m }
switches:
  sw: { use: switch/store-forward, arbitration: drr, weights: "1:2:3:1:1:1:1:1", buffer.shared: 4 GiB, buffer.port: 4 GiB }
traffic:
${frames.map(([bytes, priority, count]) => `  t${priority}: { use: traffic/burst, count: ${count}, gap: 0 ns, period: 1 s, stack: raw, payload: ${bytes - 4} B, path: p${priority} }`).join("\n")}
paths:
${frames.map(([, priority]) => `  p${priority}: [in${priority}, sw: { priority: ${priority} }, out, tap: gone]`).join("\n")}
metrics:
  time: { from: "@intended", to: gone }
run: { messages: ${frames.reduce((sum, [, , count]) => sum + count, 0)}, warmup: 0, seed: 1 }
`);
    const gone = (priority: number): readonly number[] => latencies.get(`t${priority} time`) ?? [];
    // Between the time at which all wait and the time at which one of them has nothing left.
    const until = Math.min(...frames.map(([, priority]) => Math.max(...gone(priority))));
    const from = until / 10;
    const bytes = frames.map(([size, priority]) => size * gone(priority).filter((time) => time > from && time <= until).length);
    const all = bytes.reduce((sum, one) => sum + one, 0);
    assert.ok(all > 300_000, `${all}`);
    // A turn of everybody is 6 quanta; each is off by a frame and a quantum at most.
    bytes.forEach((one, priority) => assert.ok(Math.abs(one / all - (priority + 1) / 6) < (2 * 1518) / all + 0.002, `${priority}: ${one / all}`));
  });
});
