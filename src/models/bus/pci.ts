import {
  amountOf, bus, bytes, choice, cycleCount, defineModel, delay, duration, estimated, frequency, type Amount, order, type PartOf, standard, type Values,
} from "../../modeling/index.js";
import { sharedOperations, up, type Burst, type SharedBus } from "../parts/shared-bus.js";

/** One clock says whose address it is, and one lets the lines change their driver. */
const ADDRESS = 1;
const TURNAROUND = 1;
const MESSAGE = 4;
const pci = standard("pci-local-bus-2.3");

const PARAMS = {
  clock: frequency("33 MHz", "clock of the bus", pci),
  width: choice(["32 bit", "64 bit"], "32 bit", "data lines", pci),
  arbitration: cycleCount("2 cycles", "from asking for the idle bus until it may be used; hidden while others use it", pci),
  initial: cycleCount("4 cycles", "wait for the first word of a burst", estimated("bridges answer within 3 to 8 clocks, the standard allows 16", ["1 cycle", "16 cycles"])),
  "latency.timer": cycleCount("64 cycles", "clocks for which a device may keep the bus while others want it", estimated("what firmware sets: 32 to 248", ["32 cycles", "248 cycles"])),
  disconnect: bytes("4 KiB", "data after which the target ends a burst", estimated("bridges stop at a page; older ones at a line", ["32 B", "4 KiB"])),
  prefetch: bytes("256 B", "data that the bridge fetches for one read request", estimated("read buffers of bridges: one to eight lines of 32 to 64 B", ["32 B", "1 KiB"])),
  refusal: cycleCount("4 cycles", "clocks that a refused request takes: address, decoding, stop", pci),
  "retry.gap": cycleCount("16 cycles", "from a refusal to the next attempt", estimated("two clocks at the least; adapters wait longer, so that others get in", ["2 cycles", "32 cycles"])),
  fetch: duration("600 ns", "from a request at the bridge until its first data are there: up to the memory hub and back", estimated("two hops of 150 ns and the memory's latency", ["300 ns", "1200 ns"])),
  upstream: duration("450 ns", "flight of a write from the bridge to the memory hub", estimated("bridge, hub link and queue; a hop less without the bridge saves 300 ns", ["200 ns", "800 ns"])),
  landing: duration("50 ns", "from the memory hub until the line can be read", estimated("snoop and write queue", ["20 ns", "100 ns"])),
  downstream: duration("400 ns", "flight of a store from core to bridge", estimated("write buffer, front-side bus, hub link", ["200 ns", "800 ns"])),
  load: duration("1200 ns", "read of a device register by a core, which stands still meanwhile", estimated("both flights and the transfer at 33 MHz", ["700 ns", "2 us"])),
  interrupt: choice(["wire", "message"], "wire", "whether interrupts come by a wire beside the bus, in no order with data, or as writes over it", pci),
  wire: duration("700 ns", "from the wire to the processor, through the interrupt controller", estimated("controller and its message to the processor", ["300 ns", "1500 ns"])),
} as const;

type Pci = { readonly params: Values<typeof PARAMS>; readonly parts: { readonly medium: PartOf<"bus">; readonly landed: PartOf<"order"> } };

/** PCI: all devices take turns on one set of lines, and reads are asked for again and again until the data are there. */
export default defineModel({
  name: "bus/pci",
  title: "PCI bus",
  about:
    "One medium for all devices and both directions. A device that wants it asks the arbiter, says an address and moves a word in each clock; while others want the bus too, " +
    "its latency timer bounds how long it may go on, and so how long they wait. Reads are delayed transactions: the bridge refuses until it has fetched the data, and the device tries again.",
  provides: "bus",
  params: PARAMS,
  parts: () => ({ medium: bus(), landed: order() }),
  operations: (operation) => sharedOperations(operation, describe),
});

function describe({ params, parts }: Pci): SharedBus {
  const clocks = (count: Amount): Amount => params.clock.timeFor(count);
  const shared: SharedBus = {
    ...parts,
    arbitration: clocks(params.arbitration),
    write: burst(params, ADDRESS + TURNAROUND),
    answer: burst(params, ADDRESS + TURNAROUND + TURNAROUND),
    request: clocks(params.refusal.plus(TURNAROUND)),
    reads: { kind: "delayed", prefetch: params.prefetch, gap: clocks(params["retry.gap"]) },
    fetch: params.fetch,
    upstream: params.upstream,
    landing: params.landing,
    downstream: params.downstream,
    load: params.load,
    interrupt: (label) => (params.interrupt === "wire" ? [delay(params.wire, label, "irq")] : up(shared, amountOf(MESSAGE), label)),
  };
  return shared;
}

/** A burst of `phases` clocks besides the data and the first word's wait, no longer than timer and target allow. */
function burst(params: Pci["params"], phases: number): Burst {
  const word = params.width === "32 bit" ? 4 : 8;
  const waits = phases + params.initial.of(0);
  const inTimer = Math.max(1, params["latency.timer"].of(0) - (waits - TURNAROUND)) * word;
  const most = amountOf(Math.min(inTimer, params.disconnect.of(0)), [...params["latency.timer"].origins, ...params.disconnect.origins]);
  const words = (size: Amount): Amount => size.dividedUp(amountOf(word));
  return { most, overhead: waits * word, time: (size) => params.clock.timeFor(words(size).plus(params.initial).plus(phases)) };
}
