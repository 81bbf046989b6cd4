import {
  all, answerFor, amountOf, choice, chosen, claim, claimAs, choose, delay, duration, estimated, type MessageShape, move, need, number, pool, type PartOf, release,
  type Step, stream, type Values,
} from "../../modeling/index.js";

const ONE = amountOf(1);
const own = chosen("the program's own");

/** What both kinds of device have around their processors. */
export const PACKET_PARAMS = {
  "rx.phy": duration("80 ns", "PHY and MAC, receive", estimated("as of adapters of this class", ["50 ns", "450 ns"])),
  "tx.phy": duration("100 ns", "MAC and PHY, transmit", estimated("as of adapters of this class", ["40 ns", "200 ns"])),
  dispatch: duration("50 ns", "from a stored packet to the processor that gets it, and back to the port", estimated("hardware work queues", ["20 ns", "150 ns"])),
  buffers: number(1024, "packets that the device holds; one more is dropped", estimated("a few megabytes of packet memory", ["256", "8192"])),
  order: choice(["restored", "free"], "restored", "whether packets leave in the order in which they came, waiting for those ahead, or as they are done", own),
  "local.accesses": number(4, "accesses to the processor's own memory for each packet", own),
  "local.access": duration("10 ns", "one of them", estimated("scratch memory or a first-level cache", ["3 ns", "20 ns"])),
  "packet.accesses": number(2, "accesses to the memory that holds packets and tables", own),
  "packet.access": duration("100 ns", "one of them", estimated("memory of the device", ["60 ns", "200 ns"])),
  "host.accesses": number(0, "accesses to the host's memory", own),
  "host.access": duration("600 ns", "one of them, over the device's own PCI Express", estimated("a read of 64 B over PCI Express", ["500 ns", "1.5 us"])),
} as const;

export type PacketParams = Values<typeof PACKET_PARAMS>;

export function makePacketParts(params: PacketParams) {
  return {
    buffers: pool({ capacity: params.buffers.of(0), whenFull: "drop" }),
    next: pool({ capacity: 1, whenFull: "block" }),
  };
}

interface Device {
  readonly params: PacketParams;
  readonly parts: { readonly buffers: PartOf<"pool">; readonly next: PartOf<"pool"> };
  readonly message: MessageShape;
}

/** A packet comes in whole, is worked on, and goes out, in turn or as it is done. */
export function throughDevice({ params, parts, message }: Device, worked: readonly Step[]): readonly Step[] {
  const done = [delay(params.dispatch, "dispatch"), ...worked];
  // Who is next is decided when packets come; a packet that is done waits for that.
  const turn = [claimAs("order", parts.next, ONE, "behind packets that came before"), answerFor(-1)];
  const inTurn = [all("in the order of arrival", done, turn), answerFor(1), release(parts.next, ONE)];
  return [
    stream(params["rx.phy"], "PHY and MAC, receive"),
    need("last"),
    claim(parts.buffers, ONE, "packet buffers"),
    move("wire", "nic", "dma", message.payload),
    ...(params.order === "restored" ? inTurn : done),
    release(parts.buffers, ONE),
    move("nic", "wire", "dma", message.payload),
    delay(params["tx.phy"], "MAC and PHY, transmit"),
  ];
}

/** One way for each processor that a flow may belong to. */
export function byFlow(processors: number, steps: (processor: number) => readonly Step[], from = 0): readonly Step[] {
  if (from === processors - 1) return steps(from);
  return [choose({ kind: "flow", test: (flow) => flow % processors === from }, steps(from), byFlow(processors, steps, from + 1))];
}
