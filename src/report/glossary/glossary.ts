import { CHART_AND_AXIS_TERMS } from "./charts.js";
import { COST_TERMS } from "./costs.js";
import { FIELD_TERMS } from "./fields.js";
import { FILE_TERMS } from "./files.js";
import { KIND_TERMS } from "./kinds.js";
import { REPORT_TERMS } from "./reports.js";
import { PROCESSOR_TERMS, RESOURCE_TERMS } from "./resources.js";
import { STATISTIC_TERMS } from "./statistics.js";
import type { Term } from "./term.js";

/** What every column, statistic, account, resource, kind of segment, chart and field means: the page of metrics and `wirelat describe` are made of it. */
export const GLOSSARY: readonly Term[] = [
  ...STATISTIC_TERMS, ...KIND_TERMS, ...COST_TERMS, ...RESOURCE_TERMS, ...PROCESSOR_TERMS, ...REPORT_TERMS, ...CHART_AND_AXIS_TERMS, ...FILE_TERMS, ...FIELD_TERMS,
];

/** All terms of that name among `terms`, however it is spelt: a name may mean a kind of segment and a category of time. The last part of a field's name will do where nothing else has it. */
export function termsCalled(terms: readonly Term[], name: string): Term[] {
  const wanted = plain(name);
  const found = terms.filter((term) => [term.name, ...term.also].some((one) => plain(one) === wanted));
  return found.length > 0 ? found : terms.filter((term) => term.group.startsWith("Fields") && plain(term.name.split(".").at(-1) ?? "") === wanted);
}

/** Spelling that does not matter: case, hyphens, spaces and the break of a heading. */
function plain(name: string): string {
  return name.replaceAll("-\n", "").replaceAll(/[-_\s]/gu, "").toLowerCase();
}
