export { compareText } from "./compare-report.js";
export { GLOSSARY, termsCalled } from "./glossary/glossary.js";
export { GROUPS, type Term } from "./glossary/term.js";
export { percentilesCsv, percentilesMarkdown } from "./percentile-export.js";
export { reportText } from "./run-report.js";
export { pageOf, plainStyle, type Page, type Paint, type ReportOptions, type Style } from "./style.js";
export { renderTable, type Cell, type Column } from "./table.js";
export { clip, fit, textWidth, wrap } from "./text-width.js";
