import {
  Amount, amountOf, choose, claim, claimStage, clock, compare, cycles, defineModel, delay, drop, move, need, pool, rational, reframe, release, speculate, stage,
  stream, tap, toNumber, trigger, ZERO, type ByteOffset, type MessageShape, type OperationContext, type Param, type Params, type PartOf, type Rate, type Step,
  type Values,
} from "../../modeling/index.js";
import { fpgaParams } from "../parts/fpga-params.js";

/** Stages that work in whole cycles, in the order in which a trade passes them. */
const STAGES = ["mac.rx", "parse", "book", "strategy", "risk", "encode", "mac.tx"] as const;
type Clocked = (typeof STAGES)[number];

const LOCKABLE = { random: "random", zero: 0, locked: 0 } as const;

/** Places of a stage that says when it is ready: whoever finds them full waits where it is. */
const room = (own: Values<typeof fpgaParams>): PartOf<"pool"> => pool({ capacity: own.depth.of(0), whenFull: "block" });

function parts({ params: own }: { readonly params: Values<typeof fpgaParams> }) {
  return {
    clock: clock({ period: own.clock.period, phase: LOCKABLE[own.phase] }),
    second: clock({ period: own["cdc.clock"].period }),
    fifo: pool({ capacity: own.fifo.of(0), whenFull: "drop" }),
    parser: stage(),
    port1: stage(),
    port2: stage(),
    strategy: stage(),
    risk: stage(),
    encoder: stage(),
    parserRoom: room(own),
    port1Room: room(own),
    port2Room: room(own),
    strategyRoom: room(own),
    riskRoom: room(own),
    encoderRoom: room(own),
  };
}

type Parts = ReturnType<typeof parts>;
/** What the stages share, whatever arguments the operation has. */
type Context = Pick<OperationContext<typeof fpgaParams, Parts, Record<never, never>, Params>, "params" | "parts" | "message" | "state" | "name" | "refuse">;

const ONE = amountOf(1);
/** One bit of a byte; and the bits on the line for one of the frame, 64 of every 66 of which are the frame's. */
const BIT = rational(1, 8);
const PAYLOAD_BITS = rational(66, 64);

/** A stage that waits only when it takes messages less often than once a cycle: no two paths meet in it. */
const gateAt = (part: PartOf<"stage">, places: PartOf<"pool">, interval: Amount): Gate | null => (interval.of(0) > 1 ? { part, places, interval, busy: ZERO } : null);

/** An argument of a step stands before the parameter of the same name. */
const given = <T>(argument: T | undefined, parameter: T): T => argument ?? parameter;
const optional = <T>(param: Param<T>): Param<T> => ({ ...param, default: null });

/** The tap where this pipeline's mac.rx has seen the frame: its speculative order cannot start before. */
const seenBy = (name: string): string => `${name} has seen the frame`;
/** What a message holds while it waits for the next stage to be ready. */
const HELD = "held";

interface Gate {
  readonly part: PartOf<"stage">;
  readonly places: PartOf<"pool">;
  readonly interval: Amount;
  /** Time that the stage is taken beyond its interval. */
  readonly busy: Amount;
}

/** The clock that the message is under, and how it passes cycles of it. */
function domainOf({ params: own, parts: part, state }: Context): { readonly rate: Rate; readonly locked: boolean; readonly pass: (count: Amount, label: string) => Step } {
  const second = state.get("crossed") === true;
  const rate = second ? own["cdc.clock"] : own.clock;
  const edges = second ? part.second : part.clock;
  const locked = !second && own.phase === "locked";
  return { rate, locked, pass: (count, label) => (locked ? delay(rate.timeFor(count), label) : cycles(edges, count, label)) };
}

/** A stage of whole cycles; with a gate it takes one message an interval, and others wait. */
function clocked(context: Context, name: Clocked, latency: Amount, gate: Gate | null = null): Step[] {
  const steps = enter(context, name);
  const waiting = gate === null ? [] : waitAt(gate, context, name);
  return [...steps, ...waiting, domainOf(context).pass(latency, name)];
}

