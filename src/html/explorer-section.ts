import { KIND_COLOURS, timelineChart } from "../chart/index.js";
import type { ExplainedMessage, Explored } from "../experiment/index.js";
import { inScale, scaleFor } from "../report/index.js";
import type { Journey } from "../result/index.js";
import { figureOf } from "./chart-section.js";
import { html, type Markup, NOTHING } from "./markup.js";
import { messageId } from "./page-data.js";
import { unitText } from "./runs-section.js";
import { notes, type Chapter } from "./sections.js";
import { barOf, htmlTable } from "./sortable-table.js";

/** What happened to single messages, one at a time: the script shows the chosen one, without a script all stand there. Notes say of which runs there are none, and why. */
export function explorerChapter(explored: readonly Explored[], absent: readonly string[] = []): Chapter | null {
  const chapter = { id: "messages", title: "Single messages" };
  if (explored.every(({ messages }) => messages.length === 0)) return absent.length === 0 ? null : { ...chapter, body: notes(absent) };
  const options = explored.map((one, place) => html`<optgroup label="${one.name}, from ${one.of.toLocaleString("en-US")} messages">${one.messages.map((message, index) => html`<option value="${messageId(place, index)}">${optionText(message)}</option>`)}</optgroup>`);
  const body = [
    notes(["From a short run on the same trajectory. The pieces of a message add up to its latency exactly; where it waited, the message stands that had what it waited for.", ...absent]),
    html`<p class="chooser" hidden><label for="message">Message</label> <select id="message">${options}</select> <button type="button" id="message-before">Previous</button> <button type="button" id="message-next">Next</button></p>
<div id="journeys">${explored.map((one, place) => one.messages.map((message, index) => journeyMarkup(one, message, messageId(place, index))))}</div>`,
  ];
  return { ...chapter, body };
}

function timeText(ps: number): string {
  const scale = scaleFor([ps]);
  return `${inScale(ps, scale)} ${unitText(scale)}`;
}

function optionText({ why, journey }: ExplainedMessage): string {
  return `${why}: message ${journey.message}, ${timeText(journey.latencyPs)}`;
}

function journeyMarkup(one: Explored, { why, journey }: ExplainedMessage, id: string): Markup {
  const { message, source, payload, metric, from, to } = journey;
  return html`<article class="journey" id="${id}" aria-labelledby="${id}-title"><h3 id="${id}-title">Message ${message} of ${one.name}: ${timeText(journey.latencyPs)} <small>${why}</small></h3>
<p>${payload} B from ${source}, ${metric} from ${from} to ${to}; the window begins ${timeText(journey.startPs)} into the run.</p>
${figureOf(timelineChart(`${id}-timeline`, journey))}${piecesTable(journey)}${branches(journey)}</article>
`;
}

function piecesTable(journey: Journey): Markup {
  const { pieces, latencyPs, message } = journey;
  const scale = scaleFor([latencyPs, ...pieces.map(({ ps }) => ps)]);
  const widest = Math.max(1, ...pieces.map(({ ps }) => Math.abs(ps)));
  return htmlTable({
    caption: `Pieces of message ${message}, in ${unitText(scale)}`,
    columns: [
      { head: "step", kind: "text" }, { head: "what", kind: "text" }, { head: "kind", kind: "text" }, { head: "begins at", kind: "number" }, { head: "takes", kind: "number" },
      { head: "bar", kind: "text" }, { head: "waited for", kind: "text", about: "the message that had what this one needed" },
    ],
    rows: pieces.map((piece) => [
      piece.step, piece.label, piece.kind, { show: inScale(piece.atPs, scale), sort: piece.atPs }, { show: inScale(piece.ps, scale), sort: piece.ps },
      { show: barOf(piece.ps / widest, KIND_COLOURS[piece.kind]), sort: piece.ps },
      piece.waitedFor === null ? "" : { show: piece.waitedFor === message ? "itself" : `message ${piece.waitedFor}`, sort: piece.waitedFor },
    ]),
    foot: ["total", "", "", "", inScale(latencyPs, scale), "", ""],
  });
}

function branches({ branches: all }: Journey): Markup {
  if (all.length === 0) return NOTHING;
  return notes(all.map(({ step, slackPs }) => `The branch of ${step} did not decide: it could have taken ${timeText(slackPs)} longer.`));
}
