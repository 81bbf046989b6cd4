import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ProgressDisplay } from "../../../src/cli/progress.js";
import type { Screen } from "../../../src/cli/screen.js";
import { plainStyle } from "../../../src/report/index.js";

/** A display whose clock is set by hand, and everything it has printed. */
function display(rewritable: boolean, quiet = false): { readonly at: (time: number, done: number) => void; readonly printed: string[]; readonly shown: ProgressDisplay } {
  const printed: string[] = [];
  let now = 0;
  const screen: Screen = { out: () => assert.fail("progress goes to standard error"), err: (text) => void printed.push(text), columns: 80, style: plainStyle, errorStyle: plainStyle, rewritable, errorColumns: 65 };
  const shown = new ProgressDisplay(screen, quiet, () => now);
  return {
    printed, shown,
    at: (time, done) => {
      now = time;
      shown.show({ what: "small base", done, total: 1_000_000 });
    },
  };
}

describe("progress", () => {
  test("on a terminal one line is rewritten, at most ten times a second, never wider than the terminal, and cleared at the end", () => {
    const { at, printed, shown } = display(true);
    for (const time of [100, 300, 500, 550, 590, 620, 700]) at(time, time * 1000);
    assert.deepEqual(printed, [
      "\r\u001b[Ksm…: 500,000 of 1,000,000 messages (50 %), 1,000,000/s, 1 s left",
      "\r\u001b[Ksm…: 620,000 of 1,000,000 messages (62 %), 1,000,000/s, 1 s left",
    ]);
    shown.clear();
    assert.ok(printed.every((text) => text.length <= "\r\u001b[K".length + 64));
    assert.equal(printed.at(-1), "\r\u001b[K");
    shown.clear();
    assert.equal(printed.length, 3);
  });

  test("in a pipe a plain line comes every ten seconds, with rate and time left", () => {
    const { at, printed, shown } = display(false);
    for (const time of [100, 5000, 10_000, 15_000, 20_000]) at(time, time * 10);
    shown.clear();
    assert.deepEqual(printed, [
      "small base: 100,000 of 1,000,000 messages (10 %), 10,000/s, 2 min left\n",
      "small base: 200,000 of 1,000,000 messages (20 %), 10,000/s, 80 s left\n",
    ]);
  });

  test("work that is over at once shows nothing, nor does quiet work", () => {
    const fast = display(true);
    fast.at(200, 900_000);
    fast.shown.clear();
    assert.deepEqual(fast.printed, []);
    const quiet = display(false, true);
    quiet.at(60_000, 500_000);
    assert.deepEqual(quiet.printed, []);
  });
});
