import { WirelatError } from "../errors/index.js";

/** A byte of a named file. */
export interface FilePosition {
  readonly name: string;
  readonly offset: number;
}

const REPAIR = "Record it again, or cut it before this byte with tcpdump or editcap.";

/** The file contradicts its own format at this byte. */
export function corrupt(position: FilePosition, problem: string, remedy: string = REPAIR): WirelatError {
  return new WirelatError("capture-corrupt", `${position.name}, byte ${position.offset}: ${problem}`, { remedy });
}

/** The file asks for more memory or time than its reader grants. */
export function tooLarge(position: FilePosition, problem: string, remedy: string): WirelatError {
  return new WirelatError("capture-too-large", `${position.name}, byte ${position.offset}: ${problem}`, { remedy });
}
