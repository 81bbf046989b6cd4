/** What the peers in JavaScript share, as workload.h for those in C. */

export const GAP = 1_000_000;
export const MM1_SERVICE = 800_000;
export const SERVICE = 600_000;
export const STAGES = 12;

export interface Run {
  readonly events: number;
  /** Mean latency, or delay of PHOLD [ps]. */
  readonly mean: number;
}

/** Parts of a run before the one that is measured: what is compiled late, and compiled anew, has been by then. */
const WARM = 10;

/** Reads WORKLOAD, UNITS and a way to run from the command line, runs so many units a few times until warm and once more, and prints the line that run.ts reads. */
export function tellWarm(prepare: (workload: string, units: number, how: string) => { readonly run: () => Run }): void {
  const [workload, units, how] = process.argv.slice(2);
  if (workload === undefined || how === undefined) throw new Error("give a workload, a number of units, and a way to run");
  const count = Number(units);
  const { run } = prepare(workload, count, how);
  for (let warm = 0; warm < WARM; warm++) run();
  const start = process.cpuUsage();
  const { events, mean } = run();
  const used = process.cpuUsage(start);
  console.log(`${((used.user + used.system) * 1000) / count} ${events / count} ${mean}`);
}
