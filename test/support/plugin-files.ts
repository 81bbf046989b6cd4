/** A plug-in in TypeScript that works: one device that stores a frame and hands it on. */
export const CARD = `import { bytes, chosen, claim, claimStage, defineModel, duration, estimated, need, pool, release, stage, type Amount } from "wirelat";

const twice = (amount: Amount): Amount => amount.times(2);

export default defineModel({
  name: "acme/card", title: "A card", about: "Stores a frame and hands it on.",
  params: {
    pipeline: duration("150 ns", "time through the card", estimated("cards of this class", ["80 ns", "250 ns"])),
    fifo: bytes("64 KiB", "frames that wait", chosen("one block")),
  },
  parts: ({ params }) => ({ fifo: pool({ capacity: params.fifo.of(0), whenFull: "drop" }), engine: stage() }),
  operations: (operation) => ({
    relay: operation({
      from: ["wire"], meaning: "a frame comes in and goes out again",
      steps: ({ params, parts, message }) => [
        claim(parts.fifo, message.wire, "FIFO"),
        need("last"),
        claimStage(parts.engine, twice(params.pipeline), "pipeline"),
        release(parts.fifo, message.wire),
      ],
    }),
  }),
});
`;

/** A preset of the card. */
export const FAST = `preset: acme/fast
model: acme/card
title: A fast card
about: As its maker says.
params:
  pipeline: { value: 100 ns, tag: E, range: [80 ns, 120 ns] }
`;

/** A scenario that names the plug-in and uses its preset. */
export const CARD_SCENARIO = `wirelat: 1
id: card
title: A card between two links
plugins: [./card.ts]
devices:
  box: { use: acme/fast }
links:
  feed: { use: link/10gbase-r, length: 3 m }
  order: { use: link/10gbase-r, length: 3 m }
traffic:
  ticks: { use: traffic/poisson, rate: 100 kpps, payload: 64 B, path: through }
paths:
  through: [feed, box.relay, order]
metrics:
  delay: { from: box.in@eof, to: box.out@sof }
run: { messages: 500, warmup: 50, seed: 1 }
expect:
  - { check: min(delay) == 200 ns, because: twice the pipeline }
`;

/** A plug-in in JavaScript with one operation whose steps are these. */
export const withSteps = (steps: string, imports = ""): string => `import { defineModel, delay, spawn, amountOf${imports} } from "wirelat";
export default defineModel({
  name: "acme/card", title: "A card", about: "Nothing much.", params: {}, parts: () => ({}),
  operations: (operation) => ({ relay: operation({ from: ["wire"], meaning: "does something", steps: () => ${steps} }) }),
});
`;
