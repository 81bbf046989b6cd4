const SHOWN = 12;

/** A chart configuration as text that can be compared: functions by their presence, long lists by their ends and length. */
export function snapshotOf(value: unknown): string {
  return `${JSON.stringify(value, (_, one: unknown) => plain(one), 2)}\n`;
}

function plain(value: unknown): unknown {
  if (typeof value === "function") return "[function]";
  if (!Array.isArray(value) || value.length <= SHOWN) return value;
  return { length: value.length, first: value.slice(0, 3), last: value.slice(-3) };
}
