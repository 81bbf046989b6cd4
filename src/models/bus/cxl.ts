import {
  type Amount, amountOf, bus, bytes, choice, chosen, claim, claimStage, count, dataRate, defineModel, delay, duration, estimated, inOrder, inParallel, type InstanceRef, leaveCore, type MessageShape, move, number, order,
  pool, Rate, release, repeat, spawn, stage, standard, type Step, text, transfer, use, type Values, work, type Category,
} from "../../modeling/index.js";
import { byteTime, linkOf } from "../parts/pcie-packets.js";

const ONE = amountOf(1);
const LINE = 64;
/** Slots of 16 B: a request or a header takes one, the data of a line four. */
const HEADER = 1;
const DATA = 4;
const FLITS = { "68 B": { bytes: 68, slots: 4 }, "256 B": { bytes: 256, slots: 15 } } as const;
const cxl = standard("cxl-3.1");

const PARAMS = {
  link: choice(["gen5 x4", "gen5 x8", "gen5 x16", "gen6 x4", "gen6 x8", "gen6 x16"], "gen5 x8", "speed and number of lanes", cxl),
  flit: choice(["68 B", "256 B"], "68 B", "unit of transfer: four slots of 16 B up to CXL 2.0, fifteen with CXL 3", cxl),
  flight: duration("45 ns", "through both ports one way: PHY, link layer, multiplexer", estimated("20 to 25 ns a port", ["20 ns", "70 ns"])),
  home: duration("40 ns", "the processor's own part of an access: mesh, home agent, last-level cache", estimated("one trip over the mesh and a look into the cache", ["20 ns", "60 ns"])),
  landing: duration("20 ns", "from the home agent until a line that the device has written can be read", estimated("one trip over the processor's mesh", ["10 ns", "50 ns"])),
  controller: duration("20 ns", "the device's memory controller", estimated("queue and schedule", ["10 ns", "50 ns"])),
  dram: duration("50 ns", "access to the device's memory", estimated("DDR5, row closed", ["40 ns", "80 ns"])),
  "dram-rate": dataRate("307.2 Gbit/s", "what the device's memory can deliver: one channel of DDR5-4800", chosen("an expander with one channel")),
  requests: number(64, "lines that the device may have asked for at once", estimated("trackers of device caches", ["16", "256"]), 1),
  "core-lines": number(12, "lines that one core may have asked for at once", estimated("line fill buffers of one core", ["10", "48"]), 1),
  store: duration("5 ns", "time of the core for the stores of one line", estimated("eight stores that hit", ["2 ns", "20 ns"])),
} as const;

interface Cxl {
  readonly params: Values<typeof PARAMS>;
  readonly parts: ReturnType<typeof makeParts>;
}

function makeParts({ params }: { readonly params: Values<typeof PARAMS> }) {
  return {
    up: bus(),
    down: bus(),
    landed: order(),
    dram: stage(),
    requests: pool({ capacity: params.requests.of(0), whenFull: "block" }),
    lines: pool({ capacity: params["core-lines"].of(0), whenFull: "block" }),
  };
}

const own = chosen("the application's own");
const ACCESS = { bytes: bytes(null, "how much; the payload unless given", own), core: text("app", "thread that does it", own) };

