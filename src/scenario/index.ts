export { compile, type Catalogue, type Compiled, type CompiledPath } from "./compile.js";
export type { CompiledMetric } from "./metrics.js";
export type * from "./types.js";
