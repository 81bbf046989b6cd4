import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { memorySystem } from "../support/memory-system.js";
import { testModel, type Bench, type Tested, type Written } from "../support/model-tester.js";

type Params = Readonly<Record<string, Written>>;

interface Setting {
  readonly nic?: Params;
  readonly dpdk?: Params;
  readonly memory?: Params;
  readonly more?: Partial<Bench>;
}

function bench({ nic = {}, dpdk = {}, memory = {}, more = {} }: Setting = {}): Bench {
  const components = {
    cpu: { model: "host/core", params: { threads: { app: 3, poll0: 4, poll1: 5 } } },
    ...memorySystem({ llc: memory }),
    bus: { model: "bus/pcie" },
    nic: { model: "nic/generic", params: nic },
    dpdk: { model: "os/dpdk", params: dpdk },
  };
  const path: Bench["path"] = ["feed", ["gw.nic.rx", { into: "user" }], { tap: "begin" }, "gw.pmd.rx", ["gw.run", "1 us"], "gw.pmd.tx", { tap: "finish" }];
  return { instances: { gw: { components }, feed: { model: "link/ethernet" } }, path, from: "begin", to: "finish", ...more };
}

const poisson = (rate: string, messages: number): Partial<Bench> => ({ traffic: { model: "traffic/poisson", params: { rate, payload: "64 B" } }, messages });
const labelled = (tested: Tested, label: string): number[] => tested.latencies.map((_, index) => tested.segments(index).find((segment) => segment.label === label)?.ps ?? 0);
const mean = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0) / values.length;

describe("a packet on an idle poll-mode host", () => {
  test("is found, touched, worked on and handed over in the listed steps and no others", () => {
    const found = testModel(bench()).segments().filter(({ kind }) => kind !== "poll");
    assert.deepEqual(found.map(({ label, ps }) => [label, ps]), [
      ["driver receive", 50_000], ["completion entry in cache", 20_000], ["frame in cache", 50_000], ["run", 1_000_000], ["driver send", 50_000],
    ]);
  });

  test("takes 1200 ns with the mean of the polling loop", () => {
    assert.equal(testModel(bench()).floor, 1_200_000);
  });

  test("needs no interrupt, no system call and no copy", () => {
    const tested = testModel(bench());
    assert.deepEqual(["interrupts", "syscalls", "copies", "switches", "movements"].map((name) => tested.account(`gw/${name}`)), [0, 0, 0, 0, 1]);
  });

  test("reads its lines from memory when device writes do not land in the cache", () => {
    const cold = testModel(bench({ memory: { ddio: false } })).latencies[0] ?? NaN;
    const warm = testModel(bench()).latencies[0] ?? NaN;
    assert.ok(cold - warm >= 50_000 && cold - warm <= 250_000, String(cold - warm));
  });
});

describe("the polling loop", () => {
  test("finds packets after half a turn on average and a whole turn at most", () => {
    const waits = labelled(testModel(bench({ dpdk: { loop: "6 us" }, more: poisson("1 kpps", 4000) })), "polling loop");
    assert.ok(Math.max(...waits) < 6e6);
    // The mean of 4000 uniform waits has a standard error of 27 ns; five of them are 137 ns.
    assert.ok(Math.abs(mean(waits) - 3e6) < 137_000, String(mean(waits)));
  });

  test("takes what has queued in bursts: a full burst shares one turn, a burst of one pays it whole", () => {
    const pair: Partial<Bench> = { traffic: { model: "traffic/burst", params: { count: 2, gap: "0 ns", period: "1 ms", payload: "64 B" } }, messages: 2 };
    const share = (dpdk: Params): number => labelled(testModel(bench({ dpdk, more: pair })), "share of a turn")[1] ?? NaN;
    assert.equal(share({}), 1_875);
    assert.equal(share({ burst: 1 }), 60_000);
    assert.equal(labelled(testModel(bench({ more: pair })), "share of a turn")[0], 0, "the first was found by looking");
  });

  test("serves one packet after the other: the k-th of a burst waits for k-1 services less their distance", () => {
    const burst: Partial<Bench> = { traffic: { model: "traffic/burst", params: { count: 50, gap: "line-rate", period: "1 ms", payload: "64 B" } }, messages: 50 };
    const { latencies } = testModel(bench({ more: burst }));
    const service = 1_170_000 + 1_875;
    const distance = (118 + 12) * 800;
    const last = latencies[49] ?? NaN;
    const first = latencies[0] ?? NaN;
    assert.equal(last - first, 49 * (service - distance));
  });

  test("keeps up with what one thread can serve and no more", () => {
    const busy = mean(testModel(bench({ more: poisson("700 kpps", 5000) })).latencies);
    const over = testModel(bench({ more: poisson("1000 kpps", 5000) }));
    assert.ok(busy < 5e6, String(busy));
    assert.ok(over.machine.drops.reduce((total, count) => total + count, 0) + over.latencies.length === 5000);
    assert.ok(mean(over.latencies) > 50e6, String(mean(over.latencies)));
  });
});

describe("several queues", () => {
  test("polled by one loop cost a turn over all of them: a hundred looks of 25 ns are 1.25 us in the mean and 2.475 us at the 99th percentile", () => {
    const waits = labelled(testModel(bench({ dpdk: { queues: 100, loop: "25 ns" }, more: poisson("1 kpps", 10_000) })), "polling loop").sort((one, other) => one - other);
    // Five standard errors of the mean and of that percentile of 10,000 uniform waits.
    assert.ok(Math.abs(mean(waits) - 1_250_000) < (5 * 2_500_000) / Math.sqrt(12 * 10_000), String(mean(waits)));
    assert.ok(Math.abs((waits[9900] ?? NaN) - 2_475_000) < 5 * 2_500_000 * Math.sqrt((0.99 * 0.01) / 10_000), String(waits[9900]));
  });

  test("polled by threads of their own are served side by side", () => {
    const pair: Partial<Bench> = { traffic: { model: "traffic/burst", params: { count: 2, gap: "0 ns", period: "1 ms", payload: "64 B", flows: 2 } }, messages: 2 };
    const nic = { queues: 2, "rx.steering": "filter" };
    // Without loops' phases: the second packet comes 104 ns behind the first and finds its own thread idle, or waits 1 us for the only one.
    const late = (dpdk: Params): number => {
      const { latencies } = testModel(bench({ nic, dpdk: { loop: "1 ns", ...dpdk }, more: pair }));
      return (latencies[1] ?? NaN) - (latencies[0] ?? NaN);
    };
    assert.ok(Math.abs(late({ cores: ["poll0", "poll1"] })) <= 1000, String(late({ cores: ["poll0", "poll1"] })));
    assert.ok(late({}) > 1_000_000, String(late({})));
    assert.ok(late({ cores: ["poll0"] }) > 1_000_000);
  });
});
