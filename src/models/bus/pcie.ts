import { type Amount, amountOf, type Category, defineModel, delay, type Step, ZERO } from "../../modeling/index.js";
import { makePcieParts, PCIE_PARAMS } from "../parts/pcie-parts.js";
import { atomicSteps, flightSteps, interruptSteps, loadSteps, packetsOf, readSteps, storeSteps, type Transfer, writeSteps } from "../parts/pcie-steps.js";

type Passed = Readonly<Record<string, unknown>>;

/** PCI Express: packets over a full-duplex link, with tags, credits and ordering. */
export default defineModel({
  name: "bus/pcie",
  title: "PCI Express",
  about:
    "Cuts transfers into packets, each with its own header, and sends them over the two directions of a link. Writes are posted: the sender goes on while they fly, " +
    "and they become visible in order. Reads need a tag and come back in pieces. An interrupt is a write behind the data. Packets of different transfers take turns.",
  provides: "bus",
  params: PCIE_PARAMS,
  parts: makePcieParts,
  operations: (operation) => ({
    write: operation({
      meaning: "a device writes to host memory; with visible, until the flight has ended",
      steps: ({ params, parts, passed }) => {
        const pcie = { params, parts };
        const transfer = transferOf(passed);
        const flight = passed["visible"] === true ? flightSteps(pcie, `${transfer.label} flight`, { extra: ZERO, relaxed: passed["relaxed"] === true, packets: packetsOf(pcie, transfer) }) : [];
        return [...writeSteps(pcie, transfer), ...flight];
      },
    }),
    visible: operation({
      meaning: "what the device has written reaches the last-level cache, behind what was written before it",
      steps: ({ params, parts, passed }): readonly Step[] => {
        const transfer = transferOf({ bytes: amountOf(1), ...passed });
        const pcie = { params, parts };
        const options = { extra: (passed["extra"] as Amount | undefined) ?? ZERO, relaxed: passed["relaxed"] === true, packets: packetsOf(pcie, transfer) };
        return [...flightSteps(pcie, transfer.label, options), delay(params.landing, "landing in the cache")];
      },
    }),
    read: operation({
      meaning: "a device reads host memory, until the first or the last completion",
      steps: ({ params, parts, passed }) => readSteps({ params, parts }, { ...transferOf(passed), until: passed["until"] === "first" ? "first" : "last", requested: passed["requested"] === true }),
    }),
    atomic: operation({
      meaning: "a device changes a word of host memory and gets the old one",
      steps: ({ params, parts, passed }) => atomicSteps({ params, parts }, transferOf(passed)),
    }),
    store: operation({
      meaning: "a core stores to a device: doorbell, work request or whole frame",
      steps: ({ params, parts, passed }) => storeSteps({ params, parts }, transferOf(passed), (passed["within"] as Amount | undefined) ?? null),
    }),
    load: operation({
      meaning: "a core reads a device's register and waits for the answer",
      steps: ({ params, parts, passed }) => loadSteps({ params, parts }, transferOf({ bytes: amountOf(4), ...passed }), (passed["category"] as Category | undefined) ?? "user"),
    }),
    interrupt: operation({
      meaning: "a device sends an interrupt message, ordered behind its data",
      steps: ({ params, parts, passed }) => interruptSteps({ params, parts }, labelOf(passed)),
    }),
  }),
});

function labelOf(passed: Passed): string {
  return typeof passed["label"] === "string" ? passed["label"] : "bus";
}

function transferOf(passed: Passed): Transfer {
  return { bytes: passed["bytes"] as Amount, label: labelOf(passed), offset: typeof passed["offset"] === "number" ? passed["offset"] : 0 };
}
