// Goal: a model's page tells all that its declaration says, in a form that a reader can use.
// Method: the pages of the whole catalogue, and of one small model whose every line is known.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cataloguePage, modelPage, trafficPage } from "../../../scripts/model-pages.js";
import { bytes, choice, chosen, cycleCount, defineModel, duration, estimated, standard, stage, timing } from "../../../src/modeling/index.js";
import { MODELS, TRAFFIC } from "../../../src/models/index.js";

const SMALL = defineModel({
  name: "fpga/small",
  title: "A small model",
  about: "Does little.",
  provides: "cpu",
  needs: { bus: "bus" },
  params: {
    "wait.time": duration("5 ns", "how long it waits | or not", estimated("a guess", ["1 ns", "9 ns"])),
    "wait.cycles": cycleCount("2 cycles", "cycles of waiting", standard("ieee-802-3")),
    mode: choice(["fast", "slow"], null, "how it waits", chosen("taste")),
  },
  parts: () => ({ one: stage() }),
  operations: (operation) => ({
    wait: operation({
      from: ["wire"],
      meaning: "waits",
      args: { cycles: { ...cycleCount(null, "cycles of waiting", chosen("the path")) }, time: timing(null, "time", chosen("the path")) },
      main: "cycles",
      steps: () => [],
    }),
    go: operation({ meaning: "goes", args: { size: bytes("8 B", "how far", chosen("the path")), time: timing(null, "time", chosen("the path")) }, steps: () => [] }),
  }),
});

describe("the page of a model", () => {
  const lines = modelPage(SMALL).split("\n");

  test("says what it is, what it serves as and what it needs", () => {
    assert.equal(lines[0], "# A small model");
    assert.ok(lines.includes("Serves other models as **cpu**. Needs, on the same host: **bus**."));
  });

  test("lists each parameter with unit, default, meaning and why", () => {
    assert.ok(lines.includes("| `wait.time` | duration | `5 ns` | how long it waits \\| or not | estimate, 1 ns to 9 ns: a guess |"));
    assert.ok(lines.includes("| `mode` | `fast`, `slow` | must be given | how it waits | choice: taste |"));
    assert.ok(lines.includes("| `wait.cycles` | number of cycles | `2 cycles` | cycles of waiting | standard: ieee-802-3 |"));
  });

  test("shows each operation with its arguments and a step as a path has it", () => {
    assert.ok(lines.includes("| `cycles`, or written alone | number of cycles | the parameter `wait.cycles` | cycles of waiting |"));
    assert.ok(lines.includes("Needs the payload in: `wire`."));
    assert.ok(lines.includes("- box.wait: 2 cycles"));
    assert.ok(lines.includes("- box.go: { size: 8 B, time: 1 us }"));
  });
});

describe("the pages of the catalogue", () => {
  test("name every parameter and every operation", () => {
    for (const model of MODELS) {
      const page = modelPage(model);
      for (const name of Object.keys(model.params)) assert.ok(page.includes(`| \`${name}\` |`), `${model.name}: ${name}`);
      for (const name of Object.keys(model.operations)) assert.ok(page.includes(`### ${name}\n`), `${model.name}: ${name}`);
    }
    for (const traffic of TRAFFIC) {
      const page = trafficPage(traffic);
      for (const name of Object.keys(traffic.params)) assert.ok(page.includes(`| \`${name}\` |`), `${traffic.name}: ${name}`);
    }
  });

  test("leave no blank in an example", () => {
    for (const page of [...MODELS.map(modelPage), ...TRAFFIC.map(trafficPage)]) assert.doesNotMatch(page, /…|undefined|\[object/);
  });

  test("are all in the list", () => {
    const list = cataloguePage(MODELS, TRAFFIC);
    for (const { name } of [...MODELS, ...TRAFFIC]) assert.ok(list.includes(`[${name}](${name}.md)`));
  });
});
