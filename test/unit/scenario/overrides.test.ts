import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { PLAIN } from "../../support/fake-catalogue.js";
import { type CheckedScenario, type PathStep, type RawMap } from "../../../src/scenario/index.js";
import { caseOf, param, plainWith, read, refused } from "./reading.js";

/** The plain scenario with one variant x. */
const varied = (overrides: string, text = PLAIN, files = {}): CheckedScenario => caseOf(read(`${text}variants:\n  x: { ${overrides} }\n`, files), "x");

function argument(checked: CheckedScenario, name: string): unknown {
  const step = checked.paths.flatMap((path) => path.steps).find((one): one is PathStep & { kind: "operation" } => one.kind === "operation" && one.name === name);
  assert.ok(step !== undefined, `no step ${name}`);
  const value = step.argument?.value;
  return value instanceof Map ? Object.fromEntries([...(value as RawMap)].map(([key, raw]) => [key, raw.value])) : value;
}

const LOGIC = PLAIN
  .replace("links:", "devices:\n  box: { use: fpga/card, mac.cycles: 4 cycles }\nregions:\n  gw.mailbox: { bytes: 4 KiB, pinned: true, rights: [remote-write] }\nlinks:")
  .replace("    - gw.run: 1 us\n", "    - gw.run: 1 us\n    - box.mac: { cycles: 3 }\n    - gw.poll: { watch: mailbox, loop: 20 ns }\n    - box.mac\n");

describe("a dotted override", () => {
  test("sets a parameter of a component, written or not", () => {
    assert.equal(param(varied("gw.nic.moderation.mode: none"), "gw.nic", "moderation.mode"), "none");
    assert.equal(param(varied("gw.cpu.idle: c6"), "gw.cpu", "idle"), "c6");
    assert.equal(param(varied("gw.nic: { moderation: { mode: none, time: 1 us } }"), "gw.nic", "moderation.time"), "1 us");
  });

  test("leaves the base as it is", () => {
    const scenario = read(plainWith("variants: { x: { gw.nic.moderation.mode: none } }\n"));
    assert.equal(param(caseOf(scenario, "base"), "gw.nic", "moderation.mode"), "timer-from-first");
  });

  test("sets a parameter of traffic, its path, and the run", () => {
    const checked = varied("ticks.rate: 1 kpps, ticks.path: other, run.messages: 77", PLAIN.replace("paths:\n", "paths:\n  other: [feed]\n"));
    assert.deepEqual([checked.traffic[0]?.params["rate"]?.value, checked.traffic[0]?.path, checked.run.messages], ["1 kpps", "other", 77]);
  });

  test("sets a parameter of a region", () => {
    assert.equal(varied("gw.mailbox.pinned: false", LOGIC).regions[0]?.params["pinned"]?.value, false);
    assert.deepEqual(varied("gw.mailbox.rights: []", LOGIC).regions[0]?.params["rights"]?.value, []);
  });

  test("swaps what is used and keeps what is written beside it", () => {
    const checked = varied("gw.nic.use: nic/fancy", PLAIN.replace("nic/plain }", "nic/plain, numa: 1 }"));
    assert.deepEqual([param(checked, "gw.nic", "numa"), param(checked, "gw.nic", "moderation.mode")], [1, "none"]);
  });

  test("sees the parameters of what is swapped in, wherever it stands among the overrides", () => {
    assert.equal(param(varied("gw.nic.busy_poll: 9 us, gw.nic.use: os/model"), "gw.nic", "busy_poll"), "9 us");
  });

  test("reaches through an alias, and a single thread", () => {
    const threads = param(varied("gw.cores.app: 7"), "gw.cpu", "threads");
    assert.ok(threads instanceof Map);
    assert.deepEqual([...(threads as RawMap)].map(([name, raw]) => [name, raw.value]), [["irq", 2], ["app", 7]]);
    assert.equal(param(varied("gw.llc.busy_poll: 3 us"), "gw.os", "busy_poll"), "3 us");
  });

  test("takes a value back with null: first the written one, then the preset's", () => {
    assert.equal(param(varied("gw.nic.moderation.time: null", PLAIN.replace("nic/plain }", "nic/plain, moderation.time: 1 us }")), "gw.nic", "moderation.time"), "16 us");
    assert.equal(param(varied("gw.nic.moderation.time: null"), "gw.nic", "moderation.time"), undefined);
  });

  test("rewrites an argument in every step that writes it, and the parameter of the same name", () => {
    const checked = varied("box.mac.cycles: 8 cycles", LOGIC);
    assert.deepEqual(argument(checked, "box.mac"), { cycles: "8 cycles" });
    assert.equal(param(checked, "box", "mac.cycles"), "8 cycles");
    assert.deepEqual(argument(varied("gw.poll.loop: 2 us", LOGIC), "gw.poll"), { watch: "mailbox", loop: "2 us" });
  });

  test("adds an argument that the operation declares", () => {
    assert.deepEqual(argument(varied("gw.nic.rx.into: user"), "gw.nic.rx"), { into: "user" });
    assert.deepEqual(argument(varied("gw.run.core: irq"), "gw.run"), { time: "1 us", core: "irq" });
  });

  test("replaces an argument that stands alone", () => assert.equal(argument(varied("gw.run: 5 us"), "gw.run"), "5 us"));

  test("takes an argument away with null", () => assert.deepEqual(argument(varied("gw.poll.loop: null", LOGIC), "gw.poll"), { watch: "mailbox" }));

  test("adds a component that says what it is", () => {
    assert.equal(param(varied("gw.extra: { use: nic/plain, numa: 3 }"), "gw.extra", "numa"), 3);
  });

  test("that leads nowhere is refused with the nearest path", () => {
    const error = refused("override-unknown", () => varied("gw.nic.moderation.mod: none"));
    assert.equal(error.remedy, 'Did you mean "gw.nic.moderation.mode"?');
    assert.equal(refused("override-unknown", () => varied("gw.pol.loop: 2 us", LOGIC)).remedy, 'Did you mean "gw.poll.loop"?');
    assert.equal(refused("override-unknown", () => varied("gw.mailbox.pined: true", LOGIC)).remedy, 'Did you mean "gw.mailbox.pinned"?');
    refused("override-unknown", () => varied("metrics.t2t: 1"));
  });

  test("cannot put control characters into a message", () => {
    const { message } = refused("override-unknown", () => varied('"gw.\\e[31m\\nx": 1'));
    assert.equal(message, "the path gw.\u{fffd}[31m\u{fffd}x leads to nothing that can be changed");
  });

  test("is checked like what is written", () => {
    assert.equal(refused("unit-missing", () => varied("gw.nic.moderation.time: 16")).place?.path, "variants.x.gw.nic.moderation.time");
  });
});

