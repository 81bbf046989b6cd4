import { amountOf, bus, bytes, dataRate, defineModel, duration, estimated, number, order, type PartOf, pool, published, type Values } from "../../modeling/index.js";
import { sharedOperations, up, type Burst, type SharedBus } from "../parts/shared-bus.js";

const MESSAGE = 4;

const PARAMS = {
  rate: dataRate("2128 Mbit/s", "speed of the link: 266 MB/s, both directions together", published("intel-csa")),
  header: bytes("8 B", "address and length in front of each packet", estimated("one or two double words", ["4 B", "16 B"])),
  packet: bytes("64 B", "largest data of one packet", estimated("a line of the processor", ["32 B", "128 B"])),
  request: bytes("256 B", "largest read that one request may ask for", estimated("a few lines of the processor", ["64 B", "512 B"])),
  outstanding: number(4, "requests that may be unanswered", estimated("buffers for a few lines at the memory hub", ["1", "8"]), 1),
  arbitration: duration("15 ns", "from asking for the idle link until it may be used", estimated("one clock at 66 MHz, as there is one other party", ["0 ns", "30 ns"])),
  fetch: duration("300 ns", "from a request at the memory hub until its first data are there", estimated("the bridge of PCI saved, 300 ns for both ways", ["150 ns", "500 ns"])),
  upstream: duration("150 ns", "flight of a write to the memory hub", estimated("as from the bridge of PCI, less the hop", ["80 ns", "300 ns"])),
  landing: duration("50 ns", "from the memory hub until the line can be read", estimated("snoop and write queue", ["20 ns", "100 ns"])),
  downstream: duration("200 ns", "flight of a store from core to device", estimated("write buffer, front-side bus, link", ["100 ns", "400 ns"])),
  load: duration("600 ns", "read of a device register by a core, which stands still meanwhile", estimated("both flights and the transfer", ["300 ns", "1 us"])),
} as const;

type Csa = { readonly params: Values<typeof PARAMS>; readonly parts: { readonly medium: PartOf<"bus">; readonly landed: PartOf<"order">; readonly outstanding: PartOf<"pool"> } };

/** A link of its own for one adapter, from the memory hub. */
export default defineModel({
  name: "bus/csa",
  title: "CSA, a network adapter's own link to the memory hub",
  about:
    "Communication streaming architecture, 2003: a gigabit adapter sits at the memory hub on a link of its own instead of sharing the PCI bus behind the I/O hub. " +
    "Twice the speed of 32-bit PCI, nobody else to wait for, and one bridge less on the way to memory. One medium for both directions, reads are split.",
  provides: "bus",
  params: PARAMS,
  parts: ({ params }) => ({ medium: bus(), landed: order(), outstanding: pool({ capacity: params.outstanding.of(0), whenFull: "block" }) }),
  operations: (operation) => sharedOperations(operation, describe),
});

function describe({ params, parts }: Csa): SharedBus {
  const header = params.header.of(0);
  const data: Burst = { most: params.packet, overhead: header, time: (size) => params.rate.timeFor(size.plus(params.header)) };
  const shared: SharedBus = {
    medium: parts.medium,
    landed: parts.landed,
    arbitration: params.arbitration,
    write: data,
    answer: data,
    request: params.rate.timeFor(params.header),
    reads: { kind: "split", most: params.request, outstanding: parts.outstanding },
    fetch: params.fetch,
    upstream: params.upstream,
    landing: params.landing,
    downstream: params.downstream,
    load: params.load,
    interrupt: (label) => up(shared, amountOf(MESSAGE), label),
  };
  return shared;
}
