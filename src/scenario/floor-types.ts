/** Time that one instruction adds with a single message in flight. */
export interface Contribution {
  readonly pc: number;
  readonly time: number;
}

export interface Floor {
  /** Cursor at each mark, NaN where the path does not pass it. */
  readonly marks: Float64Array;
  readonly contributions: readonly Contribution[];
  /** The same up to the end of off-path work in which metrics end, by the index of what starts it. */
  readonly asides: ReadonlyMap<number, readonly Contribution[]>;
}
