/** Puts a look on text that has already been padded, so that escape codes never count as width. */
export type Paint = (text: string) => string;

/** The looks a report uses. The command line gives real ones on a terminal; a pipe, a test or a browser takes `plainStyle`. */
export interface Style {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
}

const asIs: Paint = (text) => text;

/** No escape codes at all. */
export const plainStyle: Style = { bold: asIs, dim: asIs, red: asIs, green: asIs, yellow: asIs };

/** How wide a report may be and how it looks. */
export interface ReportOptions {
  /** Columns of the terminal; no line is longer, down to 40. */
  readonly columns: number;
  readonly style?: Style;
  /** Runs shown in detail (where the time goes, resources); the first of each variant come first. Default 4. */
  readonly detail?: number;
}

/** Options with every blank filled: what the sections of a report work with. */
export interface Page {
  readonly columns: number;
  readonly style: Style;
  readonly detail: number;
}

const NARROWEST = 40;

/** Fills the blanks of `options`; narrower than 40 columns is taken as 40, because tables cannot be read below that. */
export function pageOf(options: ReportOptions): Page {
  const columns = Number.isFinite(options.columns) ? Math.floor(options.columns) : 80;
  return { columns: Math.max(NARROWEST, columns), style: options.style ?? plainStyle, detail: Math.max(1, options.detail ?? 4) };
}
