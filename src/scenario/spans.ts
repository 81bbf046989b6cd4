interface Span {
  readonly from: number;
  until: number;
}

/** When parts are taken, by the number of the part. */
class Spans {
  readonly #taken = new Map<number, Span[]>();

  /** Takes a part for so long from the first time on, not before `t`, at which it is free for so long; that time. */
  take(part: number, t: number, occupancy: number): number {
    let spans = this.#taken.get(part);
    if (spans === undefined) this.#taken.set(part, (spans = []));
    let start = t;
    let at = firstAfter(spans, t);
    for (let next = spans[at]; next !== undefined && next.from < start + occupancy; next = spans[++at]) start = Math.max(start, next.until);
    // What is taken without a break is one span, so that a busy part has few of them.
    const before = spans[at - 1];
    if (before?.until === start) before.until += occupancy;
    else spans.splice(at, 0, { from: start, until: start + occupancy });
    return start;
  }
}

/** Index of the first span that ends after `t`. */
function firstAfter(spans: readonly Span[], t: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((spans[middle]?.until ?? 0) > t) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The stages and the directions of buses that the parts of one message take from each other. */
export interface Taken {
  readonly stages: Spans;
  readonly buses: Spans;
}

export const nothingTaken = (): Taken => ({ stages: new Spans(), buses: new Spans() });
