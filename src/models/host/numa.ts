import {
  Amount, bus, bytes, choice, choose, chosen, dataRate, defineModel, duration, estimated, number, type PartOf, published, rational, spawn, type Step, transfer, type Values,
} from "../../modeling/index.js";

const PIECE = 1024;
const LINE = 64;

const PARAMS = {
  load: duration("70 ns", "what a core's read takes longer from the other node's memory", estimated("local 78 to 108 ns, remote 130 to 196 ns", ["50 ns", "90 ns"])),
  read: duration("105 ns", "what a device's read takes longer from the other node's memory", published("pcie-bench-data")),
  write: duration("50 ns", "what a device's write takes longer to the other node's memory", estimated("one way of the hop whose two ways a read pays", ["30 ns", "60 ns"])),
  links: number(2, "links between the two sockets; what crosses is spread over all of them", chosen("two of the three that the processor has"), 1),
  rate: dataRate("166.4 Gbit/s", "bytes that one link carries in one direction", estimated("10.4 GT/s links of 2 B: 20.8 GB/s", ["128 Gbit/s", "208 Gbit/s"])),
} as const;

type Land = (hop: Amount) => readonly Step[];

/** The links between two sockets: a hop that takes a fixed time, and bytes that share the links. */
export default defineModel({
  name: "host/numa",
  title: "Links between the nodes of a host",
  about:
    "What crosses from one socket to the other takes a fixed time for the hop, and its bytes share the links with all that crosses, piece by piece. A device on the far socket pays for every access, " +
    "a core for every line; when more is to cross than the links carry, everybody waits.",
  provides: "interconnect",
  params: PARAMS,
  parts: () => ({ inward: bus(), outward: bus() }),
  operations: (operation) => ({
    cross: operation({
      meaning: "bytes cross between the nodes: written by a far device, read by it, or loaded by a core; the hop is landed by whoever asks",
      steps: ({ params, parts, passed }) => {
        const way = passed["way"] as "load" | "read" | "write";
        const size = passed["bytes"] as Amount;
        // What a far device reads leaves the node of the memory; what it writes, and what a core there loads, comes in.
        const link = way === "read" ? parts.outward : parts.inward;
        const line = size.map((value) => Math.min(value, LINE));
        const rest = size.minus(line);
        const others = spawn(...sent(params, link, rest));
        // The first line waits for its turn, and the others follow while it is on its way; the hop's time was measured with its bytes in it.
        const follow = choose({ kind: "size", test: (payload) => rest.of(payload) > 0 }, [others]);
        return [...sent(params, link, line), follow, ...(passed["land"] as Land)(params[way].minus(timeOf(params, line)))];
      },
    }),
    traffic: operation({
      meaning: "another program's bytes cross between the nodes: they occupy the links and nothing else",
      args: { bytes: bytes(null, "bytes that cross", chosen("the scenario's own")), way: choice(["inward", "outward"], "outward", "to the node of the cores, or away from it", chosen("the scenario's own")) },
      main: "bytes",
      steps: ({ params, parts, args }) => sent(params, parts[args.way], args.bytes),
    }),
  }),
});

type Params = Pick<Values<typeof PARAMS>, "rate" | "links">;

/** Time that bytes take on all links together. */
function timeOf({ rate, links }: Params, size: Amount): Amount {
  return rate.scaled(rational(1, links.of(0))).timeFor(size);
}

/** Bytes in pieces of a kibibyte, between which others have their turn. */
function sent(params: Params, link: PartOf<"bus">, size: Amount): readonly Step[] {
  const pieces = size.map((value) => Math.max(1, Math.ceil(value / PIECE)));
  const whole = timeOf(params, size);
  const unit = new Amount((payload) => Math.floor(whole.of(payload) / pieces.of(payload)), whole.origins);
  const before = pieces.map((value) => value - 1);
  const last = new Amount((payload) => whole.of(payload) - before.of(payload) * unit.of(payload), whole.origins);
  return [transfer(link, unit, "links between nodes", { units: before }), transfer(link, last, "links between nodes")];
}
