export { compareInputs, variantsFor, type Compared } from "./compare.js";
export type { BudgetLine, ExplainedInstruction, ExplainedMetric, ExplainedNumber, ExplainedPath, Explanation } from "./explain.js";
export { explainJourneys, type JourneyChoice, type Journeys } from "./explain-journeys.js";
export { explainScenario } from "./explain-scenario.js";
export type { Journey, JourneyBranch, JourneyPiece, Selection } from "./journeys.js";
export { PERCENTILES } from "./execute.js";
export type { Choice, Prepared } from "./prepare.js";
export { runScenario, type RunOptions } from "./run-scenario.js";
export { Session, type Progress, type SessionOptions } from "./session.js";
