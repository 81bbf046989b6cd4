import {
  amountOf, bytes, choice, chosen, claim, compare, defineModel, duration, egress, estimated, list, pool, release, spawn, stream, use,
  type Egress, type OperationContext, type PartOf, type Rate, type Step, type TakenArrival,
} from "../../modeling/index.js";
import { passedOn } from "../parts/switch-ports.js";

const CHECK_SEQUENCE = 4;
const INPUTS = "inputs of outputs";

const PARAMS = {
  mode: choice(["fan-out", "mux"], "fan-out", "fan-out: an input is wired to its outputs, without queue or parser; mux: several inputs share an output, frame by frame", chosen("market data is spread out, orders are brought together")),
  "fan-out.delay": duration("5 ns", "from port to port where nothing is looked at", estimated("vendors' data sheets of crosspoint switches", ["2 ns", "6 ns"])),
  "mux.delay": duration("45 ns", "from port to port where frames take turns", estimated("vendors' data sheets of multiplexers", ["30 ns", "57 ns"])),
  "mux.buffer": bytes("64 KiB", "frames that wait for an output; one that finds it full is dropped", estimated("block RAM of a mid-size FPGA", ["16 KiB", "1 MiB"])),
} as const;

const ARGS = {
  copies: list([], "links that get a copy each", chosen("most inputs are wired to one output")),
} as const;

type Context = OperationContext<typeof PARAMS, Record<string, never>, Record<never, never>, typeof ARGS>;

/** Wires inputs to outputs; as a multiplexer it lets inputs take turns. */
export default defineModel({
  name: "switch/l1",
  title: "Layer-1 switch",
  about:
    "Passes bits on as they come, to one output or to many, without looking at them. As a multiplexer it brings several inputs to one output, where a frame waits for those that came before it. " +
    "Its port is the link that follows in the path, and must be as fast as the one before.",
  params: PARAMS,
  parts: () => ({}),
  operations: (operation) => ({
    traverse: operation({
      from: ["wire"],
      meaning: "a frame crosses to the link that follows",
      args: ARGS,
      main: "copies",
      steps: (context) => {
        const arrival = context.takeArrival();
        const lentOnce: TakenArrival = { ...arrival, settle: () => [] };
        const copies = context.args.copies.map((link) => spawn(...wired(context, link, lentOnce), use(context.instance(link), "traverse")));
        return [...copies, ...wired(context, context.nextLink(), arrival)];
      },
    }),
  }),
});

function wired(context: Context, link: string, arrival: TakenArrival): readonly Step[] {
  const { params, message } = context;
  const mux = params.mode === "mux";
  if (!mux) keepSingle(context, link, arrival);
  const frame = message.stored.plus(CHECK_SEQUENCE);
  const buffer: PartOf<"pool"> | null = mux ? context.part(`buffer for ${link}`, () => pool({ capacity: params["mux.buffer"].of(0), whenFull: "drop" })) : null;
  return [
    mux ? stream(params["mux.delay"], "multiplexer") : stream(params["fan-out.delay"], "crosspoint"),
    ...(buffer === null ? [] : [claim(buffer, frame, `buffer for ${link}`, arrival.settle(amountOf(0)))]),
    egress((port) => {
      sameRate(context, port, link);
      return { before: [], after: [...(buffer === null ? [] : [release(buffer, frame, port.sending)]), ...arrival.settle(port.sending), ...passedOn(arrival.damages)] };
    }),
  ];
}

/** Without a queue two inputs cannot share an output. */
function keepSingle({ memory, refuse, name }: Context, link: string, { by }: TakenArrival): void {
  const inputs = (memory.get(INPUTS) as Map<string, string | null> | undefined) ?? new Map<string, string | null>();
  memory.set(INPUTS, inputs);
  const other = inputs.get(link);
  inputs.set(link, by);
  if (other !== undefined && other !== by) refuse("switch-two-inputs", `${name} wires both ${other ?? "a device"} and ${by ?? "a device"} to ${link}, and has no queue`, "set its mode to mux");
}

function sameRate({ message, refuse, name }: Context, { rate }: Egress, link: string): void {
  const arriving: Rate | null = message.arriving;
  if (arriving !== null && compare(arriving.period, rate.period) !== 0) refuse("switch-rate", `${name} passes bits on as they come, and ${link} is not as fast as they come`, "give both links one rate");
}
