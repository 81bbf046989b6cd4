import { amountOf, claim, claimStage, cycleCount, defineModel, delay, estimated, frequency, number, type PartOf, pool, rational, release, stage, type Amount, type Rate, type Step } from "../../modeling/index.js";
import { makePacketParts, PACKET_PARAMS, type PacketParams, throughDevice } from "../parts/dpu-packets.js";

const ONE = amountOf(1);

const PARAMS = {
  ...PACKET_PARAMS,
  engines: number(8, "engines that work on packets", estimated("eight to a hundred engines; here one island", ["8", "96"]), 1),
  threads: number(8, "threads of an engine, each with a packet of its own", estimated("four to eight on network processors", ["4", "8"]), 1),
  clock: frequency("800 MHz", "clock of the engines", estimated("0.8 to 1.2 GHz", ["800 MHz", "1.2 GHz"])),
  cycles: cycleCount("320 cycles", "instructions for one packet, one a cycle", estimated("200 to 500 a packet", ["200 cycles", "500 cycles"])),
} as const;

/** While one thread waits for memory another one uses the engine. */
export default defineModel({
  name: "dpu/engines",
  title: "Network processor with threads that take turns on each engine",
  about:
    "A packet comes in whole and gets a thread. The thread runs until it needs memory, gives the engine to another and asks for it again when the memory has answered, so an engine is idle only when all its threads wait. " +
    "The time of a packet is that of its instructions and its accesses; how many are done a second is bound by the instructions alone, as long as there are threads. Packets that are done out of turn wait for those that came before.",
  params: PARAMS,
  parts: ({ params }) => ({
    ...makePacketParts(params),
    threads: pool({ capacity: params.engines.of(0) * params.threads.of(0), whenFull: "block" }),
    engines: stage({ servers: params.engines.of(0) }),
  }),
  operations: (operation) => ({
    process: operation({
      from: ["wire"],
      meaning: "a thread works on the packet, and leaves the engine to others while it waits for memory",
      steps: (context) => throughDevice(context, interleaved(context.params, context.parts)),
    }),
  }),
});

/** Runs of instructions with one access to memory between each two, the slow kinds first. */
function interleaved(params: PacketParams & { readonly clock: Rate; readonly cycles: Amount }, parts: { readonly threads: PartOf<"pool">; readonly engines: PartOf<"stage"> }): readonly Step[] {
  const waits = (["host", "packet", "local"] as const).flatMap((memory) => Array.from({ length: params[`${memory}.accesses`].of(0) }, () => delay(params[`${memory}.access`], `${memory} memory`)));
  const sections = waits.length + 1;
  const until = (section: number): Amount => params.clock.times(rational(params.cycles.of(0) * section, sections), params.cycles.origins);
  // Equal parts of the whole, so that together they are the whole to the picosecond.
  const run = (section: number): Step => claimStage(parts.engines, until(section + 1).minus(until(section)), "instructions");
  return [claim(parts.threads, ONE, "thread"), run(0), ...waits.flatMap((wait, index) => [wait, run(index + 1)]), release(parts.threads, ONE)];
}
