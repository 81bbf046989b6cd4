import {
  type Amount, bytes, choice, chosen, dataRate, defineModel, duration, estimated, type InstanceRef, type MessageShape, move, type Rate, type Step, use, type Values,
  work,
} from "../../modeling/index.js";

const LEVELS = ["warm", "cache", "memory"] as const;
/** Bytes on the memory bus per byte copied: the read, the read for ownership and the write back. */
const CROSSINGS = { cached: 0, streaming: 2, cold: 3 } as const;

const PARAMS = {
  setup: duration("15 ns", "call, size dispatch and first loads of one copy", estimated("short copies in cache", ["5 ns", "30 ns"])),
  access: duration("20 ns", "checks and access window of a copy between kernel and user memory", estimated("supervisor-access toggles and range check", ["10 ns", "40 ns"])),
  rate: dataRate("51.2 Gbit/s", "speed of copies between kernel and user memory", estimated("36 to 54 Gbit/s measured per thread in receive paths, 63 Gbit/s derived from zero-copy receive", ["36 Gbit/s", "63 Gbit/s"])),
  memory: choice(["as-found", "cached", "streaming", "cold"], "as-found", "bytes on the memory bus per byte copied between kernel and user memory: none when both buffers are cached, two with stores around the cache, three when both are cold; as found: none for what a device has left in the cache, three for what it has not", chosen("follows what the cache holds")),
  first: duration("85 ns", "latency of the first line of a cold source, before the others stream", estimated("one memory access; 78 to 108 ns measured", ["78 ns", "108 ns"])),
  "read.warm": dataRate("640 Gbit/s", "loading from the core's own caches", estimated("half of a warm copy's 40 GB/s", ["480 Gbit/s", "960 Gbit/s"])),
  "read.cache": dataRate("186 Gbit/s", "loading from the last-level cache", estimated("what is left of 18 GB/s from there into the core's own cache", ["120 Gbit/s", "240 Gbit/s"])),
  "read.memory": dataRate("160 Gbit/s", "loading from memory", estimated("half of a cold copy's 10 GB/s of one core", ["100 Gbit/s", "200 Gbit/s"])),
  "write.warm": dataRate("640 Gbit/s", "storing into the core's own caches", estimated("half of a warm copy's 40 GB/s", ["480 Gbit/s", "960 Gbit/s"])),
  "write.memory": dataRate("160 Gbit/s", "storing into memory", estimated("half of a cold copy's 10 GB/s of one core", ["100 Gbit/s", "200 Gbit/s"])),
} as const;

const MEMCPY = {
  from: choice(LEVELS, "warm", "where the source is: the core's own caches, the last-level cache or memory", chosen("the application's own")),
  to: choice(["warm", "memory"], "warm", "where the destination is", chosen("the application's own")),
  stores: choice(["ordinary", "streaming"], "ordinary", "whether stores read their line first, or go around the cache", chosen("a compiler's copy of a small buffer")),
  bytes: bytes(null, "how much; the payload unless given", chosen("the application's own")),
};

interface Copier {
  readonly params: Values<typeof PARAMS>;
  readonly message: MessageShape;
  readonly needs: { readonly memory: InstanceRef; readonly dram: InstanceRef };
}

/** A processor moves bytes from one place in memory to another, line by line. */
export default defineModel({
  name: "op/copy",
  title: "Copies by the processor",
  about:
    "Each line is loaded from where the source is and stored to where the destination is; a cold source also costs the latency of its first line. A cold copy crosses the memory bus three times: " +
    "the read, the read of the line that is about to be overwritten, and the write back; with stores around the cache twice, between caches not at all.",
  provides: "copier",
  needs: { memory: "memory", dram: "dram" },
  params: PARAMS,
  parts: () => ({}),
  operations: (operation) => ({
    between: operation({
      meaning: "the kernel copies the payload to or from user memory",
      steps: (context) => kernelCopy(context, context.passed["to"] as "user" | "kernel", (context.passed["bytes"] as Amount | undefined) ?? context.message.payload),
    }),
    memcpy: operation({
      from: ["umem", "pinned", "kmem"],
      meaning: "a program copies within its own memory; the payload counts as copied, and stays where it is",
      args: MEMCPY,
      main: "from",
      steps: ({ params, needs, message, args }) => {
        const size = args.bytes ?? message.payload;
        const place = message.location ?? "umem";
        const { from, to } = args;
        const load = params[`read.${from}`];
        const time = params.setup.plus(perByte(load, size)).plus(perByte(params[`write.${to}`], size));
        const crossed = (from === "memory" ? 1 : 0) + (to === "memory" ? (args.stores === "streaming" ? 1 : 2) : 0);
        const copied = { size, time: from === "memory" ? time.plus(params.first) : time, crossings: crossed, label: "copy in user memory" };
        return [...streamed({ needs }, copied), move(place, place, "cpu", size)];
      },
    }),
  }),
});

function perByte(rate: Rate, size: Amount): Amount {
  return rate.timeFor(size);
}

function kernelCopy(copier: Copier, to: "user" | "kernel", size: Amount): readonly Step[] {
  const { params, message, needs } = copier;
  const time = params.setup.plus(params.access).plus(params.rate.timeFor(size));
  const outside = message.location === "pinned" ? "pinned" : "umem";
  const [from, into] = to === "user" ? (["kmem", "umem"] as const) : ([outside, "kmem"] as const);
  const way = (memory: keyof typeof CROSSINGS): readonly Step[] =>
    streamed({ needs }, { size, time: memory === "cold" ? time.plus(params.first) : time, crossings: CROSSINGS[memory], label: `copy to ${to}` });
  const moved = move(from, into, "cpu", size);
  if (params.memory !== "as-found") return [...way(params.memory), moved];
  // What a program sends it has just written; what it receives is where the device has left it.
  return [...(to === "kernel" ? way("cached") : [use(needs.memory, "locate", { near: way("cached"), away: way("cold") })]), moved];
}

interface Copied {
  readonly size: Amount;
  readonly time: Amount;
  readonly crossings: number;
  readonly label: string;
}

/** The core's time, and what of it crosses the memory channels. */
function streamed({ needs }: Pick<Copier, "needs">, { size, time, crossings, label }: Copied): readonly Step[] {
  if (crossings === 0) return [work(time, "copy", label, "copy")];
  return [use(needs.dram, "stream", { bytes: size.times(crossings), time, category: "copy", label, kind: "copy" })];
}
