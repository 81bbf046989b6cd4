// The engine as a peer among peers: in a process of its own, by processor time. `wirelat.ts WORKLOAD UNITS events|fused`.
import { inlineMore } from "../../../dist/cli/inlining.js";
import { start } from "../../../dist/engine/index.js";
import { ENDLESS, machineFor, runOn } from "../measure.js";
import { mm1, phold, pipelineConstant, pipelineExponential } from "../workloads.js";
import { tellWarm } from "./workload.js";

inlineMore(Infinity);

const FLOWS: Readonly<Record<string, typeof mm1>> = { mm1, "pipeline-exponential": pipelineExponential, "pipeline-constant": pipelineConstant };

tellWarm((workload, units, how) => {
  const tokens = Number(/^phold-(\d+)$/.exec(workload)?.[1] ?? 0);
  const [program, messages, unit] = tokens > 0 ? ([phold(tokens, ENDLESS), tokens, "events"] as const) : ([FLOWS[workload]!(), ENDLESS, "completed"] as const);
  const { machine, recorder } = machineFor(program, messages, { bare: true, fuse: how === "fused" });
  start(machine);
  return {
    run: () => {
      const { events } = machine;
      runOn(machine, unit, units);
      return { events: machine.events - events, mean: tokens > 0 ? (machine.agenda.calendar.time * tokens) / machine.events : recorder.mean };
    },
  };
});
