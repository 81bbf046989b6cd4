import type { Agenda } from "./agenda.js";
import { Pool } from "./pools.js";
import type { PoolSpec, WindowGrowth } from "./program.js";
import { REAL } from "./tokens.js";

/**
 * A pool whose capacity follows Reno's law (RFC 5681): below a threshold it grows by what comes back, above it by one segment for each
 * window that comes back. It grows only while it is used: more than half of it below the threshold, all of it above. A loss halves it
 * or takes it back to one segment, once for all that was out at that time. After a pause it is halved for each `idle` that has gone
 * by, down to what it began with.
 */
export class Window extends Pool {
  private size: number;
  private readonly growth: WindowGrowth;
  private threshold = Infinity;
  /** Above the threshold: what has come back since the last segment that it grew by. */
  private counted = 0;
  private releasedAt = -0;
  /** What was out at the last loss and has not come back. */
  private recovering = 0;

  constructor(spec: PoolSpec & { readonly growth: WindowGrowth }, index: number, agenda: Agenda) {
    super(spec, index, agenda);
    this.size = spec.capacity;
    this.growth = spec.growth;
    this.threshold = spec.growth.threshold;
  }

  override release(token: number, units: number, later: number): void {
    this.recovering = Math.max(0, this.recovering - units);
    const grown = this.recovering > 0 ? 0 : this.growthFor(units);
    this.size += grown;
    this.releasedAt = this.agenda.tokens.reals[token + REAL.cursor]! + later;
    super.release(token, units + grown, later);
  }

  /** A loss has been noticed. */
  shrink(to: "half" | "least"): void {
    if (this.recovering > 0) return;
    const { segment } = this.growth;
    this.settle();
    this.recovering = this.size - this.available;
    this.threshold = Math.max(2 * segment, Math.floor(this.size / 2));
    this.resize(to === "half" ? this.threshold : segment);
  }

  override get filled(): number {
    this.settle();
    return this.size - this.available;
  }

  protected override settle(): void {
    super.settle();
    const { idle } = this.growth;
    const { capacity } = this.spec;
    let since = this.agenda.calendar.time - this.releasedAt;
    if (this.size <= capacity || this.available < this.size || since < idle) return;
    let size = this.size;
    for (; since >= idle && size > capacity; since -= idle) size = Math.max(capacity, Math.floor(size / 2));
    // Slow start goes on up to three quarters of what it had been (RFC 2861).
    this.threshold = Math.max(this.threshold === Infinity ? 0 : this.threshold, Math.floor((this.size * 3) / 4));
    this.resize(size);
  }

  private resize(size: number): void {
    this.available += size - this.size;
    this.size = size;
    this.counted = 0;
  }

  private growthFor(units: number): number {
    const { segment } = this.growth;
    const out = this.size - this.available;
    if (this.size < this.threshold) return out * 2 > this.size ? Math.min(units, this.threshold - this.size) : 0;
    if (out + segment <= this.size && this.first() < 0) return 0;
    this.counted += units;
    if (this.counted < this.size) return 0;
    this.counted -= this.size;
    return segment;
  }
}
