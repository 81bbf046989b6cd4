import { setFlagsFromString } from "node:v8";

/** From so many messages on, a run gains more by it than the compiler takes. */
const LONG = 200_000;

/**
 * Lets the compiler work the parts' functions into the interpreter, which calls a few dozen of them: with the usual budget it leaves
 * half of them out, and a long run takes an eighth longer. It holds for the whole process, so whoever owns that asks for it.
 */
export function inlineMore(messages: number): void {
  if (messages < LONG) return;
  setFlagsFromString("--max-inlined-bytecode-size=1000");
  setFlagsFromString("--max-inlined-bytecode-size-cumulative=5000");
}
