import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { InternalFault } from "../../../src/errors/index.js";
import { amountOf, stage } from "../../../src/modeling/index.js";

describe("a stage", () => {
  test("has one server, first come first served, unless said otherwise", () => {
    assert.deepEqual(stage(), { primitive: "stage", servers: 1, discipline: "fifo", outages: [], processor: null });
    assert.equal(stage({ servers: 4 }).servers, 4);
    assert.equal(stage({ discipline: "preemptive" }).discipline, "preemptive");
  });

  test("refuses outages under a discipline that books ahead or shares", () => {
    const outages = [{ name: "refresh", every: amountOf(10), time: amountOf(1) }];
    for (const discipline of ["fifo", "sharing"] as const) assert.throws(() => stage({ discipline, outages }), /knows no outages/u);
    assert.equal(stage({ discipline: "priority", outages }).outages.length, 1);
  });

  test("refuses several servers under a discipline that knows one", () => {
    for (const discipline of ["priority", "preemptive", "sharing"] as const) {
      assert.throws(() => stage({ servers: 2, discipline }), (error) => error instanceof InternalFault && error.message.includes(discipline));
      assert.equal(stage({ servers: 1, discipline }).servers, 1);
    }
  });
});
