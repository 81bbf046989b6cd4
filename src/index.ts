export { CODES, EXIT, InternalFault, WirelatError, WirelatErrors, type ErrorCode, type ErrorDetails, type SourcePlace } from "./errors/index.js";
export {
  compareInputs, explainScenario, PERCENTILES, runScenario, Session, variantsFor,
  type BudgetLine, type Choice, type Compared, type ExplainedInstruction, type ExplainedMetric, type ExplainedNumber, type ExplainedPath, type Explanation,
  type Prepared, type Progress, type RunOptions, type SessionOptions,
} from "./experiment/index.js";
export { CATALOGUE, MODELS, TRAFFIC } from "./models/index.js";
export {
  openScenarioFile, readScenario,
  type Catalogue, type CheckedScenario, type Expectation, type FileAccess, type FileFolder, type ReadOptions, type Scenario, type ScenarioCase, type Summary,
} from "./scenario/index.js";
export {
  breakdownOf, comparedPaths, costPerMessage, jsonSchema, percentileOf, pointName, pointText, readResult, RESULT_FORMAT, RESULT_SCHEMA, resultJson, runName,
  SEGMENT_KINDS, segmentTotal, VERSION,
  type Breakdown, type CdfPoint, type ComparedPath, type EvidenceShare, type ExpectationResult, type MessageCounts, type MetricResult, type OwnerCosts,
  type PathChoice, type Percentile, type ReadResult, type ResourceUse, type Result, type RunResult, type ScenarioSummary, type SegmentKind, type SegmentSum,
} from "./result/index.js";
export { compareText, percentilesCsv, percentilesMarkdown, plainStyle, reportText, type Paint, type ReportOptions, type Style } from "./report/index.js";
export { chartsFor, pathCharts, renderChart, type ImageFormat, type NamedChart } from "./chart/index.js";
export {
  arrivals, parseCapture, readCaptureFile, summariseArrivals, writePcap, writePcapng,
  type ArrivalOptions, type ArrivalSeries, type ArrivalSummary, type Capture, type OutgoingPacket,
} from "./capture/index.js";
