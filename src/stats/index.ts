export { autocorrelation, effectiveSampleSize } from "./autocorrelation.js";
export { cdfPoints, type DistributionPoint } from "./cdf.js";
export { quantileInflation } from "./dependence.js";
export { Histogram } from "./histogram.js";
export {
  batchMeans, differencesOf, meanInterval, pairedStretches, scatterInterval, type BatchMeansInterval, type MeanInterval,
} from "./mean-interval.js";
export { MIN_EXCEEDANCES, hasEnoughBeyond, nearestRank, quantileRanks, type RankInterval } from "./order-statistics.js";
export { RankedSamples } from "./ranked-samples.js";
export { LatencyRecorder, type QuantileEstimate, type QuantileInterval, type RecorderOptions } from "./recorder.js";
export { SECTIONS, sections, type Sections } from "./sections.js";
export { studentT } from "./student.js";
export { mser5, type Truncation } from "./warm-up.js";
