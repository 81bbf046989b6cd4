import type { TwoMoments } from "./single-server.js";

/** One class of Poisson messages; classes are listed from the most to the least urgent. */
export interface PriorityClass {
  readonly rate: number;
  readonly service: TwoMoments;
}

/** Σ ρ_j of the first `count` classes. */
function loadOf(classes: readonly PriorityClass[], count: number): number {
  return classes.slice(0, count).reduce((sum, { rate, service }) => sum + rate * service.mean, 0);
}

/** Mean work found in service, of the first `count` classes. */
function residualOf(classes: readonly PriorityClass[], count: number): number {
  return classes.slice(0, count).reduce((sum, { rate, service }) => sum + (rate * service.square) / 2, 0);
}

function stableLoads(classes: readonly PriorityClass[]): void {
  const load = loadOf(classes, classes.length);
  if (!(load < 1)) throw new RangeError(`utilisation ${load}: no steady state`);
}

/** Mean waits by class, non-preemptive (Cobham). */
export function nonPreemptiveWaits(classes: readonly PriorityClass[]): number[] {
  stableLoads(classes);
  const residual = residualOf(classes, classes.length);
  return classes.map((_, index) => residual / ((1 - loadOf(classes, index)) * (1 - loadOf(classes, index + 1))));
}

/** Mean sojourns by class, preemptive-resume. */
export function preemptiveResumeSojourns(classes: readonly PriorityClass[]): number[] {
  stableLoads(classes);
  return classes.map(({ service }, index) => {
    const above = 1 - loadOf(classes, index);
    return service.mean / above + residualOf(classes, index + 1) / (above * (1 - loadOf(classes, index + 1)));
  });
}

/** Mean sojourn of a message of `size` (its time alone) under processor sharing, whatever the distribution of sizes. */
export function processorSharingSojourn(size: number, utilisation: number): number {
  if (!(utilisation < 1)) throw new RangeError(`utilisation ${utilisation}: no steady state`);
  return size / (1 - utilisation);
}
