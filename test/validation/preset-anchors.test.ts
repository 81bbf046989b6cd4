// Goal: what a preset says of itself holds. Method: each anchor of a preset names a published measurement; the scenario that measures the
// same is run with the preset in it. One row a preset set its numbers; the others are what the mechanism makes of it, and misses are stated as such.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { parse } from "yaml";
import { Session } from "../../src/experiment/index.js";
import { CATALOGUE } from "../../src/models/index.js";
import { openScenarioFile, readScenario } from "../../src/scenario/index.js";
import { parseDuration } from "../../src/units/index.js";
import { PROJECT } from "../support/spawn-cli.js";

interface Anchor {
  readonly scenario: string;
  readonly variant?: string;
  readonly payload: string;
  readonly expect: string;
  readonly within: string;
  readonly cite: string;
  /** This is the row that set the preset's numbers. */
  readonly calibrated?: boolean;
  /** Outside of what would be believed, and known to be. */
  readonly missed?: boolean;
  readonly set?: Readonly<Record<string, string>>;
}

const FOLDER = join(PROJECT, "scenarios/hardware/hca");
const anchored = readdirSync(FOLDER).map((file) => parse(readFileSync(join(FOLDER, file), "utf8")) as { preset: string; anchors?: readonly Anchor[] }).filter(({ anchors }) => anchors !== undefined);

/** Median that the scenario finds with the preset as the adapter of both hosts, in ps. */
async function found(preset: string, anchor: Anchor): Promise<number> {
  const { file, access } = openScenarioFile(join(PROJECT, "scenarios", `${anchor.scenario}.yaml`));
  const of = { "a.hca.use": preset, "b.hca.use": preset, "pings.payload": anchor.payload, ...anchor.set };
  const scenario = readScenario(file, { access, catalogue: CATALOGUE, set: Object.entries(of).map(([path, text]) => ({ path, text })) });
  const session = new Session({ catalogue: CATALOGUE });
  const { runs } = await session.run(session.prepare(scenario, { variants: [anchor.variant ?? "base"] }));
  const p50 = runs[0]!.metrics[0]!.percentiles.find(({ q }) => q === 0.5)?.ps;
  assert.ok(p50 !== undefined && p50 !== null);
  return p50;
}

describe("presets with published latencies", () => {
  test("are there, and each says which row it was set by", () => {
    assert.ok(anchored.length >= 4);
    for (const { preset, anchors } of anchored) assert.ok(anchors!.filter(({ calibrated }) => calibrated).length === 1 || anchors!.every(({ missed }) => missed), preset);
  });

  for (const { preset, anchors } of anchored) {
    for (const anchor of anchors!) {
      const { payload, variant = "base", expect, within, missed = false } = anchor;
      test(`${preset}, ${anchor.scenario} ${variant} at ${payload}: ${missed ? "misses" : "within"} ${within} of ${expect}`, async (context) => {
        const ps = await found(preset, anchor);
        const error = ps / parseDuration(expect) - 1;
        context.diagnostic(`${(ps / 1e6).toFixed(3)} us, ${(error * 100).toFixed(1)} %`);
        assert.equal(Math.abs(error) > Number.parseFloat(within) / 100, missed, `${(ps / 1e6).toFixed(3)} us, ${(error * 100).toFixed(1)} %`);
      });
    }
  }
});
