import type { Cell } from "./table.js";

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"] as const;

/** A bar of block characters, `share` (0..1) of `width` columns long; a negative share is drawn light. Anything above zero shows at least a sliver. */
export function barText(share: number, width: number): string {
  const size = Math.min(1, Math.abs(share));
  if (share < 0) return "░".repeat(Math.max(1, Math.round(size * width)));
  const eighths = size === 0 ? 0 : Math.max(1, Math.round(size * width * 8));
  return "█".repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? "");
}

/** A table cell with such a bar; it would like `width` columns and takes what it gets. */
export function barCell(share: number, width: number): Cell {
  return { width, draw: (granted) => barText(share, granted) };
}