/** Waits until the stage takes a message: in the FIFO where that can last longer than a cycle. */
function waitAt(gate: Gate, context: Context, name: Clocked): Step[] {
  const { parts: part, message } = context;
  const { rate, locked, pass } = domainOf(context);
  // On an edge first, so that two messages of one cycle meet; then free just before the edge on which the next may enter.
  const taken = rate.timeFor(gate.interval).minus(locked ? 0 : 1).atLeast(0).plus(gate.busy);
  const stageFree = claimStage(gate.part, ZERO, name, { occupancy: taken });
  const aligned = locked ? [] : [pass(ZERO, "clock edge")];
  const short = gate.interval.of(0) <= 1 && gate.busy === ZERO;
  if (context.params.flow === "ready") return [...advance(gate.places, context), ...aligned, stageFree];
  return short ? [...aligned, stageFree] : [...aligned, claim(part.fifo, message.wire, "FIFO"), stageFree, release(part.fifo, message.wire)];
}

interface Held {
  readonly part: PartOf<"pool">;
  readonly units: Amount;
}

/** On to a stage that must be ready: what is held is given back when there is a place, at first the room in the FIFO at the wire. */
function advance(places: PartOf<"pool">, context: Context): Step[] {
  const { parts: part, message, state } = context;
  const held = state.get(HELD) as Held | undefined;
  const entry: Held = held ?? { part: part.fifo, units: message.wire };
  state.set(HELD, { part: places, units: ONE });
  return [...(held === undefined ? [claim(part.fifo, message.wire, "FIFO")] : []), claim(places, ONE, "ready"), release(entry.part, entry.units)];
}

/** Gives back the place in the last stage that had any. */
function leave({ state }: Context): Step[] {
  const held = state.get(HELD) as Held | undefined;
  state.delete(HELD);
  return held === undefined ? [] : [release(held.part, held.units)];
}

/** Notes the stage that is entered, and takes the message over to the second clock where the scenario says so. */
function enter({ params: own, parts: part, state, refuse }: Context, name: Clocked): Step[] {
  const between = own["cdc.between"];
  const [before, after] = between;
  const previous = state.get("stage");
  state.set("stage", name);
  if (before === undefined) return [];
  const known = between.length === 2 && between.every((one) => STAGES.includes(one as Clocked));
  if (!known) refuse("fpga-crossing", `cdc.between names ${between.join(" and ")}`, `name two stages that follow each other, of ${STAGES.join(", ")}`);
  if (name !== after) return [];
  if (previous !== before) refuse("fpga-crossing", `the clock changes between ${before} and ${after}, but on this path ${after} follows ${String(previous ?? "no other stage")}`, "name two stages that follow each other on every path");
  state.set("crossed", true);
  return [cycles(part.second, own["cdc.cycles"], "clock crossing")];
}

/** Refuses a datapath that falls behind the line: its words would have to wait, and nothing can make the wire wait. */
function checkWidth({ params: own, message, refuse }: Context): void {
  const word = message.arriving?.scaled(rational(parseInt(own.datapath, 10), 8)).period;
  if (word === undefined || compare(word, own.clock.period) >= 0) return;
  refuse("fpga-datapath", `${own.datapath} a cycle are slower than the line that feeds them`, "widen the datapath or raise the clock");
}

/** Bytes of the frame up to and with the one that is meant, in words of so many bytes, never more than there are. */
function bytesUpTo(offset: ByteOffset, message: MessageShape, word: number): Amount {
  const start = offset.from === "payload" ? message.headers : 0;
  return new Amount((payload) => Math.min(Math.ceil((start + offset.bytes.of(payload)) / word) * word, message.wire.of(payload)), offset.bytes.origins);
}

/**
 * The book's memories: what reading takes beyond the block RAM access that the cycles count, and what writing takes. Nobody else can use
 * the port meanwhile. What is outside the device has one port.
 */
const MEMORY = {
  bram: { label: "block RAM", ports: 2, read: () => ZERO, write: cyclesOfWrite },
  uram: { label: "UltraRAM", ports: 2, read: () => ZERO, write: cyclesOfWrite },
  sram: { label: "external SRAM", ports: 1, read: (own: Values<typeof fpgaParams>) => own["book.sram"], write: (own: Values<typeof fpgaParams>) => own["book.sram-write"] },
  ddr: { label: "external DRAM", ports: 1, read: (own: Values<typeof fpgaParams>) => own["book.ddr"], write: (own: Values<typeof fpgaParams>) => own["book.ddr-write"] },
};

function cyclesOfWrite(own: Values<typeof fpgaParams>): Amount {
  return own.clock.timeFor(own["book.write"]);
}

