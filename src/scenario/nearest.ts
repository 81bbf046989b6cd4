/** Names longer than this are cut before they are compared: the files are not trusted. */
const LONGEST_COMPARED = 64;

/** The candidate nearest to `name`, or null when none is near enough to be meant: a third of the letters may differ, three at most. */
export function nearest(name: string, candidates: Iterable<string>): string | null {
  const wanted = name.slice(0, LONGEST_COMPARED).toLowerCase();
  let best: string | null = null;
  let least = Math.min(3, Math.max(1, Math.floor(wanted.length / 3))) + 1;
  for (const candidate of candidates) {
    const other = candidate.slice(0, LONGEST_COMPARED).toLowerCase();
    if (Math.abs(other.length - wanted.length) >= least) continue;
    const distance = editDistance(wanted, other);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** ` Did you mean "x"?` with a leading stop, to end a message with; empty where nothing is near. */
export function suggestion(name: string, candidates: Iterable<string>): string {
  const near = nearest(name, candidates);
  return near === null ? "" : `. Did you mean "${near}"?`;
}

/** Letters to insert, delete, change or swap with their neighbour to turn one text into the other. */
function editDistance(left: string, right: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1];
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      current.push(Math.min(
        (previous[column - 1] ?? 0) + (same ? 0 : 1),
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        swapped ? (before[column - 2] ?? 0) + 1 : Infinity,
      ));
    }
    [before, previous] = [previous, current];
  }
  return previous[right.length] ?? 0;
}
