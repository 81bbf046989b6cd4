// Goal: an adapter's interrupt serves the messages of several paths, and each goes on along its own. Method: two flows through one
// adapter, apart and together: apart each takes the time that it takes alone; together one interrupt serves both.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { listed, probe, type Flow } from "../../support/probe.js";

const flow = (run: string, times: readonly number[], link: string): Flow => ({
  path: [link, "gw.nic.rx", { tap: `${link}-begin` }, "gw.irq", "gw.udp.rx", ["gw.wake", "app"], ["gw.copy", { to: "user" }], ["gw.run", run], { tap: `${link}-end` }], times, from: `${link}-begin`, to: `${link}-end`,
});
const links = { a: { model: "link/ethernet" }, b: { model: "link/ethernet" } };
const alone = (run: string, link: string): number => probe({ links, flows: [flow(run, [0], link)] }).latencies[0]![0]!;

describe("two paths that share an adapter", () => {
  test("take the time that each takes alone when their messages are apart", () => {
    const { latencies } = probe({ links, flows: [flow("1 us", [0], "a"), flow("3 us", [1e9], "b")] });
    assert.deepEqual(latencies, [[alone("1 us", "a")], [alone("3 us", "b")]]);
    assert.equal(alone("3 us", "b") - alone("1 us", "a"), 2_000_000);
  });

  test("share an interrupt when their messages meet, and each goes on along its own path", () => {
    for (const order of [[0, 1], [1, 0]] as const) {
      const ran = probe({ links, flows: [flow("1 us", [order[0]], "a"), flow("3 us", [order[1]], "b")] });
      assert.equal(ran.account("interrupts"), 1, "the second comes while the first is being served");
      const runs = [0, 1].map((one) => listed(ran.segments(one)).filter(([label]) => label === "run"));
      assert.deepEqual(runs, [[["run", 1_000_000]], [["run", 3_000_000]]]);
    }
  });
});
