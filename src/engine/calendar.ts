import { InternalFault } from "../errors/index.js";

/** Pending events ordered by (time, rank), first in first out among equals. */
export class Calendar {
  time = 0;
  rank = 0;
  size = 0;
  headTime = Infinity;
  headRank = Infinity;
  private readonly entries: { time: number; rank: number; payload: number }[] = [];

  push(time: number, rank: number, payload: number): void {
    if (time < this.time) throw new InternalFault(`an event at ${time} ps was scheduled at ${this.time} ps`);
    let at = this.entries.length;
    while (at > 0 && (this.entries[at - 1]!.time < time || (this.entries[at - 1]!.time === time && this.entries[at - 1]!.rank <= rank))) at--;
    this.entries.splice(at, 0, { time, rank, payload });
    this.size++;
    this.refresh();
  }

  pop(): number {
    const entry = this.entries.pop()!;
    this.size--;
    this.time = entry.time;
    this.rank = entry.rank;
    this.refresh();
    return entry.payload;
  }

  private refresh(): void {
    const head = this.entries.at(-1);
    this.headTime = head?.time ?? Infinity;
    this.headRank = head?.rank ?? Infinity;
  }
}
