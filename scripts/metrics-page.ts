import { TERMS } from "../src/cli/terms.js";
import { GROUPS, type Term } from "../src/report/index.js";

/** The page of everything that reports, charts and files show, from the tables that `wirelat describe` prints. */
export function metricsPage(): string {
  return [
    "# What the numbers mean",
    "",
    "Every column, statistic, cost account, resource, kind of segment, chart, axis and field: what it is, in what unit, and how it is worked out. `wirelat describe NAME` prints",
    "the same on a terminal, `wirelat describe --json` for programs. Pictures of every chart: [charts](charts.md). Times are exact: whole picoseconds inside, printed in the unit that suits.",
    "",
    "Generated from `src/report/glossary` by `npm run docs`.",
    "",
    ...GROUPS.map((group) => `- [${group}](#${anchor(group)})`),
    "",
    ...GROUPS.flatMap((group) => section(group, TERMS.filter((term) => term.group === group))),
  ].join("\n");
}

function section(group: string, terms: readonly Term[]): string[] {
  const rows = terms.map(({ name, also, unit, meaning, how }) => {
    const names = [name, ...also].map((one) => `\`${one.replaceAll("|", "\\|")}\``);
    return `| ${[names.join("<br>"), unit, meaning, how].map((one, index) => (index === 0 ? one : one.replaceAll("|", "\\|"))).join(" | ")} |`;
  });
  return [`## ${group}`, "", "| Name | Unit | Meaning | How it is worked out |", "|---|---|---|---|", ...rows, ""];
}

const anchor = (group: string): string => group.toLowerCase().replaceAll(" ", "-").replaceAll(".", "");
