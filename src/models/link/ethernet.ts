import {
  Amount, amountOf, bytes, choice, chosen, clock, dataRate, defineModel, duration, estimated, length, move, multiply, number, pipe, rational, reframe, standard, stream, tap, toNumber,
  transmit, ZERO, type OperationContext, type PartOf, type Rational, type Step, type Values,
} from "../../modeling/index.js";
import { anyOf, beyondBurst, damagesOf, LOSS_PARAMS, moreThan, type Correction } from "../parts/bit-errors.js";
import { DIRECTION, directionOf, flight, paddedPayload, wireOf } from "../parts/link-direction.js";
import { heedPause, PAUSE_PARAMS, takeRoom, type Paused } from "../parts/pause.js";

/** Bytes of the MAC stream that one codeword carries: 32 or 80 or 40 blocks of 8 bytes behind the transcoding. */
const CODEWORD = { none: 0, fc: 256, rs528: 640, rs544: 640, "ll-rs272": 320 } as const;

/** Symbols of ten bits of a Reed-Solomon codeword, and how many of them it corrects. */
const SYMBOL = 10;
const REED_SOLOMON = { rs528: { symbols: 528, corrects: 7 }, rs544: { symbols: 544, corrects: 15 }, "ll-rs272": { symbols: 272, corrects: 7 } } as const;
/** The fire code: bits of a block, and the longest burst that it corrects. */
const FIRE = { bits: 2112, burst: 11 } as const;

/** In front of every frame; damage to it is not damage to the frame. */
const PREAMBLE = 8;

/** RoCEv2 around the payload of one packet: preamble, Ethernet, IP, UDP, base transport header; invariant check, frame check; and the gap to the next. */
const RDMA = { preamble: PREAMBLE, ethernet: 14, ip: 20, udp: 8, transport: 12, invariant: 4, frameCheck: 4, gap: 12, least: 64 } as const;
const RDMA_PACKET = RDMA.preamble + RDMA.ethernet + RDMA.ip + RDMA.udp + RDMA.transport + RDMA.invariant + RDMA.frameCheck;

/** Priorities are those of the VLAN tag. */
const PRIORITIES = 8;

const ethernet = standard("ieee-802-3");

const PARAMS = {
  rate: dataRate("10 Gbit/s", "data rate of the MAC", ethernet),
  length: length("5 m", "length of the cable", chosen("within a rack or two")),
  medium: choice(["fibre", "dac", "cat6"], "fibre", "what carries the signal", chosen("short runs inside a rack may be copper")),
  "delay.fibre": duration("4.9 ns", "flight per metre of single-mode or multi-mode fibre", estimated("group index near 1.468", ["4.85 ns", "5 ns"])),
  "delay.dac": duration("4.3 ns", "flight per metre of twinaxial copper", estimated("velocity factor near 0.78", ["4 ns", "4.8 ns"])),
  "delay.cat6": duration("5.1 ns", "flight per metre of twisted pair", estimated("velocity factor near 0.65", ["4.8 ns", "5.7 ns"])),
  gap: bytes("12 B", "least distance between two frames", ethernet),
  "fec.code": choice(["none", "fc", "rs528", "rs544", "ll-rs272"], "none", "forward error correction: none, FC(2112,2080), RS(528,514), RS(544,514) or low-latency RS(272,258)", ethernet),
  "fec.interleave": number(1, "codewords that are sent interleaved", ethernet, 1),
  "fec.release": choice(["streaming", "block"], "streaming", "streaming: every byte late by one codeword; block: bytes become readable when their codeword ends", chosen("decoders of both kinds are found")),
  "fec.decode": duration("45 ns", "decoding of a codeword once it is complete", estimated("decoder pipelines near 1 GHz", ["30 ns", "430 ns"])),
  mtu: bytes("4096 B", "largest payload of one RDMA packet", chosen("the largest that RoCE allows")),
  ...LOSS_PARAMS,
  ...PAUSE_PARAMS,
} as const;

const ARGS = {
  ...DIRECTION,
  priority: number(0, "priority of the frame, 0 to 7; each has a buffer of its own where the receiver makes the sender pause, and is paused by itself", chosen("untagged frames have priority 0")),
} as const;

type Link = Values<typeof PARAMS>;

