import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { NamedChart } from "../chart/index.js";
import { WirelatError } from "../errors/index.js";
import { writeWhole } from "./whole-file.js";

/** Charts and pages are named so; of an earlier result none may stay beside a newer one. */
const CHART_FILE = /^report\.html$|^(?:cdf|ccdf|percentiles|waterfall|steps|copies|difference|change|histogram|timeline|load|heat-map|utilisation)(?:-[a-z0-9-]+)?\.(?:png|svg)$/u;

/** The folder of one result. Shown paths are as the user wrote --out, never absolute unless that was. */
export class ResultFolder {
  readonly #path: string;

  constructor(out: string, id: string) {
    this.#path = join(out, id);
  }

  /** Writes texts by name, each whole or not at all, and removes charts and page of what was here before. Answers the paths. */
  write(texts: Readonly<Record<string, string>>): readonly string[] {
    return this.#attempt(() => {
      mkdirSync(this.#path, { recursive: true });
      for (const name of readdirSync(this.#path)) if (CHART_FILE.test(name)) rmSync(join(this.#path, name));
      return Object.entries(texts).map(([name, text]) => this.#put(name, text));
    });
  }

  /** Writes the page. Answers its path. */
  page(text: string): string {
    return this.#attempt(() => this.#put("report.html", text));
  }

  /** Draws the charts as PNG and SVG, as long as nobody stops it. Answers the paths. Throws `chart-unavailable`. */
  async draw(charts: readonly NamedChart[], onChart: (name: string) => void, signal: AbortSignal): Promise<readonly string[]> {
    const { renderChart } = await import("../chart/index.js");
    this.#attempt(() => mkdirSync(this.#path, { recursive: true }));
    const paths: string[] = [];
    for (const chart of charts) {
      if (signal.aborted) break;
      onChart(chart.name);
      for (const format of ["png", "svg"] as const) {
        const bytes = await renderChart(chart, format);
        paths.push(this.#attempt(() => this.#put(`${chart.name}.${format}`, bytes)));
      }
      // Drawing never waits for anything, and signals come only to those who wait.
      await new Promise((resolve) => void setImmediate(resolve));
    }
    return paths;
  }

  #put(name: string, content: string | Uint8Array): string {
    return writeWhole(join(this.#path, name), content);
  }

  #attempt<T>(action: () => T): T {
    try {
      return action();
    } catch (cause) {
      if (!(cause instanceof Error && "code" in cause)) throw cause;
      throw new WirelatError("result-unwritable", `${this.#path} cannot be written: ${cause.message}`, { remedy: "Name another folder with --out, or check its permissions.", cause });
    }
  }
}
