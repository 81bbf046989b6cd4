export {
  RESULT_SCHEMA, SEGMENT_KINDS,
  type Breakdown, type CdfPoint, type EvidenceShare, type ExpectationResult, type MessageCounts, type MetricResult, type OwnerCosts,
  type Percentile, type PrecisionResult, type ReplicationResult, type SectionResult, type ResourceUse, type Result, type RunResult, type ScenarioSummary, type SegmentKind, type SegmentSum, type TheoryCurve,
} from "./types.js";
export {
  atSeveralPoints, breakdownOf, comparedPaths, confidenceText, costPerMessage, isSummary, percentileName, percentileOf, pointName, pointText, runName, samePoint, segmentTotal, summaryOf,
  type ComparedPath, type PathChoice,
} from "./reading.js";
export { COMPARISON_SCHEMA, type BandChange, type Change, type Comparison, type CostChange, type Difference, type JudgedChange, type PartChange } from "./comparison.js";
export type { Journey, JourneyBranch, JourneyPiece } from "./journey.js";
export { COMPARISON_FORMAT, RESULT_FORMAT } from "./format.js";
export { comparisonJson, jsonSchema, readResult, resultJson, type ReadResult } from "./json.js";
export { VERSION } from "./version.js";
export { misshapen, type Shape, type ShapeOf } from "./shape.js";
