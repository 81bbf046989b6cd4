import { type Carrier, choice, chosen, defineModel, flag, type Step } from "../../modeling/index.js";
import { makeNicParts, NIC_PARAMS } from "../parts/nic-params.js";
import { byQueue, collected, merged, receive, receivePart, replenished } from "../parts/nic-receive.js";
import { offload, segment, send } from "../parts/nic-transmit.js";

const PLACES = { kernel: "kmem", user: "umem", pinned: "pinned" } as const;

/** An ordinary network adapter: rings in host memory, DMA, completion entries, interrupts with moderation. */
export default defineModel({
  name: "nic/generic",
  title: "Network adapter with rings in host memory",
  about:
    "Receives a whole frame, steers its flow to a queue, takes a descriptor that it has fetched ahead and writes frame and completion entry to host memory; then the queue's interrupt, moderated by one of " +
    "three laws that a policy may set anew, or a polling thread finds it. Sends on a doorbell: fetches descriptor and frame by two dependent reads, or takes the frame from the core's stores, " +
    "and may begin before it is complete. It may cut a large send into frames and merge frames that it has received. Full buffers and empty rings drop.",
  provides: "interrupts",
  needs: { bus: "bus", memory: "memory" },
  params: NIC_PARAMS,
  parts: makeNicParts,
  operations: (operation) => ({
    rx: operation({
      from: ["wire"],
      meaning: "a frame comes in and is written to host memory, with its completion entry",
      args: {
        into: choice(["kernel", "user", "pinned"], "kernel", "whose buffers the receive ring holds", chosen("kernel stack, or a user-space driver's pool")),
        merge: flag(false, "whether the device merges it with others; their completion entry comes with nic.merged", chosen("each frame is announced by itself")),
      },
      main: "into",
      steps: (context) => (context.args.merge ? receivePart : receive)(context, PLACES[context.args.into]),
    }),
    merged: operation({
      from: ["kmem", "umem", "pinned"],
      meaning: "frames that the device has merged get their one completion entry (LRO)",
      steps: merged,
    }),
    collect: operation({
      meaning: "frames gather until their queue raises its interrupt; then the driver takes them one by one",
      steps: (context) => {
        const { carrier, carrierOf, label } = context.passed as { readonly carrier: Carrier; readonly carrierOf?: (queue: number) => Carrier; readonly label: string };
        return collected(context, label, carrierOf ?? (() => carrier));
      },
    }),
    replenish: operation({
      meaning: "a polling driver takes a frame and gives its descriptor back to the ring",
      steps: replenished,
    }),
    "by-queue": operation({
      meaning: "what differs from queue to queue: whose thread polls it, whose interrupt it is",
      steps: (context) => byQueue(context, context.passed["steps"] as (queue: number) => readonly Step[]),
    }),
    tx: operation({
      from: ["kmem", "umem", "pinned"],
      meaning: "a frame in host memory goes out",
      args: { segment: flag(false, "whether it is part of a large send that nic.offload has announced", chosen("each frame is announced by itself")) },
      steps: (context) => (context.args.segment ? segment : send)(context),
    }),
    offload: operation({
      from: ["kmem", "umem", "pinned"],
      meaning: "the device is told of a large send that it will cut into frames (TSO): one doorbell, one descriptor read",
      steps: offload,
    }),
  }),
});
