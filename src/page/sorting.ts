type Order = "ascending" | "descending";

/** Makes buttons of a table's column headings: the first press sorts ascending, the next the other way round. */
export function makeSortable(table: HTMLTableElement): void {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])];
  for (const [column, head] of heads.entries()) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const order = head.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", order);
      sortRows(table, column, order);
    });
  }
}

function sortRows(table: HTMLTableElement, column: number, order: Order): void {
  const body = table.tBodies[0];
  if (body === undefined) return;
  const rows = [...body.rows].map((row) => ({ row, key: keyOf(row.cells[column]) }));
  rows.sort((one, other) => compared(one.key, other.key, order));
  body.append(...rows.map(({ row }) => row));
}

function keyOf(cell: HTMLTableCellElement | undefined): string {
  return cell?.dataset["sort"] ?? cell?.textContent ?? "";
}

/** Numbers by size, all else by letters; what is missing comes last either way. */
function compared(one: string, other: string, order: Order): number {
  if (one === "" || other === "") return one === other ? 0 : one === "" ? 1 : -1;
  const difference = Number(one) - Number(other);
  const rising = Number.isNaN(difference) ? one.localeCompare(other, "en", { numeric: true }) : difference;
  return order === "ascending" ? rising : -rising;
}
