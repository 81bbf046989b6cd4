// Goal: the three laws of interrupt moderation, asked of the adapter's model, wait and batch as their closed forms say.
// Method: Poisson frames on a wire and a bus so fast that nothing else bunches them, handlers that take no time; 30 runs a law,
// a 99.9 % interval of their mean.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { memorySystem } from "../support/memory-system.js";
import { testModel, type Bench, type Tested } from "../support/model-tester.js";
import { acceptReplications, throttle, timerFromFirst, timerFromLast, type CoalescerLaw } from "../support/oracles.js";

const MESSAGES = 2000;
const REPLICAS = 30;
const US = 1_000_000;

function moderated(mode: string, frames: number, kpps: number, seed: number): Tested {
  const instant = { interrupt: "0 ns", hardirq: "0 ns", softirq: "0 ns", switch: "0 ns", syscall: "0 ns" };
  const still = { driver: "0 ns", gro: "0 ns", ip: "0 ns", udp: "0 ns", complete: "0 ns", receive: "0 ns" };
  const components: NonNullable<Bench["instances"][string]["components"]> = {
    cpu: { model: "host/core", params: { threads: { irq: 2, app: 3 }, ...instant } },
    ...memorySystem(),
    bus: { model: "bus/pcie", params: { link: "gen6 x16" } },
    nic: { model: "nic/generic", params: { "moderation.mode": mode, "moderation.time": "16 us", "moderation.frames": frames, "rx.interval": "0 ns" } },
    os: { model: "os/linux", params: still },
  };
  return testModel({
    instances: { gw: { components }, feed: { model: "link/ethernet", params: { rate: "800 Gbit/s" } } },
    path: ["feed", "gw.nic.rx", "gw.irq", "gw.udp.rx", { tap: "queued" }, "gw.wake"],
    traffic: { model: "traffic/poisson", params: { rate: `${kpps} kpps`, payload: "64 B" } },
    from: "gw.in@eof", to: "queued", messages: MESSAGES, seed,
  });
}

/** Mean time in the moderation batch, in microseconds, and mean frames an interrupt. */
function found(tested: Tested): { readonly wait: number; readonly batch: number } {
  const slot = tested.compiled.program.slots.findIndex(({ label }) => label === "interrupt moderation");
  const { samples } = tested.machine.ledger.paths[0]!;
  let sum = 0;
  for (let row = 0; row < MESSAGES; row++) sum += samples.at(row, slot);
  return { wait: sum / MESSAGES / US, batch: MESSAGES / tested.account("gw/interrupts") };
}

function holds(name: string, law: CoalescerLaw, ran: (seed: number) => Tested): void {
  const runs = Array.from({ length: REPLICAS }, (_, index) => found(ran(300 + index)));
  for (const [key, width] of [["wait", 0.06], ["batch", 0.06]] as const) {
    const { accepted, explanation } = acceptReplications(runs.map((run) => run[key]), law[key], { confidence: 0.999, maxRelativeHalfWidth: width });
    assert.ok(accepted, `${name}, ${key}: ${explanation}`);
  }
}

describe("moderation in the adapter's model", () => {
  for (const kpps of [20, 200]) {
    const rate = kpps / 1000;
    test(`from the first frame, at ${kpps} kpps`, () => holds("from first", timerFromFirst(rate, 16, 32), (seed) => moderated("timer-from-first", 32, kpps, seed)));
    test(`least distance, at ${kpps} kpps`, () => holds("throttle", throttle(rate, 16), (seed) => moderated("throttle", 1_000_000, kpps, seed)));
  }

  test("from the last frame, at 20 kpps", () => holds("from last", timerFromLast(0.02, 16, 32), (seed) => moderated("timer-from-last", 32, 20, seed)));
  test("from the last frame, at 200 kpps, where the timer hardly ever ends", () => holds("from last", timerFromLast(0.2, 16, 32), (seed) => moderated("timer-from-last", 32, 200, seed)));
});
