// Goal: `wirelat describe` prints what the page of metrics says, of one name or of all.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { EXHIBITS } from "../../scripts/gallery-list.js";
import type { Term } from "../../src/report/index.js";
import { folderWith, SMALL } from "../support/small-scenario.js";
import { PROJECT, spawnCli } from "../support/spawn-cli.js";

const flat = (text: string): string => text.replaceAll(/\s+/gu, " ");

describe("wirelat describe", () => {
  test("prints what the page says, of every meaning of a name", async () => {
    const page = readFileSync(join(PROJECT, "docs/metrics.md"), "utf8");
    const [ran, json] = await Promise.all([spawnCli(["describe", "copy", "copiedBytes"]), spawnCli(["describe", "copy", "copiedBytes", "--json"])]);
    assert.equal(ran.code, 0, ran.stderr);
    const terms = JSON.parse(json.stdout) as Term[];
    assert.deepEqual(terms.map((term) => term.name), ["copy", "copy", "copied-bytes"]);
    for (const { group, unit, meaning, how } of terms) {
      for (const part of [`${group}; unit: ${unit}`, meaning, how]) assert.ok(flat(ran.stdout).includes(part), part);
      assert.ok(page.includes(`| ${unit} | ${meaning} | ${how} |`), meaning);
    }
  });

  test("lists all names by group, as text and as JSON", async () => {
    const [ran, json] = await Promise.all([spawnCli(["describe"]), spawnCli(["describe", "--json"])]);
    for (const name of ["Segment kinds", "rate-match", "p99.99", "runs.metrics.floorPs", "heat-map"]) assert.ok(ran.stdout.includes(name), name);
    assert.ok((JSON.parse(json.stdout) as Term[]).length > 200);
  });

  test("refuses unknown names, all at once, with the nearest", async () => {
    const ran = await spawnCli(["describe", "serialize", "p99", "xyzzyx"]);
    assert.equal(ran.code, 2);
    assert.equal(ran.stdout, "");
    assert.match(ran.stderr, /called "serialize"[^]*Did you mean "serialise"\?[^]*called "xyzzyx"[^]*wirelat describe/u);
  });
});

describe("the gallery", () => {
  test("has a picture of every chart, small enough to be kept, and the page shows each", () => {
    const page = readFileSync(join(PROJECT, "docs/charts.md"), "utf8");
    for (const { chart } of EXHIBITS) {
      const picture = readFileSync(join(PROJECT, `docs/images/chart-${chart}.svg`), "utf8");
      // Each dash of a line is a shape of its own.
      assert.ok(picture.length > 5_000 && picture.length < 80_000, `${chart}: ${picture.length}`);
      assert.match(picture, /<title>[^<]+<\/title><desc>[^<]{40,}/u);
      assert.ok(page.includes(`images/chart-${chart}.svg`), chart);
    }
  });

  test("is explained by the command that draws it: explain --out writes timelines", async () => {
    const folder = folderWith({ "small.yaml": SMALL });
    const ran = await spawnCli(["explain", "small.yaml", "--worst", "2", "--messages", "300", "--out", "results"], { cwd: folder });
    assert.equal(ran.code, 0, ran.stderr);
    const written = readdirSync(join(folder, "results/small"));
    assert.equal(written.filter((name) => /^timeline-\d+\.(?:png|svg)$/u.test(name)).length, 4, written.join(" "));
    const none = await spawnCli(["explain", "small.yaml", "--out", "results"], { cwd: folder });
    assert.equal(none.code, 2);
    assert.match(none.stderr, /none is chosen[^]*--worst/u);
  });
});
