import {
  type Amount, bytes, cache, type Category, choice, choose, chosen, claimStage, defineModel, duration, estimated, number, type Pages, published, stage, type Step, turn,
  type Values, work, ZERO,
} from "../../modeling/index.js";

const PARAMS = {
  mode: choice(["off", "passthrough", "strict", "lazy"], "off", "translation of device addresses: none, none for this device, unmapped at once, or unmapped in batches", chosen("off or passthrough on latency-critical hosts")),
  entries: number(64, "translations that the IOMMU caches", published("neugebauer-pcie-2018")),
  page: bytes("4 KiB", "page size of the device's mappings", chosen("the kernel's default; 2 MiB and 1 GiB with huge pages")),
  hit: duration("0 ns", "added by a translation that is cached", published("pcie-bench-data")),
  miss: duration("260 ns", "added by a translation that must be walked", published("pcie-bench-data")),
  walkers: number(4, "page walks that go on at the same time; a request that finds all at work waits, and what comes behind it too", estimated("a few walks in flight per unit", ["1", "16"]), 1),
  unmap: duration("750 ns", "invalidating translations: lock, command and wait", estimated("0.5 to 1 us for each unmap in strict mode", ["500 ns", "1 us"])),
  batch: number(64, "unmapped buffers that share one invalidation of everything in lazy mode", estimated("flush queue of 256 entries, emptied every 10 ms", ["16", "256"]), 1),
} as const;

type Params = Values<typeof PARAMS>;
type Land = (extra: Amount, where: string) => readonly Step[];

/** Which pages the device's last access lay in, remembered along one path for whoever takes the mapping back. */
const MAPPED = "mapped";

/** Address translation for devices: a cache of translations with a walker behind it. */
export default defineModel({
  name: "host/iommu",
  title: "IOMMU with its cache of translations",
  about:
    "Translates the addresses that devices use. Translations that were used last are cached, others are walked, a few at a time and in the order of the requests. " +
    "Buffers used in turn over more pages than the cache has entries never hit. Unmapping takes translations back: each at once (strict), or all of them once in a while (lazy).",
  provides: "translation",
  params: PARAMS,
  parts: ({ params }) => (translates(params) ? { translations: cache({ entries: params.entries.of(0), keys: "cyclic", workingSet: 1 }), walkers: stage({ servers: params.walkers.of(0) }), flushes: turn({ every: batchOf(params) }) } : {}),
  operations: (operation) => ({
    translate: operation({
      meaning: "a device's access is translated; the time is landed by whoever asks, so that it may lie in an ordered flight",
      steps: ({ params, parts, passed, state }) => {
        const land = passed["land"] as Land;
        const { translations, walkers } = parts;
        if (translations === undefined || walkers === undefined) return land(ZERO, "");
        const pages: Pages = { ...(passed["buffers"] as Omit<Pages, "page">), page: params.page };
        state.set(MAPPED, pages);
        // A hit passes the walkers as well, so that it does not overtake the walks that set out ahead of it.
        const walked = (time: Amount): Step => claimStage(walkers, ZERO, "page walker", { occupancy: time });
        return [choose({ kind: "page-cached", cache: translations, pages }, [walked(ZERO), ...land(params.hit, "translation cached")], [walked(params.miss), ...land(params.miss, "translation walked")])];
      },
    }),
    unmap: operation({
      meaning: "a driver takes back the translation of the buffer that was written last, or of one that was sent",
      steps: ({ params, parts, passed, state }) => {
        const pages = state.get(MAPPED) as Pages | undefined;
        const { translations, flushes } = parts;
        if (translations === undefined || flushes === undefined) return [];
        const invalidate = work(params.unmap, (passed["category"] as Category | undefined) ?? "softirq", "IOMMU invalidation");
        // The page of what was sent is of another access: only the driver's time is known here.
        if (pages === undefined || passed["sent"] === true) return [choose({ kind: "every", turn: flushes }, [invalidate])];
        return [choose({ kind: "invalidates", cache: translations, pages, batch: batchOf(params) }, [invalidate])];
      },
    }),
  }),
});

/** Unmapped buffers for each invalidation. */
function batchOf(params: Params): number {
  return params.mode === "lazy" ? params.batch.of(0) : 1;
}

function translates(params: Params): boolean {
  return params.mode === "strict" || params.mode === "lazy";
}
