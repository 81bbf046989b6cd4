import {
  type Amount, amountOf, bytes, type Category, choose, chosen, count, defineModel, delay, duration, estimated, flag, type InstanceRef, number, type Pages, type PartOf, ring,
  spawn, store, type Step, use, type Values, work, ZERO,
} from "../../modeling/index.js";

const LINE = 64;
/** Whether the last write on a path came from a device of the other node. */
const FAR = "far";

const PARAMS = {
  ddio: flag(true, "whether device writes land in the last-level cache", chosen("on in servers since 2012")),
  line: duration("25 ns", "read of a line that a device has written, from the last-level cache", estimated("20 to 25 ns on server processors", ["15 ns", "40 ns"])),
  completion: duration("20 ns", "the same for the line of a completion entry, which the prefetcher knows", estimated("20 to 25 ns on server processors", ["10 ns", "30 ns"])),
  size: bytes("27.5 MiB", "last-level cache of one socket", estimated("1.375 MiB for each of 20 cores", ["8 MiB", "64 MiB"])),
  ways: number(11, "ways of the cache", chosen("the associativity of this generation"), 1),
  "device-ways": number(2, "ways that device writes may fill", estimated("two of eleven; the PCIe study of 2018 speaks of a tenth", ["1", "2"])),
  buffers: number(1024, "buffers that a device uses in turn if it has no ring of its own to say so", chosen("the usual ring"), 1),
  buffer: bytes("2 KiB", "size of such a buffer", chosen("the usual packet buffer")),
} as const;

type Params = Values<typeof PARAMS>;
type Land = (extra: Amount, where: string) => readonly Step[];
type Needs = "dram" | "numa" | "iommu";
type Passed = Readonly<Record<string, unknown>>;

interface Cache {
  readonly params: Params;
  readonly parts: { readonly contents: PartOf<"store">; readonly buffers: PartOf<"ring">; readonly sent: PartOf<"ring"> };
  readonly needs: Readonly<Record<Needs, InstanceRef>>;
  readonly has: (need: Needs) => boolean;
  readonly passed: Passed;
  readonly caller: string | null;
}

/** The last-level cache, which is where devices and cores meet. */
export default defineModel({
  name: "host/llc",
  title: "Last-level cache with device writes into it (DDIO)",
  about:
    "Devices write into a few ways of the last-level cache, unless that is off or the device sits on another node: then into memory, and the first touch fetches the lines from there. " +
    "What devices have written stays until they have written more than those ways hold: buffers that are used in turn and do not fit push each other out, and a reader that comes late finds its lines in memory.",
  provides: "memory",
  needs: { dram: "dram", numa: "interconnect", iommu: "translation" },
  params: PARAMS,
  parts: ({ params }) => ({
    contents: store({ capacity: Math.floor((params.size.of(0) * params["device-ways"].of(0)) / params.ways.of(0)) }),
    buffers: ring({ slots: params.buffers.of(0) }),
    sent: ring({ slots: params.buffers.of(0) }),
  }),
  operations: (operation) => ({
    "dma-write": operation({
      meaning: "a device writes to the next of its buffers: translation, hop to another node, room in the cache or bytes to memory",
      steps: (context) => {
        const { passed, state, params } = context;
        const far = passed["remote"] === true;
        // The first touch will find the lines where this write puts them.
        state.set(FAR, far);
        const size = passed["bytes"] as Amount;
        const place = params.ddio && !far ? filled(context, size) : toMemory(context, size);
        return [...place, ...reached(context, { far, way: "write", land: landing(passed), size })];
      },
    }),
    "dma-read": operation({
      meaning: "a device reads: translation, hop to another node, memory instead of the cache",
      steps: (context) => {
        const { passed, needs } = context;
        const size = passed["bytes"] as Amount;
        const land = landing(passed);
        const fetched: Land = (extra, where) => [use(needs.dram, "fetch", { bytes: size, by: context.caller, land: (more: Amount) => land(extra.plus(more), where) })];
        const way = { far: passed["remote"] === true, way: "read", land: passed["cold"] === true ? fetched : land, size } as const;
        const reader = { ...context, parts: { ...context.parts, buffers: context.parts.sent } };
        return [...(context.has("iommu") ? [nextBuffer(reader)] : []), ...reached(reader, way)];
      },
    }),
    touch: operation({
      meaning: "a core reads lines that a device has written",
      steps: (context) => touchSteps(context, context.state.get(FAR) === true),
    }),
    locate: operation({
      meaning: "one way for what a device has written and is still in the cache, another for what is in memory",
      steps: ({ params, parts, passed, state }) => {
        const near = passed["near"] as readonly Step[];
        const away = passed["away"] as readonly Step[];
        return !params.ddio || state.get(FAR) === true ? away : [choose({ kind: "kept", store: parts.contents }, near, away)];
      },
    }),
    unmap: operation({
      meaning: "a driver takes a buffer's translation back",
      steps: ({ needs, has, passed }) => (has("iommu") ? [use(needs.iommu, "unmap", passed)] : []),
    }),
  }),
});

