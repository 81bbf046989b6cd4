import {
  type Amount, bytes, chosen, claimStage, count, dataRate, defineModel, delay, duration, estimated, length, list, spawn, stage, standard, type PartOf, type Rate, type Rational, type Step,
} from "../../modeling/index.js";
import { flight } from "../parts/link-direction.js";

/** A scalable coherent interface ring: packets pass every node on their way, and an echo goes on to the sender. */
export default defineModel({
  name: "link/sci",
  title: "SCI ring",
  about:
    "Nodes in a ring, each with one link to the next. A packet passes through the nodes between, which send their own in the gaps; the receiver takes it and an echo completes the round, " +
    "which is how a sender learns that nothing was lost. Every link carries one packet at a time.",
  provides: "link",
  params: {
    nodes: list(["a", "b", "c", "d"], "hosts in the order of the ring", chosen("a small cluster")),
    rate: dataRate("4 Gbit/s", "speed of each link: 500 MB/s", estimated("parts of the later nineties: 400 to 667 MB/s", ["3.2 Gbit/s", "8 Gbit/s"])),
    header: bytes("16 B", "header and check sequence of a packet", standard("ieee-1596")),
    echo: bytes("8 B", "packet that tells the sender what became of its own", standard("ieee-1596")),
    hop: duration("70 ns", "through a node that a packet passes", estimated("bypass queue and clock crossing", ["30 ns", "150 ns"])),
    length: length("5 m", "length of cable between two nodes", chosen("racks side by side")),
    "delay.metre": duration("5 ns", "flight per metre of cable", estimated("copper with its connectors", ["4.3 ns", "5.1 ns"])),
  },
  parts: ({ params }) => Object.fromEntries(params.nodes.map((node): [string, PartOf<"stage">] => [`from-${node}`, stage()])),
  operations: (operation) => ({
    send: operation({
      meaning: "a packet with so much data from one host to another; the echo goes on behind the message's back",
      steps: ({ params, parts, passed, refuse }) => {
        const [from, to] = [String(passed["from"]), String(passed["to"])];
        const data = passed["bytes"] as Amount;
        const ring: Ring = { params, parts };
        checkPlaces(ring, [from, to], refuse);
        const size = data.plus(params.header);
        return [
          ...round(ring, { from, to, size, label: "packet" }),
          delay(params.rate.timeFor(size), "packet", "serialise"),
          count("bus-up-payload", data),
          count("bus-up-overhead", params.header.plus(params.echo)),
          spawn(...round(ring, { from: to, to: from, size: params.echo, label: "echo" })),
        ];
      },
    }),
    echo: operation({
      meaning: "the message waits for the echo, which goes the rest of the round",
      steps: ({ params, parts, passed, refuse }) => {
        const [from, to] = [String(passed["from"]), String(passed["to"])];
        const ring: Ring = { params, parts };
        checkPlaces(ring, [from, to], refuse);
        return [...round(ring, { from, to, size: params.echo, label: "echo" }), delay(params.rate.timeFor(params.echo), "echo", "serialise")];
      },
    }),
  }),
});

interface Ring {
  readonly params: { readonly nodes: readonly string[]; readonly rate: Rate; readonly hop: Amount; readonly length: Rational; readonly "delay.metre": Amount };
  readonly parts: Readonly<Record<string, PartOf<"stage">>>;
}

/** Link after link, each held for the packet's time while its head goes on. */
function round({ params, parts }: Ring, packet: { readonly from: string; readonly to: string; readonly size: Amount; readonly label: string }): readonly Step[] {
  const { nodes } = params;
  const [start, end] = [nodes.indexOf(packet.from), nodes.indexOf(packet.to)];
  const hops = (end - start + nodes.length) % nodes.length;
  const onward = flight(params.length, params["delay.metre"]).plus(params.hop);
  return Array.from({ length: hops }, (_, hop) => nodes[(start + hop) % nodes.length]).flatMap((node) => {
    const link = parts[`from-${node ?? ""}`];
    return link === undefined ? [] : [claimStage(link, onward, `${packet.label} on the ring`, { occupancy: params.rate.timeFor(packet.size), kind: "propagate" })];
  });
}

function checkPlaces({ params }: Ring, hosts: readonly string[], refuse: (code: string, message: string, remedy?: string) => never): void {
  const [stranger] = hosts.filter((host) => !params.nodes.includes(host));
  if (stranger !== undefined) refuse("ring-place", `${stranger} has no place on the ring of ${params.nodes.join(", ")}`, `add ${stranger} to the ring's nodes`);
}
