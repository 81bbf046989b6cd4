import { setFlagsFromString } from "node:v8";

/**
 * Lets the compiler work the parts' functions into the interpreter, which calls a few dozen of them: with the usual budget it leaves
 * half of them out, and a run takes an eighth longer. It holds for the whole process, so whoever owns that asks for it.
 */
export function inlineMore(): void {
  setFlagsFromString("--max-inlined-bytecode-size-cumulative=3000");
}
