import {
  type Amount, amountOf, bytes, cache, type Category, choice, choose, chosen, count, defineModel, delay, duration, estimated, flag, number, percent, published, toNumber,
  type Step, type Values, work, ZERO, type PartOf,
} from "../../modeling/index.js";

const LINE = 64;

const PARAMS = {
  ddio: flag(true, "whether device writes land in the last-level cache", chosen("on in servers since 2012")),
  "llc.line": duration("25 ns", "read of a line that a device has written, from the last-level cache", estimated("20 to 25 ns on server processors", ["15 ns", "40 ns"])),
  "llc.completion": duration("20 ns", "the same for the line of a completion entry, which the prefetcher knows", estimated("20 to 25 ns on server processors", ["10 ns", "30 ns"])),
  "llc.size": bytes("27.5 MiB", "last-level cache of one socket", estimated("1.375 MiB for each of 20 cores", ["8 MiB", "64 MiB"])),
  "llc.ddio": percent("18.2%", "share of the last-level cache that device writes may fill", estimated("two ways of eleven; the PCIe study of 2018 speaks of a tenth", ["9%", "18.2%"])),
  "dram.line": duration("85 ns", "read of a line from local memory", published("memory-latency-checker")),
  "dram.next": duration("25 ns", "each further line of the same read: misses overlap", estimated("line fill buffers and the adjacent-line prefetcher", ["5 ns", "40 ns"])),
  "dram.device": duration("45 ns", "what a device's read takes longer from memory than from the cache", published("pcie-bench-data")),
  "numa.load": duration("70 ns", "what a core's read takes longer from the other node's memory", estimated("local 78 to 108 ns, remote 130 to 196 ns", ["50 ns", "90 ns"])),
  "numa.read": duration("105 ns", "what a device's read takes longer from the other node's memory", published("pcie-bench-data")),
  "numa.write": duration("50 ns", "what a device's write takes longer to the other node's memory", estimated("one way of the hop whose two ways a read pays", ["30 ns", "60 ns"])),
  "iommu.mode": choice(["off", "passthrough", "strict", "lazy"], "off", "translation of device addresses: none, none for this device, unmapped at once, or unmapped in batches", chosen("off or passthrough on latency-critical hosts")),
  "iommu.entries": number(64, "translations that the IOMMU caches", published("neugebauer-pcie-2018")),
  "iommu.page": bytes("4 KiB", "page size of the device's mappings", chosen("the kernel's default; 2 MiB with huge pages")),
  "iommu.hit": duration("0 ns", "added by a translation that is cached", published("pcie-bench-data")),
  "iommu.miss": duration("260 ns", "added by a translation that must be walked", published("pcie-bench-data")),
  "iommu.unmap": duration("750 ns", "invalidating one translation: lock, command and wait", estimated("0.5 to 1 us for each unmap in strict mode", ["500 ns", "1 us"])),
  "iommu.batch": number(64, "unmapped pages that share one invalidation in lazy mode", estimated("flush queue of 256 entries, emptied every 10 ms", ["16", "256"])),
  buffers: bytes("2 MiB", "memory that devices use in turn: ring entries times buffer size", chosen("1024 buffers of 2 KiB")),
} as const;

type Memory = { readonly params: Values<typeof PARAMS>; readonly parts: ReturnType<typeof makeParts>; readonly passed: Readonly<Record<string, unknown>> };

function makeParts({ params }: { readonly params: Values<typeof PARAMS> }): Record<string, PartOf<"cache">> {
  if (!translates(params)) return {};
  const pages = Math.max(1, Math.ceil(params.buffers.of(0) / params["iommu.page"].of(0)));
  return { translations: cache({ entries: params["iommu.entries"].of(0), keys: "cyclic", workingSet: pages }) };
}

