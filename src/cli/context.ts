import type { ReportOptions } from "../report/index.js";
import { pageOf, plainStyle, type Page } from "../report/index.js";
import type { Request } from "./arguments.js";
import { PLAIN_COLUMNS, type Screen } from "./screen.js";

/** What every command gets: what was asked, where to print, and the signal that stops it. */
export interface Context {
  readonly request: Request;
  readonly screen: Screen;
  readonly signal: AbortSignal;
}

/** The looks of a report on this screen. */
export function reportOptions(screen: Screen): ReportOptions {
  return { columns: screen.columns, style: screen.style };
}

export function pageOn(screen: Screen): Page {
  return pageOf(reportOptions(screen));
}

/** The looks of a report in a file. */
export const FILE_REPORT: ReportOptions = { columns: PLAIN_COLUMNS, style: plainStyle };
