import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BUNDLED, PLAIN } from "../../support/fake-catalogue.js";
import { base, instance, param, plainWith, read, refused } from "./reading.js";

const child = (lines: string): string => `wirelat: 1\nextends: plain\n${lines}`;

describe("a scenario that extends another", () => {
  test("takes over everything that it does not say itself", () => {
    const checked = base(child("run: { messages: 10 }\n"));
    assert.deepEqual(checked.instances.map((one) => one.name), ["gw", "feed", "order"]);
    assert.equal(checked.run.messages, 10);
    assert.deepEqual(checked.metrics.map((metric) => metric.name), ["t2t"]);
  });

  test("merges maps, however they are written", () => {
    const checked = base(child("hosts: { gw: { nic: { moderation.mode: none } } }\n"));
    assert.equal(param(checked, "gw.nic", "moderation.mode"), "none");
    assert.equal(param(checked, "gw.nic", "moderation.time"), "16 us");
    const nested = base(child("hosts: { gw: { nic: { moderation: { mode: none } } } }\n"));
    assert.deepEqual(instance(nested, "gw.nic").params["moderation.mode"]?.value, "none");
  });

  test("replaces lists", () => {
    const checked = base(child("paths: { t2t: [feed, order] }\n"));
    assert.deepEqual(checked.paths[0]?.steps.map((step) => step.kind === "operation" && step.name), ["feed", "order"]);
  });

  test("deletes with null what it inherits", () => {
    const scenario = read(`wirelat: 1\nextends: swept.yaml\nsweep: { ticks.payload: null }\nvariants: { slow: null }\n`, {
      "swept.yaml": plainWith("sweep: { ticks.rate: [1 kpps, 2 kpps], ticks.payload: [64 B, 128 B] }\nvariants: { slow: { ticks.rate: 1 pps }, fast: { ticks.rate: 1 Mpps } }\n"),
    });
    assert.deepEqual(scenario.points, [{ "ticks.rate": "1 kpps" }, { "ticks.rate": "2 kpps" }]);
    assert.deepEqual(scenario.variants, ["base", "fast"]);
  });

  test("does not take over what the other says of itself", () => {
    const { summary } = read(child(""), { "plain.yaml": `${PLAIN}id: plain\ntitle: Plain\nabout: Nothing\nlevel: architect\nsource: [one]\n` });
    assert.deepEqual(summary, { id: "main", title: "main", about: "", level: "architect", source: ["one"] });
  });

  test("replaces a distribution as a whole", () => {
    const checked = base("wirelat: 1\nextends: other.yaml\nhosts: { gw: { nic: { rx.pipeline: { dist: exp, mean: 3 us } } } }\n", {
      "other.yaml": PLAIN.replace("{ use: nic/plain }", "{ use: nic/plain, rx.pipeline: { dist: uniform, min: 1 us, max: 2 us } }"),
    });
    const written = param(checked, "gw.nic", "rx.pipeline");
    assert.ok(written instanceof Map);
    assert.deepEqual([...written.keys()], ["dist", "mean"]);
  });

  test("finds files beside the file that names them, and scenarios of the package by id", () => {
    const files = { "deep/one.yaml": "wirelat: 1\nextends: two.yaml\n", "deep/two.yaml": "wirelat: 1\nextends: plain\nrun: { seed: 9 }\n" };
    assert.equal(base("wirelat: 1\nextends: deep/one.yaml\n", files).run.seed, 9);
    const rooted = { "deep/one.yaml": "wirelat: 1\nextends: rooted\n", "rooted.yaml": plainWith("run: { seed: 5 }\n") };
    assert.equal(base("wirelat: 1\nextends: deep/one.yaml\n", rooted).run.seed, 5);
  });

  test("names the files that it was read from", () => {
    const { inputs } = read(child(""));
    assert.deepEqual([...inputs.keys()].sort(), ["bundled/hardware/host/server.yaml", "bundled/hardware/link/ten.yaml", "bundled/hardware/nic/plain.yaml", "bundled/plain.yaml", "main.yaml"]);
  });
});

