export { compareText } from "./compare-report.js";
export { percentilesCsv, percentilesMarkdown } from "./percentile-export.js";
export { reportText } from "./run-report.js";
export { plainStyle, type Paint, type ReportOptions, type Style } from "./style.js";
export { clip, fit, textWidth, wrap } from "./text-width.js";
