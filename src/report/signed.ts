import { inScale, type TimeScale } from "./time-text.js";

/** A change with its sign, "-" or "+". */
export function signed(ps: number, scale: TimeScale): string {
  const text = inScale(ps, scale);
  return Number(text) > 0 ? `+${text}` : text;
}
