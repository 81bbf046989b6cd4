// Goal: what a model must not say does not compile. Method: the TypeScript compiler reads small models against the declarations that
// ship; the first error of each must be on the line marked `// refused`.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { errorLines } from "../../support/type-errors.js";

/** A whole model in the words of a third party, with places that the cases below replace. */
const MODEL = `import { bytes, claim, claimStage, defineModel, delay, duration, estimated, need, pool, release, stage, use } from "wirelat";

export default defineModel({
  name: "acme/card",
  title: "A card",
  about: "Stores a frame and hands it on.",
  needs: { bus: "bus", cpu: "cpu" },
  params: {
    pipeline: duration("150 ns", "time through the card", estimated("cards of this class", ["80 ns", "250 ns"])),
    fifo: bytes("64 KiB", "frames that wait", estimated("cards of this class", ["16 KiB", "1 MiB"])),
  },
  parts: ({ params }) => ({ fifo: pool({ capacity: params.fifo.of(0), whenFull: "drop" }), engine: stage() }),
  operations: (operation) => ({
    rx: operation({
      from: ["wire"],
      meaning: "a frame comes in",
      args: { extra: duration("0 ns", "more time", estimated("none", ["0 ns", "1 ns"])) },
      steps: ({ params, parts, needs, message, args }) => [
        claim(parts.fifo, message.wire, "FIFO"),
        need("last"),
        claimStage(parts.engine, params.pipeline, "pipeline"),
        delay(args.extra, "extra"),
        use(needs.bus, "write", { bytes: message.stored, label: "payload write" }),
        release(parts.fifo, message.wire),
      ],
    }),
  }),
});
`;

const CASES: readonly (readonly [fault: string, from: string, to: string])[] = [
  ["a parameter without a source", 'duration("150 ns", "time through the card", estimated("cards of this class", ["80 ns", "250 ns"])),', 'duration("150 ns", "time through the card"), // refused'],
  ["a parameter without a meaning", 'duration("150 ns", "time through the card", estimated("cards of this class", ["80 ns", "250 ns"])),', 'duration("150 ns", estimated("cards of this class", ["80 ns", "250 ns"])), // refused'],
  ["an estimate without a range", 'duration("150 ns", "time through the card", estimated("cards of this class", ["80 ns", "250 ns"])),', 'duration("150 ns", "time through the card", estimated("cards of this class")), // refused'],
  ["a default without a unit's text", 'duration("150 ns",', 'duration(150, // refused\n     '],
  ["a role that does not exist", 'needs: { bus: "bus", cpu: "cpu" },', 'needs: { bus: "autobus", cpu: "cpu" }, // refused'],
  ["a need that was not declared", 'use(needs.bus, "write",', 'use(needs.memory, "dma-write", // refused\n        '],
  ["an operation that the role does not have", 'use(needs.bus, "write", {', 'use(needs.bus, "wriet", { // refused\n        '],
  ["an operation of another role", 'use(needs.bus, "write", {', 'use(needs.bus, "syscall", { // refused\n        '],
  ["a part that was not declared", 'claim(parts.fifo, message.wire, "FIFO"),', 'claim(parts.fido, message.wire, "FIFO"), // refused'],
  ["a part of another primitive", 'claimStage(parts.engine, params.pipeline, "pipeline"),', 'claimStage(parts.fifo, params.pipeline, "pipeline"), // refused'],
  ["a parameter that was not declared", 'claimStage(parts.engine, params.pipeline, "pipeline"),', 'claimStage(parts.engine, params.pipelin, "pipeline"), // refused'],
  ["an argument that was not declared", 'delay(args.extra, "extra"),', 'delay(args.more, "extra"), // refused'],
  ["a plain number for a time", 'delay(args.extra, "extra"),', 'delay(150, "extra"), // refused'],
  ["a place that is none", 'from: ["wire"],', 'from: ["cable"], // refused'],
  ["an operation without a meaning", '      meaning: "a frame comes in",\n', ""],
  ["a model without a name", '  name: "acme/card",\n', ""],
];

describe("a model of a third party", () => {
  const texts = CASES.map(([, from, to]) => {
    assert.ok(MODEL.includes(from), from);
    return MODEL.replace(from, to);
  });
  const [sound, ...found] = errorLines([MODEL, ...texts]);

  test("compiles as it stands", () => assert.deepEqual(sound, []));

  CASES.forEach(([fault, , to], index) => {
    test(`with ${fault} does not`, () => {
      const marked = (texts[index] ?? "").split("\n").flatMap((line, at) => (line.includes("// refused") ? [at] : []));
      // What is missing has no line of its own, and one fault may lead to others below it.
      assert.ok((found[index]?.length ?? 0) > 0, "it compiles");
      if (to !== "") assert.equal(found[index]?.[0], marked[0]);
    });
  });
});
