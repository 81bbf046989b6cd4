import {
  Amount, amountOf, arbitrate, bytes, choice, chosen, defineModel, duration, egress, estimated, flag, length, move, number, pipe, pool, Rate, rational, reframe, release, standard,
  stream, tap, text, transmit, ZERO, type OperationContext, type PartOf, type Rational, type Step, type Values,
} from "../../modeling/index.js";
import { damagesOf, LOSS_PARAMS } from "../parts/bit-errors.js";
import { arrival, borrow, type Lent } from "../parts/link-arrival.js";
import { DIRECTION, directionOf, flight, paddedPayload, wireOf } from "../parts/link-direction.js";
import { weightsOf } from "../parts/weights.js";

/** Credits, and the weights of the arbiter, count blocks of 64 B. */
const CREDIT = 64;
/** Virtual lanes for data; the sixteenth is for managing the network. */
const LANES_FOR_DATA = 15;

/** Bytes of the headers and checks of every packet. */
const HEADERS = { local: 8, global: 40, transport: 12, invariantCheck: 4, variantCheck: 2 } as const;

/** Data rate of one lane in Mbit/s as a fraction, after its line code: 8b/10b up to QDR, then 64b/66b; HDR and NDR as named. */
const LANE: Readonly<Record<"sdr" | "ddr" | "qdr" | "fdr" | "edr" | "hdr" | "ndr", Rational>> = {
  sdr: rational(2_000), ddr: rational(4_000), qdr: rational(8_000),
  fdr: rational(14_062_500 * 64, 66_000), edr: rational(25_000), hdr: rational(50_000), ndr: rational(100_000),
};

const LANES = { "1x": 1, "2x": 2, "4x": 4, "8x": 8, "12x": 12 } as const;
const infiniband = standard("infiniband-1.3");

const PARAMS = {
  speed: choice(["sdr", "ddr", "qdr", "fdr", "edr", "hdr", "ndr"], "edr", "speed of a lane", infiniband),
  width: choice(["1x", "2x", "4x", "8x", "12x"], "4x", "lanes", infiniband),
  length: length("3 m", "length of the cable", chosen("within a rack")),
  "delay.metre": duration("5 ns", "flight per metre", estimated("copper or fibre with its connectors", ["4.3 ns", "5.1 ns"])),
  mtu: choice(["256 B", "512 B", "1024 B", "2048 B", "4096 B"], "4096 B", "largest payload of one packet", infiniband),
  global: flag(false, "whether packets carry the global route header", chosen("needed only between subnets")),
  buffer: bytes("32 KiB", "receive buffer of one virtual lane, handed to the sender as credits of 64 B", estimated("a few packets of the largest size", ["16 KiB", "128 KiB"])),
  arbitration: choice(["fifo", "priority", "weighted"], "fifo", "who sends next of the virtual lanes: who came first, the highest number, or each in turn for its weight", chosen("one lane needs none")),
  weights: text("64:64", "weighted: what each lane from 0 on may send in its turn, in blocks of 64 B", chosen("the network manager's table")),
  ...LOSS_PARAMS,
  "credit.return": duration("100 ns", "from the release of a buffer until the sender may use its credits, beside the flight back", estimated("flow-control packet every so many symbol times", ["20 ns", "1 us"])),
} as const;

const ARGS = {
  ...DIRECTION,
  vl: number(0, "virtual lane of the packet, 0 to 14", chosen("the service level's lane")),
} as const;

type Link = Values<typeof PARAMS>;

/** InfiniBand: lossless, so a sender that has no credit waits. */
export default defineModel({
  name: "link/infiniband",
  title: "InfiniBand link",
  about:
    "Two directed wires with credits for the receiver's buffers, one for each virtual lane: a packet leaves only when the far end has room for it. The room comes back one flight after the packet has left the buffer: " +
    "when an adapter has taken it in, or when a switch has sent it on, so that congestion spreads backwards. Nothing is dropped for want of buffers; waiting for credit is a segment of its own. Lanes that share a wire take turns.",
  provides: "link",
  params: PARAMS,
  parts: ({ params }) => ({
    forward: pipe({ rate: rateOf(params), gap: ZERO }),
    backward: pipe({ rate: rateOf(params), gap: ZERO }),
  }),
  operations: (operation) => ({
    traverse: operation({
      from: ["wire"],
      meaning: "packets cross the link",
      args: ARGS,
      steps: (context) => crossing(context, [move("wire", "wire", "wire", context.message.payload)]),
    }),
    carry: operation({ meaning: "a packet without payload crosses the link", args: ARGS, steps: (context) => crossing(context, []) }),
    frame: operation({
      meaning: "the message becomes packets of this link",
      steps: ({ params, message, passed, refuse }) => passed["bytes"] !== undefined ? refuse("transport-link", "TCP needs an Ethernet link", "use link/ethernet, or leave the adapter's transport to the link") : [reframe(packetBytes((passed["payload"] as Amount | undefined) ?? message.payload, passed["extended"], params))],
    }),
  }),
});

