import type { ErrorCode } from "./codes.js";

/** Process exit codes: what the shell learns. */
export const EXIT = { ok: 0, expectationFailed: 1, inputWrong: 2, internalFault: 3, interrupted: 130 } as const;

/** Where in a file an error lies; line and column count from 1. */
export interface SourcePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Dotted path inside the document, e.g. `hosts.gw.nic.moderation`. */
  readonly path?: string;
  /** The source line with a caret line under it. */
  readonly excerpt?: string;
}

export interface ErrorDetails {
  readonly place?: SourcePlace;
  /** What the user can do about it, one sentence. */
  readonly remedy?: string;
  readonly cause?: unknown;
}

/** A fault of the input: carries a stable code, a message that names subject and expectation, and where known a place and a remedy. */
export class WirelatError extends Error {
  override readonly name = "WirelatError";
  readonly code: ErrorCode;
  readonly place: SourcePlace | undefined;
  readonly remedy: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.place = details.place;
    this.remedy = details.remedy;
  }

  /** The same error, said to lie at `place`. */
  at(place: SourcePlace): WirelatError {
    return new WirelatError(this.code, this.message, {
      place,
      ...(this.remedy === undefined ? {} : { remedy: this.remedy }),
      ...(this.cause === undefined ? {} : { cause: this.cause }),
    });
  }
}

/** All errors of one input, found in one pass. */
export class WirelatErrors extends Error {
  override readonly name = "WirelatErrors";
  constructor(readonly errors: readonly WirelatError[]) {
    super(errors.map((error) => error.message).join("\n"));
  }
}

/** A broken promise of the simulator itself: never the user's fault, exit code 3. */
export class InternalFault extends Error {
  override readonly name = "InternalFault";
}
