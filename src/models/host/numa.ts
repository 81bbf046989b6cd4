import { type Amount, chosen, claimStage, dataRate, defineModel, duration, estimated, number, published, stage, type Step, ZERO } from "../../modeling/index.js";

type Land = (hop: Amount) => readonly Step[];

/** The links between two sockets: a hop that takes a fixed time, and bytes that share the links. */
export default defineModel({
  name: "host/numa",
  title: "Links between the nodes of a host",
  about:
    "What crosses from one socket to the other takes a fixed time for the hop, and its bytes occupy one of the links. A device on the far socket pays for every access, " +
    "a core for every line; when a lot crosses, the links fill and everybody waits.",
  provides: "interconnect",
  params: {
    load: duration("70 ns", "what a core's read takes longer from the other node's memory", estimated("local 78 to 108 ns, remote 130 to 196 ns", ["50 ns", "90 ns"])),
    read: duration("105 ns", "what a device's read takes longer from the other node's memory", published("pcie-bench-data")),
    write: duration("50 ns", "what a device's write takes longer to the other node's memory", estimated("one way of the hop whose two ways a read pays", ["30 ns", "60 ns"])),
    links: number(2, "links between the two sockets", chosen("two of the three that the processor has")),
    rate: dataRate("166.4 Gbit/s", "bytes that one link carries in one direction", estimated("10.4 GT/s links of 2 B: 20.8 GB/s", ["128 Gbit/s", "208 Gbit/s"])),
  },
  parts: ({ params }) => ({ inward: stage({ servers: params.links.of(0) }), outward: stage({ servers: params.links.of(0) }) }),
  operations: (operation) => ({
    cross: operation({
      meaning: "bytes cross between the nodes: written by a far device, read by it, or loaded by a core; the hop is landed by whoever asks",
      steps: ({ params, parts, passed }) => {
        const way = passed["way"] as "load" | "read" | "write";
        const link = way === "write" ? parts.inward : parts.outward;
        const occupancy = params.rate.timeFor(passed["bytes"] as Amount);
        // The hop's time was measured with a line's bytes in it: only the wait for others comes on top.
        return [claimStage(link, ZERO, "link between nodes", { occupancy, kind: "propagate", keepsCore: way === "load" }), ...(passed["land"] as Land)(params[way])];
      },
    }),
  }),
});
