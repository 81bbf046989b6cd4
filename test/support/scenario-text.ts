import { Machine, runToEnd } from "../../src/engine/index.js";
import { CATALOGUE } from "../../src/models/index.js";
import { BUNDLED_FOLDER, compile, diskFolder, readScenario, type FileFolder } from "../../src/scenario/index.js";

/** A folder that holds one file, in memory. */
function only(text: string): FileFolder {
  return { label: (name) => name, has: (name) => name === "test.yaml", read: () => new TextEncoder().encode(text), list: () => [] };
}

/** What a run of a scenario's base variant gives: latencies by source and metric, in the order of the ends of the messages. */
export interface TextRun {
  readonly machine: Machine;
  readonly latencies: ReadonlyMap<string, readonly number[]>;
}

/** Reads, compiles and runs the base variant of a scenario that is written as in a file; keys of the latencies are "source metric". */
export function runText(text: string): TextRun {
  const scenario = readScenario("test.yaml", { access: { own: only(text), bundled: diskFolder(BUNDLED_FOLDER, "scenarios") }, catalogue: CATALOGUE });
  const [first] = scenario.cases;
  if (first === undefined) throw new Error("the scenario has no case");
  const compiled = compile(first.scenario, CATALOGUE);
  const latencies = new Map<string, number[]>();
  const { messages, warmup, seed } = first.scenario.run;
  const machine = new Machine(compiled.program, {
    seed, messages, warmup, sampleLimit: 0,
    sinks: compiled.paths.map((path) => path.metrics.map((metric) => {
      const list: number[] = [];
      latencies.set(`${path.source} ${metric.name}`, list);
      return { record: (latency: number) => void list.push(latency) };
    })),
  });
  runToEnd(machine);
  return { machine, latencies };
}
