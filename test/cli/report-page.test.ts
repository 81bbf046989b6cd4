// Goal: report.html does in a browser what it promises. Method: write pages with the command line, open them from disk in headless Chromium
// with an empty profile, and use them as a reader would, with the keyboard; a page may complain of nothing and fetch nothing.
import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { noBrowser, TestBrowser, type OpenPage } from "../support/browser.js";
import { folderWith, SMALL, smallWith } from "../support/small-scenario.js";
import { PROJECT, spawnCli } from "../support/spawn-cli.js";

const HOSTILE = "</script><img src=x onerror=alert(1)>";
const folder = folderWith({ "small.yaml": SMALL, "hostile.yaml": smallWith(["id: small", "id: hostile"], ["title: A small pipeline", `title: "${HOSTILE}"`]) });

/** How many of a sample of the dots of the nth canvas are drawn, once it has had two frames to be drawn in. */
const DOTS = `(async (index) => {
  const canvas = document.querySelectorAll("canvas")[index];
  canvas.scrollIntoView();
  for (let frame = 0; frame < 3; frame++) await new Promise((done) => requestAnimationFrame(done));
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let dots = 0;
  for (let place = 3; place < data.length; place += 28) if (data[place] > 0) dots++;
  return dots;
})`;

/** What is drawn on each canvas that is to be seen. */
async function drawnDots(page: Page): Promise<number[]> {
  const visible = await page.evaluate<number[]>("[...document.querySelectorAll('canvas')].flatMap((one, index) => (one.offsetParent === null ? [] : [index]))");
  const dots: number[] = [];
  for (const index of visible) dots.push(await page.evaluate<number>(`${DOTS}(${index})`));
  return dots;
}

async function texts(page: Page, selector: string): Promise<string[]> {
  return page.locator(selector).allTextContents();
}

const color = (page: Page, selector: string, property: string): Promise<string> => page.evaluate<string>(`getComputedStyle(document.querySelector(${JSON.stringify(selector)})).${property}`);

