export { CODES, EXIT, InternalFault, WirelatError, WirelatErrors, type ErrorCode, type ErrorDetails, type SourcePlace } from "./errors/index.js";
export {
  compareInputs, explainScenario, PERCENTILES, runScenario, Session, variantsFor,
  type AxisValue, type BudgetLine, type Choice as RunChoice, type Compared, type ComparedResult, type CompareOptions, type ExplainedInstruction, type ExplainedMetric, type ExplainedNumber, type ExplainedPath, type Explanation,
  type PointChoice, type Prepared, type Progress, type RunOptions, type SessionOptions,
} from "./experiment/index.js";
export {
  ACCOUNTS, all, Amount, amountOf, answerFor, arbitrate, arrive, bareFrame, batch, bus, byteOffset, bytes, cache, CATEGORIES, checkLate, checkTorn, choice,
  choose, chosen, claim, claimAs, claimOnCore, claimStage, clock, compare, count, cycleCount, cycles, dataRate, defineModel, defineTraffic, delay, drop,
  duration, egress, entrust, estimated, eventRate, exponentialGap, flag, frequency, gap, gather, gatherAs, hold, inOrder, inParallel, inPieces, isModel,
  isTraffic, leaveCore, length, list, LOCATIONS, look, messageParams, move, multiply, need, number, order, percent, pipe, pool, published, race, Rate,
  rational, recast, recastAbout, reframe, refuseTraffic, release, remap, repeat, ring, ROLE_OPERATIONS, ROLES, scatter, server, spawn, speculate, stage,
  standard, store, stream, tap, text, thinkTime, threads, timing, toNumber, transfer, transmit, trigger, tupleOf, turn, unitIntervals, use, work, ZERO,
  type Account, type Arrival, type ByteOffset, type Carrier, type Category, type Choice, type ClaimOrder, type Damage, type Egress,
  type EgressSteps, type Evidence, type FlowTuple, type HoldOptions, type InstanceRef, type Location, type MessageShape, type Model, type Needs,
  type Operation, type OperationContext, type OperationOf, type Origin, type Outage, type Pages, type Param, type ParamKind, type Params, type Part,
  type PartOf, type Processor, type Rational, type Region, type Role, type RoleOperation, type Share, type SleepStates, type Step, type TakenArrival,
  type Traffic, type TrafficContext, type TransmitOptions, type UnitIntervals, type Values,
  divide, dropUnlessHeld, enter, meet, oncePerMessage, retry, sequence, shrink, spawnWhole, until, window, type Chance, type Cut, type Meeting, type Pieces,
} from "./modeling/index.js";
export { CATALOGUE, MODELS, TRAFFIC } from "./models/index.js";
export {
  openScenarioFile, readScenario,
  type Catalogue, type CheckedScenario, type Expectation, type FileAccess, type FileFolder, type LoadedPlugin, type NamedPlugin, type PluginLoader, type ReadOptions, type Scenario, type ScenarioCase, type Summary,
} from "./scenario/index.js";
export {
  breakdownOf, comparedPaths, costPerMessage, jsonSchema, percentileOf, pointName, pointText, readResult, RESULT_FORMAT, RESULT_SCHEMA, resultJson, runName,
  SEGMENT_KINDS, segmentTotal, VERSION,
  type Breakdown, type CdfPoint, type ComparedPath, type EvidenceShare, type ExpectationResult, type MessageCounts, type MetricResult, type OwnerCosts,
  type PathChoice, type Percentile, type ReadResult, type ResourceUse, type Result, type RunResult, type ScenarioSummary, type SegmentKind, type SegmentSum,
} from "./result/index.js";
export { ContractSuite, exampleStep, type ContractOptions, type ContractReport, type Verdict } from "./contract/index.js";
export { pluginOf, Plugins } from "./plugin/index.js";
export { compareText, percentilesCsv, percentilesMarkdown, plainStyle, reportText, type Paint, type ReportOptions, type Style } from "./report/index.js";
export { chartsFor, pathCharts, renderChart, type ImageFormat, type NamedChart } from "./chart/index.js";
export {
  arrivals, parseCapture, readCaptureFile, summariseArrivals, writePcap, writePcapng,
  type ArrivalOptions, type ArrivalSeries, type ArrivalSummary, type Capture, type OutgoingPacket,
} from "./capture/index.js";
