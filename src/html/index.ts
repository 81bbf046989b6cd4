export { comparePage, type ComparePage } from "./compare-page.js";
export type { PageTools } from "./document.js";
export { DATA_ID, pageCharts, type PageData } from "./page-data.js";
export { runPage, type RunPage, type ScenarioText } from "./run-page.js";
export type { Sources } from "./verdict-section.js";