/** What the caller wants done with the time that an access takes longer than one that the cache serves; otherwise it just passes. */
function landing(passed: Passed): Land {
  return (passed["land"] as Land | undefined) ?? ((extra, where) => (extra.of(0) === 0 ? [] : [delay(extra, where)]));
}

function buffersOf({ params, parts, passed }: Pick<Cache, "params" | "parts" | "passed">): Omit<Pages, "page"> {
  return { ring: (passed["ring"] as PartOf<"ring"> | undefined) ?? parts.buffers, buffer: (passed["buffer"] as Amount | undefined) ?? params.buffer };
}

function nextBuffer(cache: Cache): Step {
  return choose({ kind: "next-buffer", ring: buffersOf(cache).ring }, []);
}

interface Way {
  readonly far: boolean;
  readonly way: "read" | "write";
  readonly land: Land;
  readonly size: Amount;
}

/** Translation and hop of a device's access. */
function reached(cache: Cache, { far, way, land, size }: Way): readonly Step[] {
  const { needs, has } = cache;
  const named = (where: string): string => [far ? "other node" : "memory system", where].filter((text) => text !== "").join(", ");
  const across: Land = (extra, where) => (far ? [use(needs.numa, "cross", { bytes: size, way, land: (hop: Amount) => land(extra.plus(hop), named(where)) })] : land(extra, named(where)));
  return has("iommu") ? [use(needs.iommu, "translate", { buffers: buffersOf(cache), land: across })] : across(ZERO, "");
}

/** Takes room in the device ways; what must go for it is written to memory. */
function filled(cache: Cache, size: Amount): readonly Step[] {
  const { parts } = cache;
  const lines = size.map((value) => Math.ceil(value / LINE) * LINE);
  return [nextBuffer(cache), choose({ kind: "fits", store: parts.contents, bytes: lines, ring: buffersOf(cache).ring }, [], toBus(cache, lines))];
}

/** Bytes that go to memory while the message goes on. */
function toBus({ needs, caller }: Cache, size: Amount): readonly Step[] {
  return [spawn(use(needs.dram, "write", { bytes: size, by: caller }))];
}

function toMemory(cache: Cache, size: Amount): readonly Step[] {
  return [nextBuffer(cache), ...toBus(cache, size)];
}

function touchSteps(cache: Cache, far: boolean): readonly Step[] {
  const { params, parts, passed, needs } = cache;
  const lines = passed["lines"] as Amount;
  const category = (passed["category"] as Category | undefined) ?? "user";
  const label = typeof passed["label"] === "string" ? passed["label"] : "first touch";
  const line = passed["completion"] === true ? params.completion : params.line;
  const cached = lines.map((value) => value * line.of(0)).plus(amountOf(0, line.origins));
  const remote = passed["remote"] === true;
  // A stage whose cost already holds the cache hit asks only for what a miss adds to it.
  const extra = passed["extra"] === true;
  const load = (hop: Amount): readonly Step[] => [use(needs.dram, "load", { lines, hop, paid: extra ? cached : ZERO, category, label: `${label} in memory` })];
  const miss = remote ? [use(needs.numa, "cross", { bytes: lines.times(LINE), way: "load", land: load })] : load(ZERO);
  const counted = count("touched-bytes", lines.times(LINE));
  if (!params.ddio || far || remote) return [counted, ...miss];
  return [counted, choose({ kind: "kept", store: parts.contents }, extra ? [] : [work(cached, category, `${label} in cache`)], miss)];
}
