import {
  type Amount, amountOf, bytes, choice, choose, chosen, claim, count, defineModel, delay, duration, estimated, flag, inParallel, type InstanceRef, leaveCore, type MessageShape, move, number,
  type PartOf, pool, published, type Region, release, standard, type Step, text, use, work, ZERO, type Values,
} from "../../modeling/index.js";

const ONE = amountOf(1);
const DOORBELL = amountOf(4);
/** A transmit program: two descriptors of 16 bytes with the packet's header inside. */
const PROGRAM = amountOf(32);
const own = chosen("the application's own");

const PARAMS = {
  payload: bytes("2048 B", "largest data of one packet: 512 B at S100, 1024 B at S200, 2048 B at S400", standard("ieee-1394")),
  post: duration("300 ns", "building the packet's header and the transmit program", estimated("a few descriptor stores and a barrier", ["100 ns", "1 us"])),
  tx: duration("400 ns", "from the program in the controller to the request for the bus", estimated("context engine, FIFO and link layer at 50 MHz", ["200 ns", "1 us"])),
  rx: duration("400 ns", "from the end of a packet to the write on the host's bus", estimated("link layer and FIFO at 50 MHz", ["200 ns", "1 us"])),
  physical: duration("1500 ns", "from a request's arrival to its access to memory, and from the data to the response, without any software", estimated("2.5 us with the read of host memory on a 32 bit PCI bus", ["500 ns", "3 us"])),
  filter: choice(["open", "closed"], "open", "whether the target's driver lets other nodes reach its physical memory", published("linux-ohci1394")),
  reach: bytes("4 GiB", "physical memory below which requests are carried out by the controller alone", published("linux-ohci1394")),
  fair: flag(true, "whether a node that has had its turn waits for a new fairness interval before its next request", standard("ieee-1394")),
  outstanding: number(1, "requests of this node that may be on their way at once", chosen("one program at a time, as a debugger asks"), 1),
} as const;

const ACCESS = {
  via: text(null, "bus that both hosts are on", chosen("how the hosts are wired")),
  core: text("app", "thread that asks", own),
};

/** A FireWire controller whose physical unit reads and writes host memory for other nodes. */
export default defineModel({
  name: "firewire/ohci",
  title: "FireWire controller (OHCI 1394)",
  about:
    "A thread asks for bytes of another host's physical memory. The other controller fetches them from memory and answers by itself: no interrupt, no driver, not a cycle of its processors, " +
    "so it works when that host has crashed. There is no key and no right, only a filter that the host's driver opens for all of its memory below 4 GiB.",
  needs: { cpu: "cpu", bus: "bus", memory: "memory" },
  params: PARAMS,
  parts: ({ params }) => ({ turn: pool({ capacity: params.outstanding.of(0), whenFull: "block" }) }),
  operations: (operation) => ({
    read: operation({
      meaning: "reads the payload from a region of another host, whose processors take no part",
      args: { from: text(null, "region that is read, e.g. target.image", own), ...ACCESS },
      steps: (context) => readAll(context, context.args.from),
    }),
    write: operation({
      from: ["umem", "pinned"],
      meaning: "writes the payload to a region of another host, whose processors take no part",
      args: { to: text(null, "region that is written, e.g. target.image", own), ...ACCESS },
      steps: (context) => writeAll(context, context.args.to),
    }),
    open: operation({
      meaning: "checks that the physical unit may reach a region; with lend, its contents leave this host's memory",
      steps: ({ params, passed, message, refuse }) => {
        checkReach(params, passed["region"] as Region, refuse);
        return passed["lend"] === true ? [move("pinned", "wire", "dma", message.payload)] : [];
      },
    }),
    fetch: operation({
      meaning: "the physical unit carries a read request out",
      steps: ({ params, needs, message }) => [
        delay(params.physical, "physical unit"),
        use(needs.bus, "read", { bytes: message.payload, label: "read for another node", until: "last" }),
        use(needs.memory, "dma-read", { bytes: message.payload }),
      ],
    }),
    deposit: operation({
      meaning: "the physical unit carries a write request out",
      steps: ({ params, needs, message }) => [
        delay(params.physical, "physical unit"),
        use(needs.memory, "dma-write", { bytes: message.payload }),
        use(needs.bus, "write", { bytes: message.payload, label: "write for another node", visible: true }),
      ],
    }),
  }),
});

