import {
  Amount, amountOf, bytes, choice, chosen, claim, defineModel, duration, estimated, flag, length, move, pipe, pool, Rate, rational, reframe, release, standard, stream, tap, transmit, ZERO,
  type MessageShape, type PartOf, type Rational, type Step, type Values,
} from "../../modeling/index.js";
import { DIRECTION, flight, wireOf } from "../parts/link-direction.js";

const CREDIT = 64;

/** Bytes of the headers of InfiniBand, for whoever builds packets. */
export const INFINIBAND_HEADERS = { local: 8, global: 40, transport: 12, rdma: 16, acknowledge: 4, immediate: 4, atomic: 28, invariantCheck: 4, variantCheck: 2 } as const;

/** Data rate of one lane in Mbit/s as a fraction, after its line code: 8b/10b up to QDR, then 64b/66b; HDR and NDR as named. */
const LANE: Readonly<Record<"sdr" | "ddr" | "qdr" | "fdr" | "edr" | "hdr" | "ndr", Rational>> = {
  sdr: rational(2_000), ddr: rational(4_000), qdr: rational(8_000),
  fdr: rational(14_062_500 * 64, 66_000), edr: rational(25_000), hdr: rational(50_000), ndr: rational(100_000),
};

const LANES = { "1x": 1, "4x": 4, "8x": 8, "12x": 12 } as const;
const infiniband = standard("infiniband-1.3");

const PARAMS = {
  speed: choice(["sdr", "ddr", "qdr", "fdr", "edr", "hdr", "ndr"], "edr", "speed of a lane", infiniband),
  width: choice(["1x", "4x", "8x", "12x"], "4x", "lanes", infiniband),
  length: length("3 m", "length of the cable", chosen("within a rack")),
  "delay.metre": duration("5 ns", "flight per metre", estimated("copper or fibre with its connectors", ["4.3 ns", "5.1 ns"])),
  mtu: choice(["256 B", "512 B", "1024 B", "2048 B", "4096 B"], "4096 B", "largest payload of one packet", infiniband),
  global: flag(false, "whether packets carry the global route header", chosen("needed only between subnets")),
  buffer: bytes("32 KiB", "receive buffer of one virtual lane, handed to the sender as credits of 64 B", estimated("a few packets of the largest size", ["16 KiB", "128 KiB"])),
  "credit.return": duration("100 ns", "from the release of a buffer until the sender may use its credits, beside the flight back", estimated("flow-control packet every so many symbol times", ["20 ns", "1 us"])),
} as const;

type Link = Values<typeof PARAMS>;

/** InfiniBand: lossless, so a sender that has no credit waits. */
export default defineModel({
  name: "link/infiniband",
  title: "InfiniBand link",
  about:
    "Two directed wires with credits for the receiver's buffers: a packet leaves only when the far end has room for it, and the room comes back one flight after the packet has been taken in. " +
    "Nothing is dropped for want of buffers; waiting for credit is a segment of its own.",
  provides: "link",
  params: PARAMS,
  parts: ({ params }) => ({
    forward: pipe({ rate: rateOf(params), gap: ZERO }),
    backward: pipe({ rate: rateOf(params), gap: ZERO }),
    forwardCredits: pool({ capacity: capacityOf(params), whenFull: "block" }),
    backwardCredits: pool({ capacity: capacityOf(params), whenFull: "block" }),
  }),
  operations: (operation) => ({
    traverse: operation({
      from: ["wire"],
      meaning: "packets cross the link",
      args: DIRECTION,
      steps: (context) => crossing(context, [move("wire", "wire", "wire", context.message.payload)]),
    }),
    carry: operation({ meaning: "a packet without payload crosses the link", args: DIRECTION, steps: (context) => crossing(context, []) }),
    frame: operation({
      meaning: "the message becomes packets of this link",
      steps: ({ params, message, passed }) => [reframe(packetBytes((passed["payload"] as Amount | undefined) ?? message.payload, passed["extended"], params))],
    }),
  }),
});

interface Crossing {
  readonly params: Link;
  readonly parts: Readonly<Record<"forward" | "backward", PartOf<"pipe">> & Record<"forwardCredits" | "backwardCredits", PartOf<"pool">>>;
  readonly args: { readonly direction: "alternate" | "forward" | "backward" };
  readonly passed: Readonly<Record<string, unknown>>;
  readonly message: MessageShape;
  readonly state: Map<string, unknown>;
}

function crossing({ params, parts, args, passed, message, state }: Crossing, moved: readonly Step[]): readonly Step[] {
  const wire = wireOf(parts, args.direction, { state, again: passed["again"] === true });
  const credits = wire === parts.forward ? parts.forwardCredits : parts.backwardCredits;
  const fly = flight(params.length, params["delay.metre"]);
  // A message of several packets never holds more than the buffer: its first packets' credits are back when its last ones go.
  const units = message.wire.map((size) => Math.min(capacityOf(params), Math.ceil(size / CREDIT)));
  const taken = rateOf(params).timeFor(message.wire).plus(fly).plus(params["credit.return"]);
  return [
    claim(credits, units, "virtual lane credits"),
    transmit(wire, { bytes: message.wire, header: ZERO, label: "wire" }),
    ...moved,
    tap("out"),
    stream(fly, "flight", "propagate"),
    tap("in"),
    release(credits, units, taken),
  ];
}

function rateOf(params: Link): Rate {
  const lane = LANE[params.speed];
  // 8 bits at so many Mbit/s: 8 000 000 ps shared by the rate.
  return new Rate(rational(8_000_000n * lane.den, lane.num * BigInt(LANES[params.width])));
}

function capacityOf(params: Link): number {
  return Math.floor(params.buffer.of(0) / CREDIT);
}

/** Bytes on the wire of a message cut into packets of the MTU; the extended header goes with the first. */
function packetBytes(payload: Amount, extended: unknown, params: Link): Amount {
  const more = extended instanceof Amount ? extended : amountOf(typeof extended === "number" ? extended : 0);
  const { local, global, transport, invariantCheck, variantCheck } = INFINIBAND_HEADERS;
  const each = local + transport + invariantCheck + variantCheck + (params.global ? global : 0);
  const mtu = Number.parseInt(params.mtu, 10);
  return new Amount((size) => payload.of(size) + more.of(size) + each * Math.max(1, Math.ceil(payload.of(size) / mtu)), [...payload.origins, ...more.origins]);
}