describe("a preset", () => {
  test("gives its values with their evidence, over those of what it extends", () => {
    const checked = base(PLAIN.replace("nic/plain", "nic/fancy"));
    const { params } = instance(checked, "gw.nic");
    assert.deepEqual([params["moderation.mode"]?.value, params["moderation.mode"]?.evidence?.tag], ["none", "chosen"]);
    assert.deepEqual(params["moderation.time"]?.evidence, { tag: "published", cite: "linux-mlx5-en-h" });
    assert.deepEqual(params["rx.pipeline"]?.evidence, { tag: "estimated", basis: "like others", range: ["80 ns", "180 ns"] });
    assert.equal(instance(checked, "gw.nic").model, "nic/model");
    assert.equal(instance(checked, "gw.nic").use, "nic/fancy");
  });

  test("is overridden by what stands beside `use`, which has no evidence", () => {
    const { params } = instance(base(PLAIN.replace("nic/plain }", "nic/plain, moderation: { time: 1 us } }")), "gw.nic");
    assert.deepEqual([params["moderation.time"]?.value, params["moderation.time"]?.evidence], ["1 us", null]);
  });

  test("of a host brings components, to change, to add to and to take away", () => {
    const checked = base(PLAIN.replace("use: host/server\n    nic: { use: nic/plain }", "use: host/big\n    nic: { moderation.mode: none }\n    second: { use: nic/fancy }\n    os: null").replace("    - gw.run: 1 us\n", ""));
    assert.deepEqual(checked.instances[0]?.children.map((one) => one.name), ["gw.cpu", "gw.nic", "gw.second"]);
    assert.equal(param(checked, "gw.nic", "numa"), 1);
    assert.equal(param(checked, "gw.nic", "moderation.mode"), "none");
    assert.equal(param(checked, "gw.cpu", "idle"), "c1");
    assert.deepEqual(instance(checked, "gw.cpu").params["clock"]?.evidence, { tag: "published", cite: "memory-latency-checker" });
  });

  test("of a host lets go of what it said of a component that is swapped", () => {
    const checked = base(PLAIN.replace("use: host/server\n    nic: { use: nic/plain }", "use: host/big\n    nic: { use: nic/fancy }"));
    assert.equal(param(checked, "gw.nic", "numa"), undefined);
  });

  test("has aliases for what its components take", () => {
    const threads = param(base(PLAIN), "gw.cpu", "threads");
    assert.ok(threads instanceof Map);
    assert.deepEqual([...threads.keys()], ["irq", "app"]);
    assert.equal(param(base(PLAIN.replace("cores: {", "llc: { busy_poll: 9 us }\n    cores: {")), "gw.os", "busy_poll"), "9 us");
  });

  test("gives back the model's default for null", () => {
    assert.equal(param(base(PLAIN.replace("nic/plain }", "nic/plain, moderation.time: null }")), "gw.nic", "moderation.time"), undefined);
  });

  test("beside the scenario stands before one of the package", () => {
    const own = (BUNDLED["hardware/nic/plain.yaml"] ?? "").replace("16 us", "99 us");
    assert.equal(param(base(PLAIN, { "hardware/nic/plain.yaml": own }), "gw.nic", "moderation.time"), "99 us");
  });

  test("may be a model itself", () => {
    const spec = instance(base(PLAIN.replace("nic/plain", "nic/model")), "gw.nic");
    assert.deepEqual([spec.use, spec.model, spec.params], ["nic/model", "nic/model", {}]);
  });

  test("cannot be used where another kind of thing stands", () => {
    refused("preset-unknown", () => read(PLAIN.replace("{ use: traffic/poisson, rate: 20 kpps, payload: 64 B, path: t2t }", "{ use: nic/plain, path: t2t }")));
  });
});
