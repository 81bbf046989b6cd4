import {
  type Amount, amountOf, bus, bytes, choice, chosen, count, defineModel, delay, duration, estimated, length, multiply, number, percent, published, Rate, rational, spawn, standard, toNumber, transfer,
  type PartOf, type Rational, type Step, type Values,
} from "../../modeling/index.js";
import { flight } from "../parts/link-direction.js";
import { packetBytes, type PacketKind } from "../parts/firewire-packets.js";

/** Who goes first when the bus falls idle: the gap that must pass anyway, then the cycle master, then everybody else. */
const GAP = 0;
const CYCLE = 1;
const FAIR = 2;
const ACKNOWLEDGE = 1;
const MOST_ISOCHRONOUS = 0.8;
/** Bits of the base rate: 98.304 Mbit/s. */
const BASE_BIT = rational(1_000_000_000, 98_304);
const FASTER = { s100: 1, s200: 2, s400: 4 } as const;
/** An isochronous cycle is announced by a packet of its own. */
const CYCLE_START = 20;
const CYCLE_TIME = 125_000_000;
const ieee = standard("ieee-1394");

const PARAMS = {
  speed: choice(["s100", "s200", "s400"], "s400", "98.304, 196.608 or 393.216 Mbit/s", ieee),
  "gap-count": number(63, "setting that all nodes share; a gap between subactions is 27 + 16 times it base-rate bits long", ieee),
  arbitration: duration("200 ns", "from asking for the idle bus until it is granted: signals to the root node and back", estimated("two hops of 144 ns at the most and the root's answer", ["100 ns", "1 us"])),
  prefix: duration("160 ns", "signal that announces a packet, on every speed", estimated("speed signalling and data prefix of the physical layer", ["40 ns", "160 ns"])),
  end: duration("250 ns", "signal that ends a packet", estimated("data end of the physical layer", ["240 ns", "260 ns"])),
  turnaround: duration("50 ns", "from a packet's end to the receiver's acknowledgement", estimated("the link layer answers at once, the bus stays its sender's", ["40 ns", "300 ns"])),
  length: length("4.5 m", "length of cable between two nodes", ieee),
  "delay.metre": duration("5.05 ns", "flight per metre of cable", estimated("limit for cables of this standard", ["4.5 ns", "5.05 ns"])),
  repeaters: number(0, "nodes between two that talk, each of which repeats the packet", chosen("a debugger beside its target")),
  "delay.repeater": duration("144 ns", "delay of a node that repeats", estimated("limit for physical layers of the first standard", ["60 ns", "144 ns"])),
  isochronous: percent("0%", "share of each cycle of 125 us that isochronous channels have reserved", published("extremetech-1394")),
  "acknowledge.bytes": bytes("1 B", "acknowledgement: eight bits at the packet's speed", ieee),
} as const;

type Bus = { readonly params: Values<typeof PARAMS>; readonly parts: { readonly medium: PartOf<"bus"> } };

/** FireWire: one packet at a time among all nodes, and a silence before the next. */
export default defineModel({
  name: "bus/firewire",
  title: "FireWire bus (IEEE 1394)",
  about:
    "All nodes share one half-duplex medium. A subaction is arbitration, packet and acknowledgement, and after it the bus must stay silent for a gap whose length " +
    "everybody must agree on; on an idle bus that gap is long over when the next one begins. A read is two subactions. Isochronous channels take their share at the head of every 125 us.",
  provides: "link",
  params: PARAMS,
  parts: () => ({ medium: bus({ arbiter: "priority" }) }),
  operations: (operation) => ({
    subaction: operation({
      meaning: "one asynchronous packet, its acknowledgement and the silence behind it; goes on when the packet has arrived",
      steps: ({ params, parts, passed }) => subaction({ params, parts }, passed["kind"] as PacketKind, passed["bytes"] as Amount),
    }),
    interval: operation({
      meaning: "waits as long as a node whose turn of this fairness interval is over has to wait, without a claim on the bus",
      steps: ({ params, passed }) => (passed["after"] as (wait: Amount) => readonly Step[])(acknowledged(params).plus(resetGap(params))),
    }),
    cycle: operation({
      meaning: "the isochronous part of one cycle: its announcement and the channels' reserved time",
      steps: ({ params, parts, refuse }) => {
        const share = toNumber(params.isochronous);
        if (share > MOST_ISOCHRONOUS) refuse("isochronous-share", `isochronous channels have reserved ${share * 100}% of the cycle`, "reserve at most 80%, so that asynchronous packets get through");
        const reserved = amountOf(Math.round(share * CYCLE_TIME));
        const start = packetTime(params, amountOf(CYCLE_START));
        return [transfer(parts.medium, start.plus(reserved), "isochronous cycle", { klass: CYCLE }), count("bus-up-overhead", CYCLE_START)];
      },
    }),
  }),
});

function subaction({ params, parts }: Bus, kind: PacketKind, data: Amount): readonly Step[] {
  const size = packetBytes(kind, data);
  const silence = acknowledged(params).plus(gap(params));
  return [
    transfer(parts.medium, params.arbitration.plus(packetTime(params, size)), kind, { klass: FAIR }),
    spawn(transfer(parts.medium, silence, "acknowledgement and gap", { klass: GAP })),
    count("bus-up-payload", kind === "read response" || kind === "write request" ? data : 0),
    count("bus-up-overhead", kind === "read response" || kind === "write request" ? size.minus(data).plus(ACKNOWLEDGE) : size.plus(ACKNOWLEDGE)),
    delay(flown(params), `${kind} flight`, "propagate"),
  ];
}

function byteRate(params: Bus["params"]): Rate {
  return new Rate(multiply(BASE_BIT, rational(8, FASTER[params.speed])), []);
}

/** A packet with the signals before and behind it. */
function packetTime(params: Bus["params"], size: Amount): Amount {
  return params.prefix.plus(byteRate(params).timeFor(size)).plus(params.end);
}

/** From a packet's end until its acknowledgement is over. */
function acknowledged(params: Bus["params"]): Amount {
  return params.turnaround.plus(packetTime(params, params["acknowledge.bytes"]));
}

/** Silence between two subactions: long enough for the farthest node to be sure that nobody answers any more. */
function gap(params: Bus["params"]): Amount {
  return bits(params["gap-count"], rational(27), 16);
}

/** Silence that begins a new fairness interval. */
function resetGap(params: Bus["params"]): Amount {
  return bits(params["gap-count"], rational(51), 32);
}

function bits(gapCount: Amount, fixed: Rational, each: number): Amount {
  const total = Number(fixed.num) + each * gapCount.of(0);
  return new Rate(BASE_BIT).times(rational(total), gapCount.origins);
}

function flown(params: Bus["params"]): Amount {
  const count = params.repeaters.of(0);
  return flight(params.length, params["delay.metre"]).plus(params["delay.repeater"].times(count)).plus(amountOf(0, params.repeaters.origins));
}
