import {
  amountOf, bus, bytes, choice, chosen, cycleCount, defineModel, delay, duration, estimated, frequency, number, order, type PartOf, pool, standard, type Amount, type Values,
} from "../../modeling/index.js";
import { sharedOperations, up, type Burst, type SharedBus } from "../parts/shared-bus.js";

/** Address, attributes that say who asks for how much, and the target's answer; then one clock in which the lines change their driver. */
const PHASES = 3;
const TURNAROUND = 1;
const WORD = 8;
const MESSAGE = 4;
/** Where a burst may be broken off: at multiples of this. */
const BOUNDARY = 128;
const pcix = standard("pci-x-1.0");

const PARAMS = {
  clock: frequency("133 MHz", "clock of the bus", pcix),
  arbitration: cycleCount("2 cycles", "from asking for the idle bus until it may be used; hidden while others use it", pcix),
  initial: cycleCount("4 cycles", "wait for the first word of a burst", estimated("decoding takes longer than on PCI, the standard allows 16", ["1 cycle", "16 cycles"])),
  "latency.timer": cycleCount("64 cycles", "clocks for which a device may keep the bus while others want it; it then goes on to the next boundary of 128 B", pcix),
  request: bytes("512 B", "largest read that one request may ask for", pcix),
  splits: number(8, "requests of a device that may be unanswered", estimated("adapters have 1 to 32", ["1", "32"]), 1),
  fetch: duration("400 ns", "from a request at the bridge until its data are there", estimated("bridge of a server chipset and memory", ["250 ns", "800 ns"])),
  upstream: duration("250 ns", "flight of a write from the bridge to memory", estimated("bridge and hub link of a server chipset", ["150 ns", "500 ns"])),
  landing: duration("50 ns", "from the memory hub until the line can be read", estimated("snoop and write queue", ["20 ns", "100 ns"])),
  downstream: duration("250 ns", "flight of a store from core to bridge", estimated("write buffer, front-side bus, hub link", ["150 ns", "500 ns"])),
  load: duration("800 ns", "read of a device register by a core, which stands still meanwhile", estimated("both flights and the transfer at 133 MHz", ["500 ns", "1500 ns"])),
  interrupt: choice(["wire", "message"], "wire", "whether interrupts come by a wire beside the bus, in no order with data, or as writes over it", chosen("drivers of the time used the wire")),
  wire: duration("700 ns", "from the wire to the processor, through the interrupt controller", estimated("controller and its message to the processor", ["300 ns", "1500 ns"])),
} as const;

type PciX = { readonly params: Values<typeof PARAMS>; readonly parts: { readonly medium: PartOf<"bus">; readonly landed: PartOf<"order">; readonly splits: PartOf<"pool"> } };

/** PCI-X: the lines of PCI at four times its clock, and reads that let others in until their answer comes. */
export default defineModel({
  name: "bus/pci-x",
  title: "PCI-X bus",
  about:
    "As PCI one medium for all devices and both directions, with 64 data lines at up to 133 MHz. A read is split: the request says who asks for how much, and the bridge brings the answer " +
    "as a transfer of its own when it has the data. Nobody tries in vain, and several requests may be under way.",
  provides: "bus",
  params: PARAMS,
  parts: ({ params }) => ({ medium: bus(), landed: order(), splits: pool({ capacity: params.splits.of(0), whenFull: "block" }) }),
  operations: (operation) => sharedOperations(operation, describe),
});

function describe({ params, parts }: PciX): SharedBus {
  const clocks = (count: Amount): Amount => params.clock.timeFor(count);
  const data = burst(params);
  const shared: SharedBus = {
    medium: parts.medium,
    landed: parts.landed,
    arbitration: clocks(params.arbitration),
    write: data,
    answer: data,
    request: clocks(amountOf(PHASES + TURNAROUND)),
    reads: { kind: "split", most: params.request, outstanding: parts.splits },
    fetch: params.fetch,
    upstream: params.upstream,
    landing: params.landing,
    downstream: params.downstream,
    load: params.load,
    interrupt: (label) => (params.interrupt === "wire" ? [delay(params.wire, label, "irq")] : up(shared, amountOf(MESSAGE), label)),
  };
  return shared;
}

/** A burst ends at the first boundary at which its timer has run out. */
function burst(params: PciX["params"]): Burst {
  const waits = PHASES + params.initial.of(0);
  const inTimer = Math.max(1, params["latency.timer"].of(0) - waits) * WORD;
  const most = amountOf(Math.ceil(inTimer / BOUNDARY) * BOUNDARY, params["latency.timer"].origins);
  const words = (size: Amount): Amount => size.dividedUp(amountOf(WORD));
  return { most, overhead: (waits + TURNAROUND) * WORD, time: (size) => params.clock.timeFor(words(size).plus(params.initial).plus(PHASES + TURNAROUND)) };
}
