import { styleText } from "node:util";
import type { Style } from "../report/index.js";

type Format = Parameters<typeof styleText>[0];

/** Where reports go and where everything else goes. */
export interface Screen {
  /** Reports: what a pipe is to receive. */
  readonly out: (text: string) => void;
  /** Progress and errors. */
  readonly err: (text: string) => void;
  readonly columns: number;
  /** Looks on standard output, and on standard error. */
  readonly style: Style;
  readonly errorStyle: Style;
  /** Standard error is a terminal whose line can be rewritten. */
  readonly rewritable: boolean;
  readonly errorColumns: number;
}

/** Columns of a report that goes to a file or a pipe. */
export const PLAIN_COLUMNS = 120;

/** The process's own streams. A reader that goes away (`| head`) ends the printing, not the work, and is no error. */
export function processScreen(): Screen {
  const { stdout, stderr } = process;
  return {
    out: patient(stdout),
    err: patient(stderr),
    columns: columnsOf(stdout),
    style: styleFor(stdout),
    errorStyle: styleFor(stderr),
    rewritable: stderr.isTTY === true && process.env["TERM"] !== "dumb",
    errorColumns: columnsOf(stderr),
  };
}

/** Some terminals say that they have no columns at all. */
function columnsOf(stream: NodeJS.WriteStream): number {
  return stream.isTTY && stream.columns > 0 ? stream.columns : PLAIN_COLUMNS;
}

function patient(stream: NodeJS.WriteStream): (text: string) => void {
  let open = true;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    open = false;
  });
  return (text) => {
    if (open) stream.write(text);
  };
}

function styleFor(stream: NodeJS.WriteStream): Style {
  const paint = (format: Format) => (text: string): string => styleText(format, text, { stream });
  return { bold: paint("bold"), dim: paint("dim"), red: paint("red"), green: paint("green"), yellow: paint("yellow") };
}