/** Coherent lines over the lanes of PCI Express: memory behind the device, and a cache in it. */
export default defineModel({
  name: "bus/cxl",
  title: "CXL, coherent lines over the lanes of PCI Express",
  about:
    "Everything moves in flits of slots of 16 B. A core loads from the device's memory as from a distant node's: request, device's memory, data. A device caches the host's lines: it writes and reads them " +
    "whole, and a doorbell is no register but a line that both share: the core's store takes it from the device, which asks for it again.",
  provides: "bus",
  needs: { cpu: "cpu" },
  params: PARAMS,
  parts: makeParts,
  operations: (operation) => ({
    write: operation({
      meaning: "a device writes lines of host memory; with visible, until the home agent has them",
      steps: ({ params, parts, passed }) => [...data({ params, parts }, "up", passed["bytes"] as Amount, labelOf(passed)), ...(passed["visible"] === true ? [inOrder(parts.landed, `${labelOf(passed)} flight`, params.flight)] : [])],
    }),
    visible: operation({
      meaning: "what the device has written can be read, behind what was written before it",
      steps: ({ params, parts, passed }) => [inOrder(parts.landed, labelOf(passed), params.flight.plus((passed["extra"] as Amount | undefined) ?? 0)), delay(params.landing, "landing in the cache")],
    }),
    read: operation({
      meaning: "a device reads lines of host memory, until the first or the last",
      steps: ({ params, parts, passed }) => fetched({ params, parts }, { bytes: passed["bytes"] as Amount, label: labelOf(passed), first: passed["until"] === "first" }),
    }),
    atomic: operation({
      meaning: "a device takes a line for itself alone and changes a word in it",
      steps: ({ params, parts, passed }) => fetched({ params, parts }, { bytes: passed["bytes"] as Amount, label: labelOf(passed), first: false }),
    }),
    store: operation({
      meaning: "a core stores to lines that the device watches in its cache: they are taken from it, and it fetches them again",
      steps: ({ params, parts, passed }) => handedOver({ params, parts }, passed["bytes"] as Amount, labelOf(passed)),
    }),
    load: operation({
      meaning: "a core reads a line that the device holds",
      steps: ({ params, parts, passed }) => {
        const answer = time({ params }, HEADER + DATA);
        const stall = params.home.plus(time({ params }, HEADER)).plus(params.flight).plus(answer).plus(params.flight);
        return [spawn(transfer(parts.down, time({ params }, HEADER), labelOf(passed)), transfer(parts.up, answer, labelOf(passed))), work(stall, (passed["category"] as Category | undefined) ?? "user", labelOf(passed))];
      },
    }),
    interrupt: operation({ meaning: "a device sends an interrupt message, behind its data", steps: ({ params, parts, passed }) => [transfer(parts.up, time({ params }, HEADER), labelOf(passed)), count("bus-up-overhead", FLITS[params.flit].bytes)] }),
    "mem.load": operation({
      meaning: "a thread loads lines from the device's memory and waits for them",
      args: { ...ACCESS, access: choice(["dependent", "independent"], "dependent", "whether each load needs the one before it, as in a list, or all are under way at once", own) },
      steps: (context) => loaded(context, context.args.bytes ?? context.message.payload, context.args.access === "dependent"),
    }),
    "mem.store": operation({
      from: ["umem", "pinned"],
      meaning: "a thread stores the payload into the device's memory; the message is there when the last line is",
      args: { core: ACCESS.core },
      steps: (context) => stored(context),
    }),
  }),
});

const labelOf = (passed: Readonly<Record<string, unknown>>): string => (typeof passed["label"] === "string" ? passed["label"] : "bus");
const linesOf = (size: Amount): Amount => size.dividedUp(amountOf(LINE)).atLeast(1);

/** Whole flits that hold so many slots. */
function flitsOf({ params }: Pick<Cxl, "params">, slots: Amount): Amount {
  return slots.dividedUp(amountOf(FLITS[params.flit].slots));
}

function flitTime({ params }: Pick<Cxl, "params">): Amount {
  return new Rate(byteTime(linkOf(params.link))).timeFor(FLITS[params.flit].bytes);
}

/** Time of a message of a few slots on the link. */
function time(device: Pick<Cxl, "params">, slots: number): Amount {
  return flitTime(device).times(flitsOf(device, amountOf(slots)).of(0));
}

/** Flits of one transfer; others may take turns between them. */
function flits(device: Cxl, way: "up" | "down", slots: Amount, label: string): Step {
  return transfer(device.parts[way], flitTime(device), label, { units: flitsOf(device, slots) });
}