/** A transceiver's fixed time, counted in bits on the line; every byte of the frame is as late. */
function pma(own: Values<typeof fpgaParams>, side: "phy.rx" | "phy.tx", label: string): Step {
  const intervals = own[side];
  return stream(own["phy.rate"].scaled(BIT).times(intervals.count, intervals.origins), label);
}

const ARGS = {
  "mac.rx": { cycles: optional(fpgaParams["mac.rx.cycles"]), mode: optional(fpgaParams["mac.rx.mode"]) },
  parse: { cycles: optional(fpgaParams["parse.cycles"]), trigger: optional(fpgaParams["parse.trigger"]), ii: optional(fpgaParams["parse.ii"]), wait: optional(fpgaParams["parse.wait"]) },
  book: { cycles: optional(fpgaParams["book.cycles"]), port: optional(fpgaParams["book.port"]), memory: optional(fpgaParams["book.memory"]), access: optional(fpgaParams["book.access"]), ii: optional(fpgaParams["book.ii"]) },
  strategy: { cycles: optional(fpgaParams["strategy.cycles"]), ii: optional(fpgaParams["strategy.ii"]) },
  risk: { cycles: optional(fpgaParams["risk.cycles"]), ii: optional(fpgaParams["risk.ii"]) },
  encode: { cycles: optional(fpgaParams["encode.cycles"]), frame: optional(fpgaParams["encode.frame"]), ii: optional(fpgaParams["encode.ii"]) },
  "mac.tx": { cycles: optional(fpgaParams["mac.tx.cycles"]), start: optional(fpgaParams["mac.tx.start"]), commit: optional(fpgaParams["mac.tx.commit"]) },
};
type In<K extends keyof typeof ARGS> = OperationContext<typeof fpgaParams, Parts, Record<never, never>, (typeof ARGS)[K]>;

function receive(context: In<"mac.rx">): Step[] {
  const { params: own, parts: part, args, message } = context;
  const latency = given(args.cycles, own["mac.rx.cycles"]);
  if (given(args.mode, own["mac.rx.mode"]) === "cut-through") {
    context.state.set("stage", "mac.rx");
    return [stream(own.clock.timeFor(latency), "mac.rx"), tap(seenBy(context.name))];
  }
  const stored = clocked(context, "mac.rx", latency.plus(own["mac.rx.store"]));
  return [claim(part.fifo, message.wire, "FIFO"), need("last"), ...bad(context, [release(part.fifo, message.wire)], "bad check sequence"), ...stored, release(part.fifo, message.wire), move("wire", "dev", "dma", message.stored), tap(seenBy(context.name))];
}

/** A frame whose check sequence is wrong ends here, once what it holds is given back. */
function bad({ params: own, name }: Context, undo: readonly Step[], reason: string): Step[] {
  const probability = toNumber(own["mac.rx.bad"]);
  return probability === 0 ? [] : [choose({ kind: "chance", probability, name: `${name} bad check sequence` }, [...undo, drop(reason)])];
}

function parse(context: In<"parse">): Step[] {
  const { params: own, parts: part, args, message } = context;
  const last = given(args.trigger, own["parse.trigger"]);
  const word = given(args.wait, own["parse.wait"]) === "word" ? parseInt(own.datapath, 10) / 8 : 1;
  const gate = gateAt(part.parser, part.parserRoom, given(args.ii, own["parse.ii"]));
  const parsed = clocked(context, "parse", given(args.cycles, own["parse.cycles"]), gate);
  return [trigger(bytesUpTo(last, message, 1)), need(bytesUpTo(last, message, word), "trigger byte"), ...parsed];
}

function updateBook(context: In<"book">): Step[] {
  const { params: own, parts: part, args, refuse } = context;
  const port = given(args.port, own["book.port"]).of(0);
  const memory = MEMORY[given(args.memory, own["book.memory"])];
  if (port < 1 || port > memory.ports) refuse("fpga-port", `the book has no port ${port}`, `${memory.label} has ${memory.ports === 1 ? "one port: 1" : "two ports: 1 and 2"}`);
  const read = memory.read(own);
  const busy = given(args.access, own["book.access"]) === "read" ? read : read.plus(memory.write(own));
  const [stageOf, places] = port === 1 ? [part.port1, part.port1Room] : [part.port2, part.port2Room];
  const updated = clocked(context, "book", given(args.cycles, own["book.cycles"]), { part: stageOf, places, interval: given(args.ii, own["book.ii"]), busy });
  if (memory.label === "UltraRAM") updated.push(domainOf(context).pass(own["book.uram"], memory.label));
  return read === ZERO ? updated : [...updated, delay(read, memory.label)];
}

