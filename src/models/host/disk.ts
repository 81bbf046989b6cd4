import { type Amount, bytes, choose, claimStage, dataRate, defineModel, duration, estimated, type InstanceRef, move, repeat, stage, type Step, use } from "../../modeling/index.js";

/** A disk and its controller, as a network adapter meets them: bursts on the bus that both share. */
export default defineModel({
  name: "host/disk",
  title: "Disk controller",
  about:
    "Reads come from the medium at its pace into the controller's buffer and go to host memory a buffer at a time, by writes on the bus; writes of the disk are fetched the same way. " +
    "No processor takes part until the interrupt at the end. What matters here is how the bursts meet others on the bus.",
  needs: { bus: "bus", memory: "memory" },
  params: {
    command: duration("50 us", "from the command until the first byte, the head being in place", estimated("controller and command overhead of a sequential access", ["10 us", "300 us"])),
    rate: dataRate("440 Mbit/s", "pace of the medium", estimated("55 MB/s on the outer tracks of disks of 2003", ["240 Mbit/s", "640 Mbit/s"])),
    buffer: bytes("2 KiB", "data that the controller moves at a time", estimated("FIFOs of controllers", ["512 B", "8 KiB"])),
  },
  parts: () => ({ medium: stage() }),
  operations: (operation) => ({
    read: operation({
      meaning: "the payload comes from the disk into kernel memory",
      steps: ({ params, parts, needs, message }) => [
        claimStage(parts.medium, params.command, "command"),
        ...buffers(message.payload, params.buffer, (size) => [
          claimStage(parts.medium, params.rate.timeFor(size), "medium"),
          use(needs.bus, "write", { bytes: size, label: "disk data" }),
        ]),
        use(needs.memory, "dma-write", { bytes: message.payload }),
        use(needs.bus, "visible", { label: "last data" }),
        move("dev", "kmem", "dma", message.payload),
        ...finished(needs.bus),
      ],
    }),
    write: operation({
      from: ["kmem"],
      meaning: "the payload goes from kernel memory to the disk",
      steps: ({ params, parts, needs, message }) => [
        claimStage(parts.medium, params.command, "command"),
        use(needs.memory, "dma-read", { bytes: message.payload }),
        ...buffers(message.payload, params.buffer, (size) => [
          use(needs.bus, "read", { bytes: size, label: "disk data", until: "last" }),
          claimStage(parts.medium, params.rate.timeFor(size), "medium"),
        ]),
        move("kmem", "dev", "dma", message.payload),
        ...finished(needs.bus),
      ],
    }),
  }),
});

/** A buffer after the other; the last one holds what is left. */
function buffers(payload: Amount, buffer: Amount, moved: (size: Amount) => readonly Step[]): readonly Step[] {
  const full = payload.dividedUp(buffer).atLeast(1).minus(1);
  const rest = payload.minus(full.map((count) => count * buffer.of(0)));
  return [repeat(full, moved(buffer)), choose({ kind: "size", test: (size) => size > 0 }, moved(rest))];
}

function finished(bus: InstanceRef<"bus">): readonly Step[] {
  return [use(bus, "interrupt", { label: "disk interrupt" })];
}
