/**
 * Closed forms from queueing theory, for tests only: what the engine must agree with.
 * Every function takes one consistent unit of time; rates are per that unit.
 */
export * from "./oracles/acceptance.js";
export * from "./oracles/batching.js";
export * from "./oracles/networks.js";
export * from "./oracles/priorities.js";
export * from "./oracles/single-server.js";