/** What a node that asks knows. */
interface Node {
  readonly params: Values<typeof PARAMS>;
  readonly parts: { readonly turn: PartOf<"pool"> };
  readonly needs: Readonly<Record<"cpu" | "bus" | "memory", InstanceRef>>;
  readonly args: { readonly via: string; readonly core: string };
  readonly message: MessageShape;
  readonly region: (name: string) => Region;
  readonly instance: (name: string) => InstanceRef;
  readonly refuse: (code: string, message: string, remedy?: string) => never;
}

/** Transactions of one packet's data each; those of a longer access wait for each other at the node's turn. */
function byPacket({ params, message }: Node, once: readonly Step[]): readonly Step[] {
  const most = params.payload.of(0);
  return [choose({ kind: "size", test: (payload) => payload <= most }, once, [inParallel("packets", params.payload, message.payload.dividedUp(params.payload), once)])];
}

function readAll(node: Node, region: string): readonly Step[] {
  const { params, needs, message, args, instance } = node;
  const target = targetOf(node, region);
  const link = instance(args.via);
  const controller = instance(`${target.host}.firewire`);
  const once = [
    ...asked(node),
    use(link, "subaction", { kind: "read request", bytes: message.payload }),
    use(controller, "fetch"),
    use(link, "subaction", { kind: "read response", bytes: message.payload }),
    ...nextTurn(node, link),
    delay(params.rx, "controller, receive"),
    use(needs.memory, "dma-write", { bytes: message.payload }),
    use(needs.bus, "write", { bytes: message.payload, label: "data", visible: true }),
  ];
  return [use(controller, "open", { region: target, lend: true }), ...byPacket(node, once), move("wire", "umem", "dma", message.payload), use(needs.cpu, "announce", { watched: "cq" })];
}

function writeAll(node: Node, region: string): readonly Step[] {
  const { needs, message, args, instance } = node;
  const target = targetOf(node, region);
  const link = instance(args.via);
  const controller = instance(`${target.host}.firewire`);
  const once = [
    ...asked(node),
    use(needs.memory, "dma-read", { bytes: message.payload }),
    use(needs.bus, "read", { bytes: message.payload, label: "data", until: "last" as const }),
    use(link, "subaction", { kind: "write request", bytes: message.payload }),
    ...nextTurn(node, link),
    use(controller, "deposit"),
  ];
  return [use(controller, "open", { region: target }), move(message.location ?? "umem", "wire", "dma", message.payload), ...byPacket(node, once), move("wire", "pinned", "dma", message.payload)];
}

/** From the thread to the request for the bus. */
function asked({ params, parts, needs, args }: Node): readonly Step[] {
  return [
    claim(parts.turn, ONE, "fairness interval"),
    use(needs.cpu, "enter", { thread: args.core, label: args.core }),
    work(params.post, "user", "post"),
    leaveCore(),
    use(needs.bus, "store", { bytes: DOORBELL, label: "doorbell" }),
    count("doorbells"),
    use(needs.bus, "read", { bytes: PROGRAM, label: "transmit program", until: "last" }),
    delay(params.tx, "controller, send"),
  ];
}

/** The turn comes back with the next fairness interval: when the bus has been silent for long enough after the last packet. */
function nextTurn({ params, parts }: Node, link: InstanceRef): readonly Step[] {
  if (!params.fair) return [release(parts.turn, ONE, ZERO)];
  return [use(link, "interval", { after: (wait: Amount) => [release(parts.turn, ONE, wait)] })];
}

/** The controller knows physical addresses and nothing else: the pages must stay, and lie where it can reach them. */
function targetOf({ args, region, refuse }: Node, name: string): Region {
  if (name === undefined || args.via === undefined) refuse("parameter-missing", "an access to another host needs a region and a bus", "write e.g. firewire.read: { via: fw, from: target.image }");
  const target = region(name);
  if (!target.pinned) refuse("region-not-pinned", `region ${target.name} is not pinned: a physical address says nothing about a page that may be moved`, `declare ${target.name} with pinned: true`);
  return target;
}

/** There is neither key nor right: the driver opens all of the memory that the controller can reach, or nothing. */
function checkReach({ filter, reach }: Node["params"], region: Region, refuse: Node["refuse"]): void {
  if (filter === "closed") refuse("physical-filter-closed", `the driver of ${region.host} does not let other nodes reach its memory`, `set ${region.host}.firewire.filter: open`);
  const below = region.below;
  if (below === null || below > reach.of(0)) refuse("region-unreachable", `region ${region.name} may lie above the ${reach.of(0)} B of physical memory that the controller reaches`, `declare ${region.name} with below: 4 GiB`);
}