interface Parts {
  readonly [name: string]: PartOf<"pipe">;
  readonly forward: PartOf<"pipe">;
  readonly backward: PartOf<"pipe">;
}
type Crossing = OperationContext<typeof PARAMS, Parts, Record<never, never>, typeof ARGS>;

function crossing(context: Crossing, moved: readonly Step[]): readonly Step[] {
  const { params, parts, args, passed, message, state, refuse } = context;
  const lane = args.vl.of(0);
  if (lane >= LANES_FOR_DATA) refuse("priority-range", `there is no virtual lane ${lane} for data`, "lanes are 0 to 14");
  const wire = wireOf(parts, directionOf(passed, args.direction), { state, again: passed["again"] === true });
  const direction = wire === parts.forward ? "forward" : "backward";
  const lent = creditsOf(context, `${direction} credits of lane ${lane}`);
  return [
    ...borrow(lent),
    ...turnOf(context, { lane, direction }),
    transmit(wire, { bytes: message.wire, header: ZERO, label: "wire" }),
    ...moved,
    tap("out"),
    stream(flight(params.length, params["delay.metre"]), "flight", "propagate"),
    tap("in"),
    ...arrival(lent, damagesOf(params, message.wire, { lost: passed["lost"], correction: null })),
  ];
}

/** A message of several packets never holds more than the buffer: its first packets' credits are back when its last ones go. */
function creditsOf({ params, message, part }: Crossing, name: string): Lent {
  const capacity = capacityOf(params);
  return {
    room: part(name, () => pool({ capacity, whenFull: "block" })),
    units: message.wire.map((size) => Math.min(capacity, Math.ceil(size / CREDIT))),
    label: "virtual lane credits",
    back: flight(params.length, params["delay.metre"]).plus(params["credit.return"]),
  };
}

/** Only packets that have credit ask for the wire; who of them goes next is decided when it comes free. */
function turnOf({ params, message, part, refuse }: Crossing, { lane, direction }: { readonly lane: number; readonly direction: string }): readonly Step[] {
  if (params.arbitration === "fifo") return [];
  const weighted = params.arbitration === "weighted";
  const weights = weightsOf(weighted ? params.weights : "1");
  if (weights === null || (weighted && lane >= weights.length)) return refuse("weights-malformed", `lane ${lane} has no weight in ${params.weights}`, "give each lane from 0 on a whole number of blocks of 64 B, as in 64:16");
  const order = weighted ? ({ kind: "weighted", weights } as const) : ({ kind: "priority", classes: LANES_FOR_DATA } as const);
  const arbiter = part(`${direction} arbiter`, () => pool({ capacity: 1, whenFull: "block", order }));
  const klass = weighted ? lane : LANES_FOR_DATA - 1 - lane;
  const turn = arbitrate(arbiter, "turn of the virtual lane", { klass, cost: message.wire.dividedUp(amountOf(CREDIT)) }, "arbitrate");
  return [egress(({ occupied }) => ({ before: [turn], after: [release(arbiter, amountOf(1), occupied)] }))];
}

function rateOf(params: Link): Rate {
  const lane = LANE[params.speed];
  // 8 bits at so many Mbit/s: 8 000 000 ps shared by the rate.
  return new Rate(rational(8_000_000n * lane.den, lane.num * BigInt(LANES[params.width])));
}

function capacityOf(params: Link): number {
  return Math.floor(params.buffer.of(0) / CREDIT);
}

/** Bytes on the wire of a message cut into packets of the MTU; the extended header goes with the first. Delimiters between packets are left out. */
function packetBytes(payload: Amount, extended: unknown, params: Link): Amount {
  const more = extended instanceof Amount ? extended : amountOf(typeof extended === "number" ? extended : 0);
  const { local, global, transport, invariantCheck, variantCheck } = HEADERS;
  const each = local + transport + invariantCheck + variantCheck + (params.global ? global : 0);
  const mtu = Number.parseInt(params.mtu, 10);
  return new Amount((size) => paddedPayload(payload.of(size)) + more.of(size) + each * Math.max(1, Math.ceil(payload.of(size) / mtu)), [...payload.origins, ...more.origins]);
}
