import { bytes, choose, chosen, defineModel, duration, estimated, list, remap, use, work } from "../../modeling/index.js";
import { each, shootdown } from "../parts/page-work.js";

/** Received pages are mapped into the application instead of being copied to it. */
export default defineModel({
  name: "os/zerocopy-receive",
  title: "TCP receive by mapping pages",
  about:
    "Whole pages of payload are mapped where the application wants them, in place of those of the call before; all cores of the process forget what was mapped there. " +
    "What does not fill a page is copied as ever. It needs an adapter that puts payloads on page boundaries.",
  needs: { cpu: "cpu" },
  params: {
    page: bytes("4 KiB", "size of a page", chosen("the usual one")),
    call: duration("300 ns", "finding the whole pages in the queue", estimated("locks and a walk of the queued buffers", ["150 ns", "800 ns"])),
    map: duration("60 ns", "mapping one page", estimated("entries are inserted in batches", ["30 ns", "150 ns"])),
    unmap: duration("40 ns", "taking away the page that was there before", estimated("entries are cleared in batches", ["20 ns", "100 ns"])),
    threads: list([], "threads of the same process on other cores, which must forget their translations", chosen("the application's own")),
    "flush.local": duration("200 ns", "forgetting translations on the core that calls", estimated("a few single invalidations", ["100 ns", "500 ns"])),
    "flush.interrupt": duration("600 ns", "interrupt of another core", estimated("delivery and entry", ["350 ns", "1.5 us"])),
    "flush.remote": duration("300 ns", "forgetting translations there, and saying so", estimated("invalidation and one cache line to the caller", ["150 ns", "600 ns"])),
  },
  parts: () => ({}),
  operations: (operation) => ({
    map: operation({
      from: ["kmem"],
      meaning: "whole pages are mapped, the rest is copied",
      steps: ({ params, needs, message }) => {
        const { cpu } = needs;
        const page = params.page;
        const whole = message.payload.map((size) => Math.floor(size / page.of(size)));
        const rest = message.payload.map((size) => size % page.of(size));
        const flush = shootdown({ cpu, threads: params.threads, local: params["flush.local"], interrupt: params["flush.interrupt"], remote: params["flush.remote"] });
        const mapped = [
          use(cpu, "syscall"),
          work(each(params.map.plus(params.unmap), whole).plus(params.call), "sys", "pages mapped"),
          ...flush,
          choose({ kind: "size", test: (size) => rest.of(size) > 0 }, [use(cpu, "copy", { to: "user", bytes: rest })], [remap("kmem", "umem")]),
        ];
        return [choose({ kind: "size", test: (size) => whole.of(size) > 0 }, mapped, [use(cpu, "copy", { to: "user" })])];
      },
    }),
  }),
});
