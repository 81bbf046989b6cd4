import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { OP } from "../../src/engine/index.js";
import { arrivalsOf, trafficNamed } from "../support/arrival-times.js";
import { run, sketch } from "../support/program.js";

const traffic = trafficNamed("traffic/pingpong");
const ROUND_TRIP = 1_660_000;

/** Messages over a path that takes 1.66 us and where nobody waits for anybody. */
function bounced(params: Readonly<Record<string, unknown>>, messages: number) {
  return run(sketch({ code: [{ op: OP.delay, amount: 0, work: 1 }], amounts: [() => ROUND_TRIP], arrivals: arrivalsOf(traffic, params) }), { messages });
}

describe("request and answer", () => {
  test("go one at a time: ten round trips take ten times one", () => {
    const { latencies, machine } = bounced({}, 10);
    assert.deepEqual(new Set(latencies), new Set([ROUND_TRIP]));
    assert.equal(machine.endTime, 10 * ROUND_TRIP);
  });

  test("are asked again after the client has thought", () => {
    assert.equal(bounced({ think: "340 ns" }, 10).machine.endTime, 10 * ROUND_TRIP + 9 * 340_000);
  });

  test("are on the way as often as clients and outstanding messages allow", () => {
    assert.equal(bounced({ clients: 2, outstanding: 5 }, 100).machine.endTime, 10 * ROUND_TRIP);
  });

  test("need somebody who asks", () => {
    assert.throws(() => arrivalsOf(traffic, { clients: 0 }), { code: "traffic-population" });
    assert.throws(() => arrivalsOf(traffic, { outstanding: 0 }), { code: "traffic-population" });
  });
});
