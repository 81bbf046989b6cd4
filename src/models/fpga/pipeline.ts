import {
  Amount, bytes, byteOffset, choice, chosen, claim, claimStage, clock, compare, cycleCount, cycles, dataRate, defineModel, delay, duration, estimated,
  frequency, list, move, need, number, pool, published, rational, reframe, release, speculate, stage, standard, stream, tap, trigger,
  unitIntervals, ZERO, type ByteOffset, type MessageShape, type OperationContext, type Param, type Params, type PartOf, type Rate, type Step, type Values,
} from "../../modeling/index.js";

/** Stages that work in whole cycles, in the order in which a trade passes them. */
const STAGES = ["mac.rx", "parse", "book", "strategy", "risk", "encode", "mac.tx"] as const;
type Clocked = (typeof STAGES)[number];

const cycle = (fallback: string, meaning: string, range: readonly [string, string]): Param<Amount> => cycleCount(fallback, meaning, estimated("pipelines of this class", range));
const interval = (of: string): Param<Amount> => cycleCount("1 cycle", `shortest time between two messages in ${of}; a message that comes sooner waits in the FIFO`, chosen("fully pipelined"));

const params = {
  clock: frequency("322.265625 MHz", "clock of the pipeline", published("amd-pg210")),
  phase: choice(["random", "zero", "locked"], "random", "edges fall anywhere, drawn once per run; or one at time 0; or the clock is recovered from the line, and nothing ever waits for an edge", chosen("a clock of the board's own")),
  datapath: choice(["16 bit", "32 bit", "64 bit", "128 bit", "256 bit", "512 bit"], "32 bit", "bits that move in one cycle; must keep up with the line", standard("ieee-802-3")),
  fifo: bytes("4 KiB", "frames that wait for a stage; a full one drops, because a wire cannot be stopped", chosen("two block RAMs")),
  "phy.rate": dataRate("10.3125 Gbit/s", "rate of the serial line, 64b/66b coding included; one bit is a unit interval", standard("ieee-802-3")),
  "phy.rx": unitIntervals("129.5 UI", "first bit in at the pin to first bit out of the receive PMA", published("amd-pg056")),
  "phy.tx": unitIntervals("190 UI", "first bit into the transmit PMA to first bit out at the pin", published("amd-pg056")),
  "mac.rx.cycles": cycle("3 cycles", "PCS and MAC, receive side", ["1 cycle", "6 cycles"]),
  "mac.rx.mode": choice(["cut-through", "store-forward"], "cut-through", "whether bytes go on as they come or only once the frame and its check sequence are in", chosen("latency before safety")),
  "mac.rx.store": cycle("1 cycle", "a frame into the buffer and out of it again, when it is stored", ["1 cycle", "4 cycles"]),
  "parse.cycles": cycle("2 cycles", "headers and fields out of the words", ["1 cycle", "4 cycles"]),
  "parse.ii": interval("the parser"),
  "parse.trigger": byteOffset("payload + 20 B", "last byte that the decision needs", chosen("price and size of a short update")),
  "parse.wait": choice(["byte", "word"], "byte", "whether the trigger byte is seen when it is in, or when the word that holds it is complete", chosen("the PMA's latency counts the filling of a word")),
  "book.cycles": cycle("3 cycles", "update of the order book, with its access to block RAM", ["2 cycles", "8 cycles"]),
  "book.ii": interval("one port of the book"),
  "book.port": number(1, "port of the book's memory that the path uses, 1 or 2; paths on one port wait for each other", chosen("block RAM has two ports")),
  "book.memory": choice(["bram", "uram", "sram", "ddr"], "bram", "where the book is kept", chosen("small books fit into block RAM")),
  "book.uram": cycle("1 cycle", "what UltraRAM takes beyond block RAM", ["1 cycle", "2 cycles"]),
  "book.sram": duration("12 ns", "read from external SRAM", published("lda-sbm09p3")),
  "book.ddr": duration("80 ns", "read from external DRAM, row opened", estimated("DDR4 behind a soft controller", ["60 ns", "200 ns"])),
  "strategy.cycles": cycle("2 cycles", "the trading decision", ["1 cycle", "10 cycles"]),
  "strategy.ii": interval("the strategy"),
  "risk.cycles": cycle("1 cycle", "checks before the trade", ["1 cycle", "4 cycles"]),
  "risk.ii": interval("the risk check"),
  "encode.cycles": cycle("1 cycle", "the decision's fields into the prepared order", ["1 cycle", "4 cycles"]),
  "encode.ii": interval("the encoder"),
  "encode.frame": bytes("118 B", "order on the wire, preamble and check sequence included", chosen("TCP with 52 B of payload")),
  "mac.tx.cycles": cycle("3 cycles", "MAC and PCS, send side", ["1 cycle", "6 cycles"]),
  "mac.tx.start": choice(["after-decision", "speculative"], "after-decision", "whether the frame starts when all of it is known, or so early that the first byte that depends on the decision is ready just in time", chosen("no frame is sent in vain")),
  "mac.tx.commit": bytes("58 B", "first byte of the order that depends on the decision", chosen("the TCP checksum lies there")),
  "cdc.between": list([], "two stages between which the message enters a second clock's domain; none without", chosen("one clock")),
  "cdc.cycles": cycle("2 cycles", "synchroniser, in cycles of the second clock; its edge comes on top", ["2 cycles", "3 cycles"]),
  "cdc.clock": frequency("322.265625 MHz", "second clock, its phase unrelated to the first", published("amd-pg210")),
};

