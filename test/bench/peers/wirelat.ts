// The engine as a peer among peers: in a process of its own, by processor time. `wirelat.ts WORKLOAD UNITS events|fused`.
import { inlineMore } from "../../../dist/cli/inlining.js";
import { runToEnd } from "../../../dist/engine/index.js";
import { machineFor } from "../measure.js";
import { mm1, phold, pipelineConstant, pipelineExponential } from "../workloads.js";
import { tellWarm } from "./workload.js";

inlineMore(Infinity);

const FLOWS: Readonly<Record<string, typeof mm1>> = { mm1, "pipeline-exponential": pipelineExponential, "pipeline-constant": pipelineConstant };

tellWarm((workload, units, how) => {
  const tokens = Number(/^phold-(\d+)$/.exec(workload)?.[1] ?? 0);
  const rounds = Math.ceil(units / Math.max(tokens, 1));
  const program = tokens > 0 ? phold(tokens, rounds) : FLOWS[workload]!();
  const { machine, recorder } = machineFor(program, tokens > 0 ? tokens : units, { bare: true, fuse: how === "fused" });
  return {
    run: () => {
      runToEnd(machine);
      return { events: machine.events, mean: recorder.mean / (tokens > 0 ? rounds : 1) };
    },
  };
});