/** The memory system as devices and cores see it: cache, memory, nodes and address translation. */
export default defineModel({
  name: "host/memory",
  title: "Last-level cache, memory, NUMA and IOMMU",
  about:
    "Devices write into the last-level cache (DDIO) unless that is off, the device sits on another node, or the buffers in use exceed the share of the cache that " +
    "device writes may fill: then lines go to memory and the first touch fetches them from there. Device addresses may need a translation, whose cache is reused in turn.",
  provides: "memory",
  params: PARAMS,
  parts: makeParts,
  operations: (operation) => ({
    "dma-write": operation({
      meaning: "a device writes: translation, hop to another node, bytes on the memory bus",
      steps: ({ params, parts, passed, state }) => {
        const far = passed["remote"] === true;
        // The first touch will find the lines where this write puts them.
        state.set("far", far);
        const size = passed["bytes"] as Amount;
        const cached = params.ddio && !far;
        const spilled = cached ? leak(params) : 1;
        const bus = spilled === 0 ? [] : [count("memory-bytes", size.times(spilled).map(Math.round))];
        return [...bus, ...translated({ params, parts, passed }, far ? params["numa.write"] : ZERO)];
      },
    }),
    "dma-read": operation({
      meaning: "a device reads: translation, hop to another node, memory instead of the cache",
      steps: ({ params, parts, passed }) => {
        const far = passed["remote"] === true;
        const cold = passed["cold"] === true;
        const size = passed["bytes"] as Amount;
        const hop = far ? params["numa.read"] : ZERO;
        const bus = cold ? [count("memory-bytes", size)] : [];
        return [...bus, ...translated({ params, parts, passed }, cold ? hop.plus(params["dram.device"]) : hop)];
      },
    }),
    touch: operation({
      meaning: "a core reads lines that a device has written",
      steps: (context) => touchSteps(context, context.state.get("far") === true),
    }),
    unmap: operation({
      meaning: "a driver takes a buffer's translation back",
      steps: ({ params, passed }) => {
        const share = params["iommu.mode"] === "lazy" ? params["iommu.batch"].of(0) : 1;
        const time = params["iommu.unmap"].map((value) => Math.round(value / share));
        return translates(params) ? [work(time, categoryOf(passed), labelOf(passed, "IOMMU unmap"))] : [];
      },
    }),
  }),
});

function translates(params: Memory["params"]): boolean {
  return params["iommu.mode"] === "strict" || params["iommu.mode"] === "lazy";
}

/**
 * What a device's access takes longer than a local one that the cache serves, with and without a cached translation.
 * The caller may say what is to happen with that time (`land`); otherwise it just passes.
 */
function translated({ params, parts, passed }: Memory, base: Amount): readonly Step[] {
  const land = (passed["land"] as ((extra: Amount, label: string) => readonly Step[]) | undefined) ?? ((extra: Amount, label: string) => (extra.of(0) === 0 ? [] : [delay(extra, label)]));
  const { translations } = parts;
  const label = base === ZERO ? "memory system" : "other node";
  if (translations === undefined) return land(base, label);
  return [choose({ kind: "hit", cache: translations }, land(base.plus(params["iommu.hit"]), `${label}, translation cached`), land(base.plus(params["iommu.miss"]), `${label}, translation walked`))];
}

/** Share of the written lines that have left the cache before a core reads them: what the buffers in use exceed the device's part of the cache by. */
function leak(params: Memory["params"]): number {
  const room = params["llc.size"].of(0) * toNumber(params["llc.ddio"]);
  return Math.max(0, 1 - room / params.buffers.of(0));
}

function touchSteps({ params, passed }: Pick<Memory, "params" | "passed">, far: boolean): readonly Step[] {
  const lines = passed["lines"] as Amount;
  const category = categoryOf(passed);
  const label = labelOf(passed, "first touch");
  const line = passed["completion"] === true ? params["llc.completion"] : params["llc.line"];
  const cached = lines.map((value) => value * line.of(0));
  const first = passed["remote"] === true ? params["dram.line"].plus(params["numa.load"]) : params["dram.line"];
  const missed = lines.map((value) => first.of(0) + (value - 1) * params["dram.next"].of(0));
  // A stage whose cost already holds the cache hit asks only for what a miss adds to it.
  const base = passed["extra"] === true ? cached : ZERO;
  const at = (time: Amount, where: string, origins: readonly Amount[]): Step => work(withOrigins(time.minus(base), origins), category, `${label} ${where}`);
  const hit = passed["extra"] === true ? [] : [at(cached, "in cache", [line])];
  const miss = [at(missed, "in memory", [first, params["dram.next"]]), count("memory-bytes", lines.times(LINE))];
  const counted = count("touched-bytes", lines.times(LINE));
  if (!params.ddio || far || passed["remote"] === true) return [counted, ...miss];
  const share = leak(params);
  return share === 0 ? [counted, ...hit] : [counted, choose({ kind: "chance", probability: share, name: label }, miss, hit)];
}

function withOrigins(time: Amount, origins: readonly Amount[]): Amount {
  return origins.reduce((sum, amount) => sum.plus(amountOf(0, amount.origins)), time);
}

function categoryOf(passed: Memory["passed"]): Category {
  return (passed["category"] as Category | undefined) ?? "user";
}

function labelOf(passed: Memory["passed"], fallback: string): string {
  return typeof passed["label"] === "string" ? passed["label"] : fallback;
}
