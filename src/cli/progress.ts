import { clip } from "../report/index.js";
import type { Progress } from "../experiment/index.js";
import { formatCount } from "../units/index.js";
import type { Screen } from "./screen.js";

/** A terminal's line is drawn anew after this many milliseconds, and not at all for work that is over sooner. */
const REDRAW = 100;
const PATIENCE = 400;
/** A pipe gets a line after this many. */
const LINE = 10_000;

/** Shows how far long work is: one line that is rewritten on a terminal, a plain line now and then in a pipe. */
export class ProgressDisplay {
  readonly #start: number;
  #shown = 0;
  #drawn = false;

  constructor(private readonly screen: Screen, private readonly quiet: boolean, private readonly now: () => number = () => performance.now()) {
    this.#start = this.now();
    this.#shown = this.#start;
  }

  show(progress: Progress): void {
    if (this.quiet) return;
    const now = this.now();
    if (now - this.#shown < (this.screen.rewritable ? (this.#drawn ? REDRAW : PATIENCE) : LINE)) return;
    this.#shown = now;
    const numbers = numbersOf(progress, (now - this.#start) / 1000);
    if (this.screen.rewritable) this.#draw(`${clip(progress.what, Math.max(0, this.screen.errorColumns - numbers.length - 3))}: ${numbers}`);
    else this.screen.err(`${progress.what}: ${numbers}\n`);
  }

  /** Says what is being done where no messages are counted. */
  say(text: string): void {
    if (this.quiet || !this.screen.rewritable || this.now() - this.#start < PATIENCE) return;
    this.#draw(text);
  }

  /** Clears the line, so that what follows starts on an empty one. */
  clear(): void {
    if (this.screen.rewritable && this.#drawn) this.screen.err("\r\u001b[K");
    this.#drawn = false;
  }

  #draw(text: string): void {
    this.screen.err(`\r\u001b[K${clip(text, this.screen.errorColumns - 1)}`);
    this.#drawn = true;
  }
}

/** How far, how fast and how long: of more use than the name before them, which is cut where there is no room for both. */
function numbersOf({ done, total }: Progress, seconds: number): string {
  const rate = seconds > 0 ? done / seconds : 0;
  const left = rate > 0 ? `, ${timeText((total - done) / rate)} left` : "";
  const share = total > 0 ? Math.floor((100 * done) / total) : 100;
  return `${formatCount(done)} of ${formatCount(total)} messages (${share} %), ${formatCount(Math.round(rate))}/s${left}`;
}

function timeText(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
