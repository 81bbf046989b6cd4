import { EXIT, WirelatError } from "../errors/index.js";
import { GROUPS, termsCalled, wrap, type Page, type Term } from "../report/index.js";
import { nearest } from "../scenario/index.js";
import { pageOn, type Context } from "./context.js";
import { forAll } from "./load.js";
import { TERMS } from "./terms.js";

/** `wirelat describe`: what something that is shown means, or all names there are. Answers the exit code. */
export function describeCommand({ request, screen }: Context): number {
  const found = request.inputs.length === 0 ? TERMS : [...new Set(forAll([...request.inputs], named).flat())];
  const page = pageOn(screen);
  if (request.values["json"] === true) screen.out(`${JSON.stringify(found, null, 1)}\n`);
  else screen.out(request.inputs.length === 0 ? listText(page) : found.map((term) => termText(term, page)).join("\n"));
  return EXIT.ok;
}

/** Throws `term-unknown`. */
function named(name: string): readonly Term[] {
  const found = termsCalled(TERMS, name);
  if (found.length > 0) return found;
  const near = nearest(name, new Set(TERMS.flatMap((term) => [term.name, ...term.also, term.name.split(".").at(-1) ?? ""])));
  throw new WirelatError("term-unknown", `nothing that is shown is called "${name}"`, { remedy: near === null ? "List all names with wirelat describe." : `Did you mean "${near}"?` });
}

/** One term. Ends in a newline. */
function termText({ name, also, group, unit, meaning, how }: Term, page: Page): string {
  const facts = [`${group}; unit: ${unit}`, ...(also.length > 0 ? [`also ${also.join(", ")}`] : [])].join("; ");
  return `${[
    page.style.bold(name), ...wrap(facts, page.columns - 2, "  ").map((line) => page.style.dim(`  ${line}`)),
    ...wrap(meaning, page.columns - 2).map((line) => `  ${line}`), ...wrap(how, page.columns - 2).map((line) => `  ${line}`),
  ].join("\n")}\n`;
}

function listText(page: Page): string {
  const groups = GROUPS.map((group) => {
    const names = TERMS.filter((term) => term.group === group).map((term) => term.name.replaceAll(" ", "\u00a0"));
    return [page.style.bold(group), ...wrap(names.join(", "), page.columns - 2).map((line) => `  ${line}`)].join("\n");
  });
  return `${groups.join("\n\n")}\n\n${page.style.dim("wirelat describe NAME says what one of them means.")}\n`;
}
