import {
  type Amount, amountOf, arbitrate, arrive, bytes, choice, choose, chosen, claim, count, duration, egress, estimated, list, number, pool, published, release, spawn, text, use,
  type Damage, type InstanceRef, type MessageShape, type Part, type PartOf, type Step, type TakenArrival, type Values,
} from "../../modeling/index.js";
import { weightsOf } from "./weights.js";

const CHECK_SEQUENCE = 4;
const PRIORITIES = 8;
const LEAST_QUANTUM = 64;
const PORTS = 64;
const ONE = amountOf(1);

/** What switches that queue have in common. The transmitter of a port is that of the link at it, which follows in the path. */
export const SWITCH_PARAMS = {
  forwarding: duration("300 ns", "from the bytes that the decision needs until the frame is ready for its port: parser, tables, fabric, port", estimated("cut-through switches of several makers, less the wait for the header", ["90 ns", "1 us"])),
  "buffer.shared": bytes("16 MiB", "memory that the queues of all ports share; a frame that finds it full is dropped", estimated("data sheets of top-of-rack switches", ["4 MiB", "128 MiB"])),
  "buffer.port": bytes("1 MiB", "most of it that one queue may fill; a frame that finds its queue full is dropped", estimated("dynamic thresholds that leave room for others", ["128 KiB", "8 MiB"])),
  "ecn.threshold": bytes("0 B", "a frame that finds more than this in its queue is marked; 0 B: none is", chosen("marking is switched on where senders heed it")),
  queueing: choice(["output", "voq", "input"], "output", "whose queue fills: that of the output, that of one input for one output, or one for all that an input has, whose head then blocks the others", chosen("switch chips of today queue for each output")),
  fabric: choice(["fast", "crossbar"], "fast", "voq: whether the fabric between inputs and outputs is so fast that an input may feed several outputs at once, or a crossbar that takes one frame at a time from an input and gives one to an output, matched by iSLIP", published("mckeown-1999")),
  arbitration: choice(["fifo", "priority", "drr"], "fifo", "who of those that wait for a port goes next: who came first, the highest priority, or each priority in turn for its share of bytes (deficit round robin: what a frame does not fit into waits for the next turn, and is not lost)", chosen("one class of traffic needs no other")),
  weights: text("1:1:1:1:1:1:1:1", "drr: quanta that each priority from 0 on gets in its turn", chosen("equal shares")),
  quantum: bytes("1518 B", "drr: bytes of frames, check sequences included, that a weight of 1 is worth", published("shreedhar-varghese-1995")),
} as const;

export const SWITCH_ARGS = {
  priority: number(0, "priority of the frame, 0 to 7; 7 is the most urgent", chosen("untagged frames have priority 0")),
  copies: list([], "links that get a copy each: multicast", chosen("most frames go one way")),
} as const;

/** What the operation of a switch knows. */
export interface SwitchContext {
  readonly params: Values<typeof SWITCH_PARAMS>;
  readonly args: Values<typeof SWITCH_ARGS>;
  readonly message: MessageShape;
  readonly name: string;
  readonly memory: Map<string, unknown>;
  readonly part: <K extends Part["primitive"]>(name: string, make: () => PartOf<K>) => PartOf<K>;
  readonly instance: (name: string) => InstanceRef;
  readonly nextLink: () => string;
  readonly takeArrival: () => TakenArrival;
  readonly refuse: (code: string, message: string, remedy?: string) => never;
}

/** How a switch comes by a frame; answers what damages travel on with it. */
export interface Front {
  readonly steps: (arrival: TakenArrival) => readonly Step[];
  readonly passesDamageOn: boolean;
}

/** Takes a frame in, queues it for the link that follows and for those that get a copy, and sends it. */
export function traverse(context: SwitchContext, front: Front): readonly Step[] {
  const { args, instance } = context;
  if (args.priority.of(0) >= PRIORITIES) context.refuse("priority-range", `there is no priority ${args.priority.of(0)}`, "priorities are 0 to 7");
  const arrival = context.takeArrival();
  // Whoever lent room to the frame gets it back once, when the frame itself has left.
  const lentOnce: TakenArrival = { ...arrival, settle: () => [] };
  const copies = args.copies.map((link) => spawn(...front.steps(lentOnce), ...queued(context, { arrival: lentOnce, link, front }), use(instance(link), "traverse")));
  return [...copies, ...front.steps(arrival), ...queued(context, { arrival, link: context.nextLink(), front })];
}

interface Way {
  readonly arrival: TakenArrival;
  readonly link: string;
  readonly front: Front;
}