/** Lines with a header each; what the flits carry beside them is overhead. */
function data(device: Cxl, way: "up" | "down", size: Amount, label: string): readonly Step[] {
  const slots = linesOf(size).times(HEADER + DATA);
  const carried = flitsOf(device, slots).times(FLITS[device.params.flit].bytes);
  return [flits(device, way, slots, label), count(`bus-${way}-payload`, size), count(`bus-${way}-overhead`, carried.minus(size))];
}

/** Requests of a device for lines, as many at once as it can keep track of, and the lines. */
function fetched(device: Cxl, { bytes: size, label, first }: { readonly bytes: Amount; readonly label: string; readonly first: boolean }): readonly Step[] {
  const { params, parts } = device;
  const tracked = linesOf(size).map((lines) => Math.min(lines, params.requests.of(0)));
  const round = (lines: Amount, amount: Amount): readonly Step[] => [
    claim(parts.requests, lines, "requests of the device"),
    flits(device, "up", lines.times(HEADER), `${label} request`),
    delay(params.flight.plus(params.home).plus(params.flight), `${label} round trip`),
    ...data(device, "down", amount, label),
    release(parts.requests, lines),
  ];
  if (!first) return round(tracked, size);
  return [...round(ONE, amountOf(LINE)), spawn(...round(tracked, size.minus(LINE).atLeast(0)))];
}

/** Taken from the device's cache, asked for again, brought. */
function handedOver(device: Cxl, size: Amount, label: string): readonly Step[] {
  const { params } = device;
  const requests = linesOf(size).times(HEADER);
  return [
    delay(params.home, "home agent"),
    flits(device, "down", requests, `${label}: line taken`),
    delay(params.flight, `${label}: line taken, flight`, "propagate"),
    flits(device, "up", requests, `${label}: asked again`),
    delay(params.flight, `${label}: asked again, flight`, "propagate"),
    ...data(device, "down", size, `${label}: line brought`),
    delay(params.flight, `${label}: line brought, flight`, "propagate"),
  ];
}

interface OnThread extends Cxl {
  readonly needs: { readonly cpu: InstanceRef<"cpu"> };
  readonly args: { readonly core: string };
  readonly message: MessageShape;
}

/** The core is held until the last line has come. */
function loaded(thread: OnThread, size: Amount, dependent: boolean): readonly Step[] {
  const { params, parts, needs, args } = thread;
  const line = [
    delay(params.home, "home agent"),
    flits(thread, "down", ONE, "load request"),
    delay(params.flight.plus(params.controller), "flight and controller"),
    memory(thread, "load from the device's memory", LINE),
    ...data(thread, "up", amountOf(LINE), "load"),
    delay(params.flight, "flight", "propagate"),
  ];
  const atOnce = inParallel("lines", amountOf(0), linesOf(size), [claim(parts.lines, ONE, "line buffers of the core"), ...line, release(parts.lines, ONE)]);
  return [use(needs.cpu, "enter", { thread: args.core, label: args.core }), count("touched-bytes", linesOf(size).times(LINE)), dependent ? repeat(linesOf(size), line) : atOnce, leaveCore()];
}

/** Stores leave the core line by line; it does not wait until they have arrived. */
function stored(thread: OnThread): readonly Step[] {
  const { params, needs, args, message } = thread;
  const lines = linesOf(message.payload);
  return [
    use(needs.cpu, "enter", { thread: args.core, label: args.core }),
    work(lines.map((count) => count * params.store.of(0)).plus(amountOf(0, params.store.origins)), "user", "stores"),
    leaveCore(),
    delay(params.home, "home agent"),
    ...data(thread, "down", message.payload, "store"),
    delay(params.flight.plus(params.controller), "flight and controller"),
    memory(thread, "store to the device's memory", lines.times(LINE)),
    move(message.location ?? "umem", "dev", "cpu", message.payload),
  ];
}

/** An access to the device's memory, which takes its turn with others. */
function memory({ params, parts }: Cxl, label: string, size: Amount | number): Step {
  return claimStage(parts.dram, params.dram, label, { occupancy: params["dram-rate"].timeFor(size) });
}
