import { DATA_ID, pageCharts, type PageData } from "../html/index.js";
import { drawCharts } from "./draw-charts.js";
import { exploreMessages } from "./message-explorer.js";
import { makeSortable } from "./sorting.js";

const text = document.getElementById(DATA_ID)?.textContent;
for (const table of document.querySelectorAll<HTMLTableElement>("table[data-sortable]")) makeSortable(table);
exploreMessages();
if (text !== undefined && text !== null) drawCharts(pageCharts(JSON.parse(text) as PageData));