describe("an override of the command line", () => {
  test("comes after the variant's", () => {
    const scenario = read(plainWith("variants: { x: { ticks.rate: 1 kpps } }\n"), {}, [{ path: "ticks.rate", text: "5 kpps" }]);
    assert.equal(caseOf(scenario, "x").traffic[0]?.params["rate"]?.value, "5 kpps");
    assert.equal(caseOf(scenario, "base").traffic[0]?.params["rate"]?.value, "5 kpps");
  });

  test("keeps an axis of the sweep at that one value", () => {
    const scenario = read(plainWith("sweep: { ticks.rate: [1 kpps, 2 kpps], ticks.payload: [64 B, 128 B] }\n"), {}, [{ path: "ticks.rate", text: "5 kpps" }]);
    assert.deepEqual(scenario.points, [{ "ticks.payload": "64 B" }, { "ticks.payload": "128 B" }]);
    assert.ok(scenario.cases.every((one) => one.scenario.traffic[0]?.params["rate"]?.value === "5 kpps"));
  });

  test("is shown with its path when it is wrong", () => {
    const error = refused("quantity-malformed", () => read(PLAIN, {}, [{ path: "ticks.rate", text: "fast" }]));
    assert.deepEqual([error.place?.file, error.place?.excerpt], ["--set", "ticks.rate=fast\n           ^"]);
    refused("yaml-syntax", () => read(PLAIN, {}, [{ path: "ticks.rate", text: "[1" }]));
  });
});
