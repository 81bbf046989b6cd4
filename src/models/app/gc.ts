import { bytes, choose, chosen, defineModel, estimated, timing, turn, work } from "../../modeling/index.js";

/** A runtime that collects garbage: a pause each time that so much has been allocated. */
export default defineModel({
  name: "app/gc",
  title: "Collector of garbage that stops its thread",
  about:
    "Each message leaves garbage behind. When the young generation is full its collector stops the thread, in the middle of whatever message has filled it, and those behind it wait as well. " +
    "The busier the program the more often that happens. Pauses that come by time, for whole cores, are parameters of the cores.",
  params: {
    young: bytes("32 MiB", "room for new objects; a pause each time it is full", chosen("a small young generation")),
    garbage: bytes("4 KiB", "what one message allocates", estimated("decoded fields, strings and a boxed number or two", ["0 B", "64 KiB"])),
    pause: timing("1 ms", "how long a collection stops the thread, fixed or a distribution", estimated("a young generation's collection", ["100 us", "20 ms"])),
  },
  parts: ({ params }) => ({ collections: turn({ every: Math.max(1, Math.floor(params.young.of(0) / Math.max(1, params.garbage.of(0)))) }) }),
  operations: (operation) => ({
    allocate: operation({
      from: ["umem", "pinned"],
      meaning: "the message's objects are made; the one that fills the young generation waits for its collection",
      steps: ({ params, parts }) => (params.garbage.of(0) === 0 ? [] : [choose({ kind: "every", turn: parts.collections }, [work(params.pause, "user", "collection of garbage", "preempt")])]),
    }),
  }),
});