const LOCKABLE = { random: "random", zero: 0, locked: 0 } as const;

function parts({ params: own }: { readonly params: Values<typeof params> }) {
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
  };
}

type Parts = ReturnType<typeof parts>;
/** What the stages share, whatever arguments the operation has. */
type Context = Pick<OperationContext<typeof params, Parts, Record<never, never>, Params>, "params" | "parts" | "message" | "state" | "refuse">;

/** One bit of a byte; and the bits on the line for one of the frame, 64 of every 66 of which are the frame's. */
const BIT = rational(1, 8);
const PAYLOAD_BITS = rational(66, 64);

/** A stage that waits only when it takes messages less often than once a cycle: no two paths meet in it. */
const gateAt = (part: PartOf<"stage">, interval: Amount): Gate | null => (interval.of(0) > 1 ? { part, interval, busy: ZERO } : null);

/** An argument of a step stands before the parameter of the same name. */
const given = <T>(argument: T | undefined, parameter: T): T => argument ?? parameter;
const optional = <T>(param: Param<T>): Param<T> => ({ ...param, default: null });

/** Remembers where in mac.rx the frame is seen: a speculative order cannot start before. */
const SEEN = "frame seen";

interface Gate {
  readonly part: PartOf<"stage">;
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
  return short ? [...aligned, stageFree] : [...aligned, claim(part.fifo, message.wire, "FIFO"), stageFree, release(part.fifo, message.wire)];
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

/** What the book's memory takes beyond the block RAM access that the cycles count; nobody else can use the port for as long. */
const MEMORY = {
  bram: { label: "block RAM", busy: () => ZERO },
  uram: { label: "UltraRAM", busy: () => ZERO },
  sram: { label: "external SRAM", busy: (own: Values<typeof params>) => own["book.sram"] },
  ddr: { label: "external DRAM", busy: (own: Values<typeof params>) => own["book.ddr"] },
};

/** A transceiver's fixed time, counted in bits on the line; every byte of the frame is as late. */
function pma(own: Values<typeof params>, side: "phy.rx" | "phy.tx", label: string): Step {
  const intervals = own[side];
  return stream(own["phy.rate"].scaled(BIT).times(intervals.count, intervals.origins), label);
}

const ARGS = {
  "mac.rx": { cycles: optional(params["mac.rx.cycles"]), mode: optional(params["mac.rx.mode"]) },
  parse: { cycles: optional(params["parse.cycles"]), trigger: optional(params["parse.trigger"]), ii: optional(params["parse.ii"]), wait: optional(params["parse.wait"]) },
  book: { cycles: optional(params["book.cycles"]), port: optional(params["book.port"]), memory: optional(params["book.memory"]), ii: optional(params["book.ii"]) },
  strategy: { cycles: optional(params["strategy.cycles"]), ii: optional(params["strategy.ii"]) },
  risk: { cycles: optional(params["risk.cycles"]), ii: optional(params["risk.ii"]) },
  encode: { cycles: optional(params["encode.cycles"]), frame: optional(params["encode.frame"]), ii: optional(params["encode.ii"]) },
  "mac.tx": { cycles: optional(params["mac.tx.cycles"]), start: optional(params["mac.tx.start"]), commit: optional(params["mac.tx.commit"]) },
};
type In<K extends keyof typeof ARGS> = OperationContext<typeof params, Parts, Record<never, never>, (typeof ARGS)[K]>;

function receive(context: In<"mac.rx">): Step[] {
  const { params: own, parts: part, args, message } = context;
  const latency = given(args.cycles, own["mac.rx.cycles"]);
  if (given(args.mode, own["mac.rx.mode"]) === "cut-through") {
    context.state.set("stage", "mac.rx");
    return [stream(own.clock.timeFor(latency), "mac.rx"), tap(SEEN)];
  }
  const stored = clocked(context, "mac.rx", latency.plus(own["mac.rx.store"]));
  return [claim(part.fifo, message.wire, "FIFO"), need("last"), ...stored, release(part.fifo, message.wire), move("wire", "dev", "dma", message.stored), tap(SEEN)];
}

function parse(context: In<"parse">): Step[] {
  const { params: own, parts: part, args, message } = context;
  const last = given(args.trigger, own["parse.trigger"]);
  const word = given(args.wait, own["parse.wait"]) === "word" ? parseInt(own.datapath, 10) / 8 : 1;
  const gate = gateAt(part.parser, given(args.ii, own["parse.ii"]));
  const parsed = clocked(context, "parse", given(args.cycles, own["parse.cycles"]), gate);
  return [trigger(bytesUpTo(last, message, 1)), need(bytesUpTo(last, message, word), "trigger byte"), ...parsed];
}

function updateBook(context: In<"book">): Step[] {
  const { params: own, parts: part, args, refuse } = context;
  const port = given(args.port, own["book.port"]).of(0);
  if (port !== 1 && port !== 2) refuse("fpga-port", `the book has no port ${port}`, "block RAM has two ports: 1 and 2");
  const memory = MEMORY[given(args.memory, own["book.memory"])];
  const busy = memory.busy(own);
  const gate = { part: port === 1 ? part.port1 : part.port2, interval: given(args.ii, own["book.ii"]), busy };
  const updated = clocked(context, "book", given(args.cycles, own["book.cycles"]), gate);
  if (memory.label === "UltraRAM") updated.push(domainOf(context).pass(own["book.uram"], memory.label));
  return busy === ZERO ? updated : [...updated, delay(busy, memory.label)];
}

function decide(context: In<"strategy">): Step[] {
  const { params: own, parts: part, args } = context;
  const gate = { part: part.strategy, interval: given(args.ii, own["strategy.ii"]), busy: ZERO };
  return clocked(context, "strategy", given(args.cycles, own["strategy.cycles"]), gate);
}

function checkRisk(context: In<"risk">): Step[] {
  const { params: own, parts: part, args } = context;
  return clocked(context, "risk", given(args.cycles, own["risk.cycles"]), gateAt(part.risk, given(args.ii, own["risk.ii"])));
}

function encode(context: In<"encode">): Step[] {
  const { params: own, parts: part, args } = context;
  const encoded = clocked(context, "encode", given(args.cycles, own["encode.cycles"]), gateAt(part.encoder, given(args.ii, own["encode.ii"])));
  return [...encoded, reframe(given(args.frame, own["encode.frame"]))];
}

function send(context: In<"mac.tx">): Step[] {
  const { params: own, args, message } = context;
  const sent = clocked(context, "mac.tx", given(args.cycles, own["mac.tx.cycles"]));
  if (message.location === "dev") sent.push(move("dev", "wire", "dma", message.stored));
  if (given(args.start, own["mac.tx.start"]) === "after-decision") return sent;
  const lead = own["phy.rate"].scaled(PAYLOAD_BITS).timeFor(given(args.commit, own["mac.tx.commit"]));
  return [...sent, speculate(lead, SEEN)];
}

export default defineModel({
  name: "fpga/pipeline",
  title: "Streaming FPGA pipeline between two Ethernet ports",
  about:
    "Transceiver, MAC, parser, order book, strategy, risk check and encoder in logic. Bytes stream through transceiver and MAC; the parser runs when " +
    "the last byte that the decision needs is in, and from there on whole clock cycles pass. No processor, no memory copy, hardly any tail.",
  params,
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
