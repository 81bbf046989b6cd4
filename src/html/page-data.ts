import { chartsFor, comparisonCharts, timelineChart, type NamedChart } from "../chart/index.js";
import type { Explored } from "../experiment/index.js";
import { comparedPaths, type ComparedPath, type Difference, type Result } from "../result/index.js";

/** What the script of a page reads: enough to make the same charts as the page's maker. */
export type PageData =
  | { readonly kind: "run"; readonly result: Result; readonly explored: readonly Explored[] }
  | { readonly kind: "compare"; readonly results: readonly Result[]; readonly metric: string | null; readonly differences: readonly Difference[]; readonly explored: readonly Explored[] };

/** Id of the element that holds the data. */
export const DATA_ID = "page-data";

/** The charts of a page, by the functions that make the files: in the page's maker for size and words, in the browser to draw them. */
export function pageCharts(data: PageData): NamedChart[] {
  if (data.kind === "run") return [...chartsFor(data.result), ...messageCharts(data.explored)];
  return [...comparisonCharts(pathsOfPage(data), data.differences), ...messageCharts(data.explored)];
}

/** The paths that a comparison sets side by side. */
export function pathsOfPage({ results, metric }: Extract<PageData, { readonly kind: "compare" }>): ComparedPath[] {
  return comparedPaths(results, { everyPoint: true, ...(metric === null ? {} : { metric }) });
}

/** The id of a message on the page, which is also the name of its chart. */
export function messageId(place: number, index: number): string {
  return `message-${place}-${index}`;
}

function messageCharts(explored: readonly Explored[]): NamedChart[] {
  return explored.flatMap(({ messages }, place) => messages.map(({ journey }, index) => timelineChart(`${messageId(place, index)}-timeline`, journey)));
}