/** Joins the queue for a link and, when it has been sent, leaves it. */
function queued(context: SwitchContext, { arrival, link, front }: Way): readonly Step[] {
  const { params, message, part } = context;
  const frame = message.stored.plus(CHECK_SEQUENCE);
  const from = arrival.by ?? "the switch itself";
  const memory = part("memory", () => pool({ capacity: params["buffer.shared"].of(0), whenFull: "drop" }));
  const queue = part(queueName(params.queueing, from, link), () => pool({ capacity: params["buffer.port"].of(0), whenFull: "drop" }));
  const nowhere = arrival.settle(amountOf(0));
  const threshold = params["ecn.threshold"].of(0);
  const marked = threshold === 0 ? [] : [choose({ kind: "filled", pool: queue, above: threshold }, [count("ecn-marks")])];
  const turns = [headOf(context, from), crossing(context, from, link), turnAt(context, link)];
  const damages = front.passesDamageOn ? arrival.damages : [];
  return [
    claim(memory, frame, "shared buffer", nowhere),
    ...marked,
    claim(queue, frame, `queue for ${link}`, [release(memory, frame), ...nowhere]),
    ...turns.flatMap((turn) => turn.queued),
    egress(({ sending, occupied }) => ({
      before: turns.flatMap((turn) => turn.before),
      after: [...turns.flatMap((turn) => turn.after(occupied)), release(queue, frame, sending), release(memory, frame, sending), ...arrival.settle(sending), ...passedOn(damages)],
    })),
  ];
}

function queueName(queueing: SwitchContext["params"]["queueing"], from: string, link: string): string {
  if (queueing === "output") return `queue for ${link}`;
  return queueing === "voq" ? `queue from ${from} for ${link}` : `queue from ${from}`;
}

/** Somebody to wait for: as soon as the frame is queued, or when it is ready to leave; and how the next is let in. */
interface Turn {
  readonly queued: readonly Step[];
  readonly before: readonly Step[];
  readonly after: (occupied: Amount) => readonly Step[];
}

const NOBODY: Turn = { queued: [], before: [], after: () => [] };

/** With one queue an input, only its first frame asks for a port, and holds the input while it is sent. */
function headOf({ params, args, part }: SwitchContext, from: string): Turn {
  if (params.queueing !== "input") return NOBODY;
  const head = part(`head from ${from}, priority ${args.priority.of(0)}`, () => pool({ capacity: 1, whenFull: "block" }));
  return { ...NOBODY, queued: [arbitrate(head, "behind the head of its input")], after: (occupied) => [release(head, ONE, occupied)] };
}

/** Frames wait for their input and their output at the crossbar, and hold both while they are sent. */
function crossing({ params, memory, part, refuse }: SwitchContext, from: string, link: string): Turn {
  if (params.queueing !== "voq" || params.fabric !== "crossbar") return NOBODY;
  if (params.arbitration !== "fifo") refuse("fabric-arbitration", "a crossbar lets one frame at a time to an output, so that nobody is left to arbitrate between", "leave arbitration at fifo, or let the fabric be fast");
  const fabric = part("crossbar", () => pool({ capacity: PORTS, whenFull: "block", order: { kind: "crossbar", ports: PORTS } }));
  const klass = portOf(memory, "inputs", from, refuse) * PORTS + portOf(memory, "outputs", link, refuse);
  return { ...NOBODY, before: [arbitrate(fabric, "crossbar", { klass, cost: null })], after: (occupied) => [release(fabric, amountOf(klass + 1), occupied)] };
}

/** Number of the port at which a link is, in the order in which paths come by. */
function portOf(memory: Map<string, unknown>, side: "inputs" | "outputs", link: string, refuse: SwitchContext["refuse"]): number {
  const known = (memory.get(side) as readonly string[] | undefined) ?? [];
  const at = known.indexOf(link);
  if (at >= 0) return at;
  if (known.length === PORTS) refuse("fabric-ports", `${link} is one port more than the ${PORTS} of a crossbar`, "spread the links over several switches");
  memory.set(side, [...known, link]);
  return known.length;
}

/** Who came first needs no arbiter: the transmitter of the link serves in that order. */
function turnAt({ params, args, message, part, refuse }: SwitchContext, link: string): Turn {
  if (params.arbitration === "fifo") return NOBODY;
  const weights = weightsOf(params.weights);
  if (weights?.length !== PRIORITIES) return refuse("weights-malformed", `${params.weights} are not the weights of ${PRIORITIES} priorities`, "write them as in 1:1:2:2:4:4:8:8");
  const inTurns = params.arbitration === "drr";
  const quantum = params.quantum.of(0);
  if (inTurns && quantum < LEAST_QUANTUM) refuse("quantum-range", `a quantum of ${quantum} B takes too many turns for a frame`, `give it ${LEAST_QUANTUM} B or more`);
  const order = inTurns ? ({ kind: "deficit", quanta: weights.map((weight) => weight * quantum) } as const) : ({ kind: "priority", classes: PRIORITIES } as const);
  const port = part(`arbiter for ${link}`, () => pool({ capacity: 1, whenFull: "block", order }));
  const priority = args.priority.of(0);
  const klass = inTurns ? priority : PRIORITIES - 1 - priority;
  return { ...NOBODY, before: [arbitrate(port, `port of ${link}`, { klass, cost: inTurns ? message.stored.plus(CHECK_SEQUENCE) : null })], after: (occupied) => [release(port, ONE, occupied)] };
}

/** Whoever comes next sees the damage instead. */
export function passedOn(damages: readonly Damage[]): readonly Step[] {
  return damages.length === 0 ? [] : [arrive({ settle: () => [], damages })];
}