/** Ethernet: serialises frames and lets them fly; PHY and MAC belong to the devices at its ends. */
export default defineModel({
  name: "link/ethernet",
  title: "Ethernet link",
  about:
    "Two directed wires. Each sends one frame at a time, without pause inside it and with a gap behind it; frames of different senders queue for the wire. " +
    "Then the signal flies. With error correction the receiver sees bytes a codeword late, or only when their codeword has ended. " +
    "A lossy link damages frames, and whoever looks at the check sequence drops them; with pause the receiver, or the switch that it is, asks the sender to stop above one fill of its buffer and to go on below another, and what comes meanwhile needs room (headroom).",
  provides: "link",
  params: PARAMS,
  parts: ({ params }) => ({
    forward: pipe({ rate: params.rate, gap: params.gap }),
    backward: pipe({ rate: params.rate, gap: params.gap }),
    codeword: clock({ period: params["fec.code"] === "none" ? rational(1) : codewordTime(params) }),
  }),
  operations: (operation) => ({
    traverse: operation({
      from: ["wire"],
      meaning: "a frame crosses the link",
      args: ARGS,
      steps: (context) => crossing(context, [move("wire", "wire", "wire", context.message.payload)]),
    }),
    carry: operation({ meaning: "a frame without payload crosses the link", args: ARGS, steps: (context) => crossing(context, []) }),
    frame: operation({
      meaning: "the message becomes RDMA packets over Ethernet: RoCEv2, or the frames that whoever asks has built",
      steps: ({ params, message, passed }) => [reframe(passed["bytes"] instanceof Amount ? passed["bytes"] : roceBytes((passed["payload"] as Amount | undefined) ?? message.payload, extendedOf(passed), params.mtu))],
    }),
  }),
});

interface Parts {
  readonly [name: string]: PartOf<"pipe"> | PartOf<"clock">;
  readonly forward: PartOf<"pipe">;
  readonly backward: PartOf<"pipe">;
  readonly codeword: PartOf<"clock">;
}
type Crossing = OperationContext<typeof PARAMS, Parts, Record<never, never>, typeof ARGS>;

function crossing(context: Crossing, moved: readonly Step[]): readonly Step[] {
  const { params, parts, args, passed, message, state } = context;
  const wire = wireOf(parts, directionOf(passed, args.direction), { state, again: passed["again"] === true });
  const block = params["fec.code"] !== "none" && params["fec.release"] === "block" ? parts.codeword : null;
  const paused = pausing(context, wire === parts.forward ? "forward" : "backward");
  const heeded = heedPause(paused);
  return [
    ...heeded.before,
    // What comes in byte by byte goes out byte by byte: whoever must see a header or a whole frame first waits for it himself.
    transmit(wire, { bytes: message.wire, header: ZERO, block, label: "wire" }),
    ...heeded.behind,
    ...moved,
    tap("out"),
    stream(flightOf(params), "flight", "propagate"),
    tap("in"),
    ...correction(params),
    ...takeRoom(paused, damagesOf(params, message.wire.minus(PREAMBLE), { lost: passed["lost"], correction: corrected(params) })),
  ];
}

function flightOf(params: Link): Amount {
  return flight(params.length, params[`delay.${params.medium}`]);
}

function pausing({ params, args, message, part, refuse }: Crossing, direction: string): Paused {
  const priority = args.priority.of(0);
  if (priority >= PRIORITIES) refuse("priority-range", `there is no priority ${priority}`, "priorities are 0 to 7");
  return { params, rate: params.rate, flight: flightOf(params), units: message.wire, lane: `${direction}, priority ${priority},`, part, refuse };
}

/** Time of one codeword, or of all that are interleaved: what they carry at the rate of the MAC. */
function codewordTime(params: Link): Rational {
  return multiply(params.rate.period, rational(CODEWORD[params["fec.code"]] * params["fec.interleave"].of(0)));
}

function correction(params: Link): readonly Step[] {
  if (params["fec.code"] === "none") return [];
  const decode = stream(params["fec.decode"], "error correction: decode");
  if (params["fec.release"] === "block") return [decode];
  const whole = params.rate.times(rational(CODEWORD[params["fec.code"]] * params["fec.interleave"].of(0)), params["fec.interleave"].origins);
  return [stream(whole, "error correction: codeword"), decode];
}

/** What of the bit errors error correction leaves: codewords that it cannot correct, interleaved ones together. */
function corrected(params: Link): Correction | null {
  const code = params["fec.code"];
  if (code === "none") return null;
  const interleaved = params["fec.interleave"].of(0);
  const rate = toNumber(params["bit-errors"]);
  const failing = code === "fc" ? beyondBurst(FIRE.burst, FIRE.bits, rate) : moreThan(REED_SOLOMON[code].corrects, REED_SOLOMON[code].symbols, anyOf(rate, SYMBOL));
  return { group: CODEWORD[code] * interleaved, failing: anyOf(failing, interleaved) };
}

function extendedOf(passed: Readonly<Record<string, unknown>>): Amount {
  const { extended } = passed;
  return extended instanceof Amount ? extended : amountOf(typeof extended === "number" ? extended : 0);
}

/** Bytes on the wire of a message cut into RoCEv2 packets, gaps between them included; the extended header goes with the first. */
function roceBytes(payload: Amount, extended: Amount, mtu: Amount): Amount {
  return new Amount((size) => {
    const inside = payload.of(size);
    const packets = Math.max(1, Math.ceil(inside / mtu.of(size)));
    const whole = paddedPayload(inside) + extended.of(size) + packets * RDMA_PACKET + (packets - 1) * RDMA.gap;
    return Math.max(whole, RDMA.least + RDMA.preamble);
  }, [...payload.origins, ...extended.origins, ...mtu.origins]);
}
