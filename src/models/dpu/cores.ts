import { choice, chosen, claimStage, defineModel, estimated, number, stage, type Step, timing } from "../../modeling/index.js";
import { byFlow, makePacketParts, PACKET_PARAMS, type PacketParams, throughDevice } from "../parts/dpu-packets.js";
import { shifted } from "../parts/pcie-steps.js";

const PARAMS = {
  ...PACKET_PARAMS,
  cores: number(8, "cores that work on packets", estimated("8 to 16 Arm cores", ["8", "16"]), 1),
  work: timing("1 us", "work on one packet beside its accesses to memory, fixed or a distribution", estimated("1.2 to 2 us a packet in all on cores of this class", ["0.6 us", "2 us"])),
  spread: choice(["any", "flow"], "any", "which core gets a packet: any that is free, or that of its flow", chosen("one queue for all keeps cores busy; one for each flow keeps its state in one place")),
} as const;

/** Every core takes a packet and keeps it until it is done, memory accesses included. */
export default defineModel({
  name: "dpu/cores",
  title: "Adapter with cores that run each packet to completion",
  about:
    "A packet comes in whole, goes to a core, and the core works on it until it is done: while it waits for memory it does nothing else. Packets that are done out of turn wait for those that came before, " +
    "so one that takes long holds up all behind it. A packet that finds no buffer is dropped.",
  params: PARAMS,
  parts: ({ params }) => makePacketParts(params),
  operations: (operation) => ({
    process: operation({
      from: ["wire"],
      meaning: "a core works on the packet from the first to the last instruction",
      steps: (context) => {
        const { params, part } = context;
        const on = (name: string, servers: number): readonly Step[] => [claimStage(part(name, () => stage({ servers })), shifted(params.work, accesses(params)), "packet on a core")];
        const cores = params.cores.of(0);
        return throughDevice(context, params.spread === "any" ? on("cores", cores) : byFlow(cores, (core) => on(`core${core}`, 1)));
      },
    }),
  }),
});

/** Time of all accesses to memory, during which the core stands still. */
function accesses(params: PacketParams): number {
  const of = (memory: "local" | "packet" | "host"): number => params[`${memory}.accesses`].of(0) * params[`${memory}.access`].of(0);
  return of("local") + of("packet") + of("host");
}
