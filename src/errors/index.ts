export { CODES, type ErrorCode } from "./codes.js";
export { EXIT, InternalFault, WirelatError, WirelatErrors, type ErrorDetails, type SourcePlace } from "./error.js";
