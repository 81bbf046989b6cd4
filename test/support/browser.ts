import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium, type BrowserContext, type Page } from "playwright-core";
import { CHROMIUM } from "../../scripts/chromium.mjs";
import { PROJECT } from "./spawn-cli.js";

const QUIET = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

/** Why pages cannot be tried in a browser here; false where they can. */
export const noBrowser: string | false = !existsSync(CHROMIUM)
  ? `${CHROMIUM} is not installed`
  : existsSync(join(PROJECT, "dist/page/page.js")) ? false : "dist/page/page.js is missing: run npm run build";

/** A page in a browser, with all that it complained about and asked for. */
export interface OpenPage {
  readonly page: Page;
  readonly complaints: readonly string[];
  readonly requests: readonly string[];
}

/** A browser with an empty profile of its own, closed when the tests of the file are over. */
export class TestBrowser {
  readonly #profile = mkdtempSync(join(tmpdir(), "wirelat-browser-"));
  #context: Promise<BrowserContext> | null = null;

  constructor() {
    after(async () => {
      await (await this.#context)?.close();
      rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
    });
  }

  /** Opens a file in a tab of its own. */
  async open(path: string): Promise<OpenPage> {
    this.#context ??= chromium.launchPersistentContext(this.#profile, { executablePath: CHROMIUM, headless: true, args: QUIET, viewport: { width: 1280, height: 900 } });
    const page = await (await this.#context).newPage();
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
    page.on("request", (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(path).href);
    return { page, complaints, requests };
  }
}
