import { createContext, Script } from "node:vm";

/** What ran longer than it may. */
export class TimeIsUp extends Error {}

const CALL = new Script("call()");
const REALM = createContext({ call: (): void => undefined }) as { call: () => void };

/**
 * Runs something that must not go on for ever, and ends it after so many milliseconds, wherever it is. Throws `TimeIsUp`, and whatever it throws.
 * Only Node's own watchdog stops a loop on the thread that would have to look at the clock; it watches a script, so a script does the calling.
 */
export function withinTime<T>(milliseconds: number, action: () => T): T {
  const results: T[] = [];
  const before = REALM.call;
  REALM.call = () => void results.push(action());
  try {
    CALL.runInContext(REALM, { timeout: milliseconds });
  } catch (error) {
    // It comes from the realm of the script, whose Error is another.
    if ((error as { code?: unknown } | null)?.code === "ERR_SCRIPT_EXECUTION_TIMEOUT") throw new TimeIsUp(`not done after ${milliseconds / 1000} s`);
    throw error;
  } finally {
    REALM.call = before;
  }
  return results[0] as T;
}
