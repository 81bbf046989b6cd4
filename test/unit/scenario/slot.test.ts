// Goal: a component of a host with several buses says which it is plugged into. Method: the same adapter on two buses, whose times differ.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WirelatErrors } from "../../../src/errors/index.js";
import { CATALOGUE } from "../../../src/models/index.js";
import { BUNDLED_FOLDER, compile, diskFolder, readScenario, type FileFolder } from "../../../src/scenario/index.js";

const only = (text: string): FileFolder => ({ label: (name) => name, has: (name) => name === "test.yaml", read: () => new TextEncoder().encode(text), list: () => [] });

/** Latency without load of each variant: from the frame's last bit until it is in memory. */
function floors(nic: string, variants = "{}"): Record<string, number> {
  const text = `
wirelat: 1
id: test
title: Two buses
hosts:
  gw:
    cpu: { use: host/core, threads: { app: 3 } }
    memory: { use: host/llc }
    dram: { use: host/dram }
    numa: { use: host/numa }
    pci: { use: bus/pci-32-33 }
    csa: { use: bus/csa-266 }
    nic: { use: nic/generic-1g${nic} }
links: { feed: { use: link/1000base-t, length: 1 m } }
traffic: { ticks: { use: traffic/constant, rate: 1 kpps, payload: 64 B, path: in } }
paths: { in: [feed, { gw.nic.rx: user }, gw.nic.replenish, { tap: landed }] }
metrics: { in: { from: gw.in@eof, to: landed } }
run: { messages: 1, seed: 1 }
variants: ${variants}
`;
  const scenario = readScenario("test.yaml", { access: { own: only(text), bundled: diskFolder(BUNDLED_FOLDER, "scenarios") }, catalogue: CATALOGUE });
  return Object.fromEntries(scenario.cases.map(({ variant, scenario: one }) => [variant, compile(one, CATALOGUE).paths[0]!.metrics[0]!.floor!]));
}

const refused = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof WirelatErrors);
    return `${error.errors[0]!.code}: ${error.errors[0]!.message} ${error.errors[0]!.remedy}`;
  }
  throw new assert.AssertionError({ message: "nothing was refused" });
};

describe("the slot of a component", () => {
  test("decides which of two buses it uses", () => {
    assert.ok(floors(", slot: pci")["base"]! > floors(", slot: csa")["base"]! + 1_000_000);
  });

  test("can be changed by a variant", () => {
    const both = floors(", slot: pci", "{ near: { gw.nic.slot: csa } }");
    assert.deepEqual(both, { base: floors(", slot: pci")["base"], near: floors(", slot: csa")["base"] });
  });

  test("must be given where a host has two, and must be one of them", () => {
    assert.match(refused(() => floors("")), /^role-unfilled: .*gw\.pci and gw\.csa do.*slot: pci/u);
    assert.match(refused(() => floors(", slot: isa")), /^role-unfilled: .*called isa; none does/u);
    assert.match(refused(() => floors(", slot: llc")), /^role-unfilled/u);
    assert.match(refused(() => floors(", slot: [pci]")), /slot/u);
  });
});
