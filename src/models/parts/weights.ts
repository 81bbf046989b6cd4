const WRITTEN = /^[1-9]\d{0,5}(?::[1-9]\d{0,5})*$/;

/** Weights of the classes from 0 on, written as "4:2:1"; null when that is not what the text is. */
export function weightsOf(text: string): readonly number[] | null {
  return WRITTEN.test(text) ? text.split(":").map(Number) : null;
}
