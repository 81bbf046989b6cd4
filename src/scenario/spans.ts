interface Span {
  readonly from: number;
  readonly until: number;
}

/** When parts are taken, by the number of the part. */
class Spans {
  readonly #taken = new Map<number, Span[]>();

  /** Takes a part for so long from the first time on, not before `t`, at which it is free for so long; that time. */
  take(part: number, t: number, occupancy: number): number {
    const spans = this.#taken.get(part) ?? [];
    let start = t;
    let at = spans.findIndex(({ until }) => until > t);
    if (at < 0) at = spans.length;
    for (let next = spans[at]; next !== undefined && next.from < start + occupancy; next = spans[++at]) start = Math.max(start, next.until);
    spans.splice(at, 0, { from: start, until: start + occupancy });
    this.#taken.set(part, spans);
    return start;
  }
}

/** The stages and the directions of buses that the parts of one message take from each other. */
export interface Taken {
  readonly stages: Spans;
  readonly buses: Spans;
}

export const nothingTaken = (): Taken => ({ stages: new Spans(), buses: new Spans() });