describe("report.html in a browser", { skip: noBrowser }, () => {
  const browser = new TestBrowser();
  const written = (name: string): string => join(folder, "results", name, "report.html");

  before(async () => {
    const ran = await Promise.all([
      spawnCli(["run", "small.yaml", "hostile.yaml", "--messages", "1500", "--quiet"], { cwd: folder }),
      spawnCli(["compare", "small.yaml@base", "small.yaml@slow", "--messages", "1500", "--quiet"], { cwd: folder }),
      spawnCli(["run", "scenarios/kernel-udp-t2t.yaml", "--variant", "base", "--messages", "2000", "--quiet", "--out", join(folder, "results")], { cwd: PROJECT }),
    ]);
    for (const one of ran) assert.ok(one.code === 0 || one.code === 1, one.stderr);
  });

  /** Opens a page, uses it, and then asks whether it complained or fetched anything. */
  async function using(path: string, use: (opened: OpenPage) => Promise<void>): Promise<void> {
    const opened = await browser.open(path);
    await use(opened);
    assert.deepEqual(opened.complaints, []);
    assert.equal(opened.requests.length, 1, opened.requests.join("\n"));
    await opened.page.close();
  }

  for (const [name, charts] of [["small", 10], ["compare", 7], ["hostile", 10]] as const) {
    test(`${name}: draws every chart, complains of nothing and fetches nothing but itself`, () => using(written(name), async ({ page, requests }) => {
      assert.match(requests[0] ?? "", /^file:.*report\.html$/u);
      assert.ok(statSync(written(name)).size < 5e6);
      const dots = await drawnDots(page);
      assert.ok(dots.length >= charts, `${dots.length} charts`);
      assert.ok(dots.every((count) => count > 1000), dots.join(", "));
    }));
  }

  test("text of others stays text", () => using(written("hostile"), async ({ page }) => {
    assert.equal(await page.title(), HOSTILE);
    assert.deepEqual(await texts(page, "h1"), [HOSTILE]);
    assert.equal(await page.locator("img").count(), 0);
  }));

  test("sorts by keyboard, both ways, and says so", () => using(written("small"), async ({ page }) => {
    const head = page.locator("#runs table >> nth=0 >> thead th", { hasText: "mean" });
    const column = 1 + (await page.evaluate<number>("[...document.querySelectorAll('#runs thead th')].findIndex((one) => one.textContent === 'mean')"));
    const values = async (): Promise<number[]> => (await texts(page, `#runs .wide:first-of-type tbody tr :nth-child(${column})`)).map(Number);
    const before = await values();
    assert.equal(before.length, 4);
    await head.locator("button").focus();
    await page.keyboard.press("Enter");
    assert.equal(await head.getAttribute("aria-sort"), "ascending");
    assert.deepEqual(await values(), [...before].sort((one, other) => one - other));
    await page.keyboard.press("Space");
    assert.equal(await head.getAttribute("aria-sort"), "descending");
    assert.deepEqual(await values(), [...before].sort((one, other) => other - one));
    assert.equal(await page.locator("#runs table >> nth=0 >> th[aria-sort]").count(), 1);
  }));

  test("reads values off a chart with the arrow keys, and hides a line", () => using(written("small"), async ({ page }) => {
    const figure = page.locator('figure[data-chart="cdf-delay"]');
    await figure.scrollIntoViewIfNeeded();
    const readout = figure.locator(".readout");
    await readout.filter({ hasText: "arrow keys" }).waitFor();
    await figure.locator("canvas").focus();
    await page.keyboard.press("End");
    assert.match(await readout.innerText(), /base, 100 kpps: .*ns, 100 %/u);
    const end = await readout.innerText();
    await page.keyboard.press("Home");
    assert.notEqual(await readout.innerText(), end);
    await figure.locator(".series input").first().focus();
    await page.keyboard.press("Space");
    await figure.locator("canvas").focus();
    await page.keyboard.press("End");
    assert.doesNotMatch(await readout.innerText(), /base, 100 kpps/u);
  }));

  test("shows one message at a time, and another when asked", () => using(written("kernel-udp-t2t"), async ({ page }) => {
    const shown = (): Promise<string[]> => texts(page, "#journeys > article:visible > h3");
    const first = await shown();
    assert.equal(first.length, 1);
    await page.locator("#message-next").focus();
    await page.keyboard.press("Enter");
    const second = await shown();
    assert.equal(second.length, 1);
    assert.notDeepEqual(second, first);
    await page.locator("#message").selectOption({ index: 4 });
    assert.equal((await shown()).length, 1);
    const waited = await texts(page, "#journeys article td:last-child");
    assert.ok(waited.some((text) => /^message \d+$/u.test(text)), "somebody waited for somebody");
    const dots = await drawnDots(page);
    assert.ok(dots.every((count) => count > 1000), "the timeline is drawn as well");
  }));

  test("is light or dark as the reader's system is, and on paper light", () => using(written("small"), async ({ page }) => {
    await page.emulateMedia({ colorScheme: "light" });
    assert.equal(await color(page, "body", "backgroundColor"), "rgb(255, 255, 255)");
    assert.equal(await color(page, ".paper canvas", "filter"), "none");
    await page.emulateMedia({ colorScheme: "dark" });
    assert.equal(await color(page, "body", "backgroundColor"), "rgb(22, 25, 29)");
    assert.match(await color(page, ".paper canvas", "filter"), /invert/u);
    await page.emulateMedia({ colorScheme: "dark", media: "print" });
    assert.equal(await color(page, "body", "backgroundColor"), "rgb(255, 255, 255)");
    assert.equal(await color(page, "nav", "display"), "none");
  }));

  test("draws all charts before it is printed, and never makes a narrow window scroll sideways", () => using(written("small"), async ({ page }) => {
    assert.ok((await page.pdf({ format: "A4" })).length > 100_000);
    const undrawn = await page.evaluate<number>("[...document.querySelectorAll('figure.chart')].filter((one) => one.closest('[hidden]') === null && one.querySelector('.readout').textContent === '' && one.querySelector('canvas').width === 900).length");
    assert.equal(undrawn, 0);
    await page.setViewportSize({ width: 390, height: 800 });
    assert.equal(await page.evaluate<number>("document.documentElement.scrollWidth - innerWidth"), 0);
  }));

  test("has a name for everything that takes the focus", () => using(written("small"), async ({ page }) => {
    const nameless = await page.evaluate<string[]>("[...document.querySelectorAll('a, button, select, input, summary, canvas, [tabindex]')].filter((one) => !one.textContent.trim() && !one.getAttribute('aria-label') && !(one.labels?.length > 0)).map((one) => one.outerHTML)");
    assert.deepEqual(nameless, []);
  }));
});
