// Goal: every host preset can carry a datagram up and down its stack, newer ones faster than older ones, and each difference is the
// one that its numbers say. Method: the zero-load time of one tick-to-trade through the kernel, and of its parts, host by host.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CATALOGUE } from "../../src/models/index.js";
import { BUNDLED_FOLDER, compile, diskFolder, readScenario, type FileFolder } from "../../src/scenario/index.js";

/** Hosts with several buses, where an adapter says which slot it is in. */
const parallel = ["pentium-1996", "pentium3-1999", "pentium4-2003"];

/** From the last bit in to the first bit out, in nanoseconds, with a decision of 1 us. */
function tickToTrade(host: string, more = ""): number {
  const slot = parallel.includes(host) ? ", slot: pci" : "";
  const text = `
wirelat: 1
id: test
title: A trade through the kernel
hosts:
  gw: { use: host/${host}, nic: { use: nic/generic-1g, moderation: { mode: none }${slot} }, cores: { irq: 0, app: 1 }, cpu: { idle: poll }${more} }
links:
  feed: { use: link/1000base-t, length: 5 m }
  order: { use: link/1000base-t, length: 5 m }
traffic:
  ticks: { use: traffic/constant, rate: 1 pps, payload: 64 B, path: t2t }
paths:
  t2t: [feed, gw.nic.rx, gw.irq, gw.udp.rx, { gw.wake: app }, { gw.copy: { to: user } }, { gw.run: 1 us }, gw.udp.tx, gw.nic.tx, order]
metrics:
  t2t: { from: gw.in@eof, to: gw.out@sof }
run: { messages: 1, seed: 1 }
`;
  const own: FileFolder = { label: (name) => name, has: (name) => name === "test.yaml", read: () => new TextEncoder().encode(text), list: () => [] };
  const scenario = readScenario("test.yaml", { access: { own, bundled: diskFolder(BUNDLED_FOLDER, "scenarios") }, catalogue: CATALOGUE });
  return (compile(scenario.cases[0]!.scenario, CATALOGUE).paths[0]!.metrics[0]!.floor ?? NaN) / 1000;
}

describe("the hosts", () => {
  /** Where a half round trip and a decision of 1 us lie, in microseconds. */
  const bounds: Readonly<Record<string, readonly [number, number]>> = {
    "pentium-1996": [100, 400],
    "pentium3-1999": [35, 120],
    "pentium4-2003": [9, 30],
    "xeon-nehalem-linux": [8, 14],
    "xeon-ivy-bridge-linux": [7, 10],
    "xeon-haswell-linux": [7, 10],
    "xeon-broadwell-linux": [7, 11],
    "xeon-linux": [7, 10],
    "xeon-skylake-linux": [7.5, 11],
    "xeon-ice-lake-linux": [7, 10],
    "xeon-ice-lake-mitigated-linux": [7.5, 11],
    "xeon-sapphire-rapids-linux": [7, 10],
    "epyc-rome-linux": [7, 12],
    "arm-server-linux": [7, 12],
  };

  for (const [host, [low, high]] of Object.entries(bounds)) {
    test(`${host} takes as long as one expects of its age`, () => {
      const found = tickToTrade(host) / 1000;
      assert.ok(found > low && found < high, `${found} us`);
    });
  }

  test("become faster from 1996 to 2014", () => {
    const times = ["pentium-1996", "pentium3-1999", "pentium4-2003", "xeon-nehalem-linux", "xeon-haswell-linux"].map((host) => tickToTrade(host));
    assert.deepEqual([...times].sort((a, b) => b - a), times);
  });

  test("pay for mitigations once an interrupt, once a wake-up, twice for calls", () => {
    const bare = tickToTrade("xeon-ice-lake-linux", ", bus: { link: gen4 x16 }");
    assert.equal(Math.round((tickToTrade("xeon-ice-lake-mitigated-linux") - bare) * 1000) / 1000, 2 * 180 + 150 + 300);
  });

  test("differ by what was measured on them: Haswell and Ivy Bridge by two reads of their bus and the wake-up", () => {
    assert.equal(Math.round(tickToTrade("xeon-ivy-bridge-linux") - tickToTrade("xeon-haswell-linux")), 200 - 2 * 40);
  });
});
