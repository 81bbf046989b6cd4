export { cdfChart } from "./cdf.js";
export { chartsFor, pathCharts } from "./charts-for.js";
export { copiesChart } from "./copies.js";
export type { NamedChart } from "./frame.js";
export { percentileChart } from "./percentile-curve.js";
export { renderChart, type ImageFormat } from "./render.js";
export { stepsChart } from "./steps.js";
export { waterfallChart } from "./waterfall.js";
