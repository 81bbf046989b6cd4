import type { Journeys } from "../experiment/index.js";
import { renderTable, wrap, type Cell, type Page } from "../report/index.js";
import { pointText, type Journey, type JourneyPiece } from "../result/index.js";
import { formatDuration } from "../units/index.js";

/** What `explain --message`, `--worst` and `--at` print: each message piece by piece, with whom it waited for. Ends in a newline. */
export function journeysText(title: string, { variant, point, journeys }: Journeys, page: Page): string {
  const at = pointText(point);
  const head = `${title}: variant ${variant}${at === "" ? "" : ` at ${at}`}`;
  const notes = wrap("waited for: the message that had last what this one needed; its own number where work on its own behalf had it.", page.columns, "  ").map(page.style.dim);
  return `${[wrap(head, page.columns).map(page.style.bold), ...journeys.map((journey) => journeySection(journey, page)), notes].map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function journeySection(journey: Journey, page: Page): string[] {
  const { message, source, path, payload, metric, from, to, startPs, latencyPs } = journey;
  const title = `Message ${message} of ${source} on ${path}, ${payload} B: ${metric} ${formatDuration(latencyPs)}, ${from} to ${to}, from ${formatDuration(startPs)}`;
  const { lines } = renderTable({
    columns: [
      { head: "at", align: "right" }, { head: "step", align: "left", least: 10 }, { head: "what", align: "left", least: 17 }, { head: "kind", align: "left", drop: 2 },
      { head: "took", align: "right" }, { head: "waited for", align: "right", drop: 1 },
    ],
    rows: journey.pieces.map((piece, index) => pieceRow(piece, journey.pieces[index - 1], page)),
    foot: [["", "total", "", "", formatDuration(latencyPs), ""]],
  }, page);
  const slack = journey.branches.filter((branch) => branch.slackPs > 0).map((branch) => `  Beside it: ${branch.step}, which could have taken ${formatDuration(branch.slackPs)} longer for free.`);
  return [...wrap(title, page.columns, "  ").map(page.style.bold), "", ...lines, ...(slack.length === 0 ? [] : ["", ...slack.flatMap((line) => wrap(line, page.columns, "    "))])];
}

function pieceRow(piece: JourneyPiece, before: JourneyPiece | undefined, page: Page): Cell[] {
  const waiting: Cell = piece.waitedFor === null ? "" : { text: `message ${piece.waitedFor}`, paint: page.style.yellow };
  return [formatDuration(piece.atPs), before?.step === piece.step ? "" : piece.step, piece.label, piece.kind, formatDuration(piece.ps), waiting];
}
