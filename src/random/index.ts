export { Distribution, type Law } from "./distribution.js";
export { distribution, type TruncatedNormal } from "./distributions.js";
export { exponential, exponentialTime, ExponentialStream } from "./exponential.js";
export { componentKey, uniform, uniformOpen, type ComponentKey } from "./keyed.js";
export { normalCdf, normalQuantile } from "./normal.js";
export { exp, log } from "./portable-math.js";
