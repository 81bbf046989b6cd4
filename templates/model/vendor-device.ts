// A device of your own for wirelat. Everything in capitals is a rule; the rest is yours to change.
// Try it:  wirelat check ./vendor-device.ts        every law that a model keeps
//          wirelat run vendor-device.yaml --plugin ./vendor-device.ts
import { bytes, chosen, claim, claimStage, defineModel, duration, estimated, need, pool, release, stage } from "wirelat";

export default defineModel({
  // Family and name: what scenarios write behind `use:`. NO TWO MODELS OF A RUN HAVE ONE NAME.
  name: "vendor/device",
  title: "A device that stores each frame and sends it on",
  about: "Takes a frame whole, works on it in one engine and hands it to whatever follows. A full buffer drops.",

  // EVERY NUMBER SAYS WHAT IT MEANS AND WHY IT IS BELIEVED: standard(cite), published(cite), estimated(basis, range), chosen(basis).
  params: {
    pipeline: duration("150 ns", "a frame through the engine", estimated("devices of this class", ["80 ns", "250 ns"])),
    interval: duration("50 ns", "shortest time between two frames in the engine", estimated("devices of this class", ["15 ns", "100 ns"])),
    buffer: bytes("64 KiB", "frames that wait for the engine", chosen("small, to show what a full one does")),
  },

  // What messages share: stage (a service), pipe (a wire), bus, pool (units to claim), batch, server (a core), cache, clock, order.
  parts: ({ params }) => ({
    buffer: pool({ capacity: params.buffer.of(0), whenFull: "drop" }),
    engine: stage(),
  }),

  // What steps of a path can ask of it. AN OPERATION IS A LIST OF STEPS, NOT CODE THAT RUNS: it is expanded once, before the run.
  operations: (operation) => ({
    relay: operation({
      from: ["wire"], // where the payload must be
      meaning: "a frame comes in, is worked on and may go out again",
      steps: ({ params, parts, message }) => [
        claim(parts.buffer, message.wire, "buffer"), // a full one drops the message here
        need("last"), // waits for the frame's last byte: store and forward
        claimStage(parts.engine, params.pipeline, "engine", { occupancy: params.interval }),
        release(parts.buffer, message.wire), // WHAT IS CLAIMED IS GIVEN BACK
      ],
    }),
  }),
});
