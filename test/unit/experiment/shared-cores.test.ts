// Goal: who is busy is told of each thread, also where two share a core. Method: two paths of constant work on one core, whose shares are known.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Session } from "../../../src/experiment/index.js";
import { CATALOGUE } from "../../../src/models/index.js";
import type { ResourceUse, Result } from "../../../src/result/index.js";
import { readScenario } from "../../../src/scenario/index.js";
import { memoryAccess } from "../../support/fake-catalogue.js";

const TEXT = `wirelat: 1
id: shared
title: Two threads on one core
hosts:
  box: { cpu: { use: host/core, threads: { app: 3, other: 3, alone: 4 } }, llc: { use: host/llc }, copier: { use: op/copy } }
traffic:
  a: { use: traffic/constant, rate: 10 kpps, payload: 8 B, path: one }
  b: { use: traffic/constant, rate: 10 kpps, payload: 8 B, path: two }
paths:
  one: [tap: begin, box.run: { time: 30 us, core: app }, tap: finish]
  two: [tap: start, box.run: { time: 20 us, core: other }, box.run: { time: 10 us, core: alone }, tap: end]
metrics:
  one: { from: begin, to: finish }
run: { messages: 2000, warmup: 0, seed: 1 }
expect:
  - { check: busy(box.app) in 29% .. 31%, because: 30 us of every 100 }
  - { check: busy(box.other) in 19% .. 21%, because: 20 us of every 100 }
  - { check: busy(box.alone) in 9% .. 11%, because: 10 us of every 100 }
  - { check: util(box.cpu.processor3) in 49% .. 51%, because: both run on it }
`;

describe("two threads on one core", () => {
  const result: Promise<Result> = (() => {
    const session = new Session({ catalogue: CATALOGUE });
    return session.run(session.prepare(readScenario("main.yaml", { access: memoryAccess({ "main.yaml": TEXT }), catalogue: CATALOGUE })));
  })();
  const resource = async (name: string): Promise<ResourceUse> => (await result).runs[0]!.resources.find((one) => one.name === name) ?? assert.fail(`no ${name}`);

  test("are each busy for what they ran, and the core for both", async () => {
    assert.deepEqual((await result).expectations.filter(({ held }) => !held), []);
    assert.equal((await result).expectations.length, 4);
  });

  test("have shares that add to one", async () => {
    for (const name of ["box.app", "box.other", "box.alone"]) {
      const sum = Object.values((await resource(name)).categories).reduce((all, share) => all + share, 0);
      assert.ok(Math.abs(sum - 1) < 1e-9, `${name}: ${sum}`);
    }
  });
});