function decide(context: In<"strategy">): Step[] {
  const { params: own, parts: part, args } = context;
  const gate = { part: part.strategy, places: part.strategyRoom, interval: given(args.ii, own["strategy.ii"]), busy: ZERO };
  return clocked(context, "strategy", given(args.cycles, own["strategy.cycles"]), gate);
}

function checkRisk(context: In<"risk">): Step[] {
  const { params: own, parts: part, args } = context;
  return clocked(context, "risk", given(args.cycles, own["risk.cycles"]), gateAt(part.risk, part.riskRoom, given(args.ii, own["risk.ii"])));
}

function encode(context: In<"encode">): Step[] {
  const { params: own, parts: part, args } = context;
  const encoded = clocked(context, "encode", given(args.cycles, own["encode.cycles"]), gateAt(part.encoder, part.encoderRoom, given(args.ii, own["encode.ii"])));
  return [...encoded, reframe(given(args.frame, own["encode.frame"]))];
}

function send(context: In<"mac.tx">): Step[] {
  const { params: own, args, message } = context;
  const sent = [...leave(context), ...clocked(context, "mac.tx", given(args.cycles, own["mac.tx.cycles"]))];
  // A frame that was cut through has taken its way through all stages before its last bytes tell that it should not have.
  if (message.location !== "dev") sent.push(...bad(context, [], "order aborted: bad check sequence"));
  if (message.location === "dev") sent.push(move("dev", "wire", "dma", message.stored));
  if (given(args.start, own["mac.tx.start"]) === "after-decision") return sent;
  const lead = own["phy.rate"].scaled(PAYLOAD_BITS).timeFor(given(args.commit, own["mac.tx.commit"]));
  return [...sent, speculate(lead, seenBy(context.name))];
}

export default defineModel({
  name: "fpga/pipeline",
  title: "Streaming FPGA pipeline between two Ethernet ports",
  about:
    "Transceiver, MAC, parser, order book, strategy, risk check and encoder in logic. Bytes stream through transceiver and MAC; the parser runs when " +
    "the last byte that the decision needs is in, and from there on whole clock cycles pass. No processor, no memory copy, hardly any tail.",
  params: fpgaParams,
  parts,
  operations: (operation) => ({
    "phy.rx": operation({
      from: ["wire"],
      meaning: "receive PMA: serial bits become words, in a time that the transceiver fixes",
      steps: (context) => {
        checkWidth(context);
        return [pma(context.params, "phy.rx", "PMA receive")];
      },
    }),
    "mac.rx": operation({ from: ["wire"], meaning: "PCS and MAC: bytes stream on, or the whole frame is stored first", args: ARGS["mac.rx"], main: "cycles", steps: receive }),
    parse: operation({
      from: ["wire", "dev"],
      meaning: "waits for the last byte that the decision needs, then takes the fields out",
      args: ARGS.parse,
      main: "cycles",
      steps: parse,
    }),
    book: operation({ from: ["wire", "dev"], meaning: "updates the order book through one port of its memory", args: ARGS.book, main: "cycles", steps: updateBook }),
    strategy: operation({ from: ["wire", "dev"], meaning: "the trading decision", args: ARGS.strategy, main: "cycles", steps: decide }),
    risk: operation({ from: ["wire", "dev"], meaning: "checks before the trade", args: ARGS.risk, main: "cycles", steps: checkRisk }),
    encode: operation({
      from: ["wire", "dev"],
      meaning: "puts the decision into the prepared order; from here on the message is that frame",
      args: ARGS.encode,
      main: "cycles",
      steps: encode,
    }),
    "mac.tx": operation({
      from: ["wire", "dev"],
      meaning: "MAC and PCS, send side; a speculative frame starts before the decision, with bytes that do not depend on it",
      args: ARGS["mac.tx"],
      main: "cycles",
      steps: send,
    }),
    "phy.tx": operation({
      from: ["wire"],
      meaning: "send PMA: words become serial bits, in a time that the transceiver fixes",
      steps: (context) => [pma(context.params, "phy.tx", "PMA send")],
    }),
  }),
});
