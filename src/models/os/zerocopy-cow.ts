import { bytes, choose, chosen, defineModel, duration, estimated, leaveCore, list, percent, remap, text, toNumber, use, work } from "../../modeling/index.js";
import { each, pagesOf, shootdown } from "../parts/page-work.js";

/** A send that shares the buffer with the kernel and copies a page only if somebody writes to it. */
export default defineModel({
  name: "os/zerocopy-cow",
  title: "Copy-on-write send",
  about:
    "The call makes the pages of the buffer read-only, tells all cores of the process, and hands the pages to the socket. Whoever writes to the buffer before it is free again faults, page by page, " +
    "and gets a copy: then everything was in vain and the faults come on top.",
  needs: { cpu: "cpu", socket: "socket" },
  params: {
    page: bytes("4 KiB", "size of a page", chosen("the usual one")),
    core: text("app", "thread that writes to the buffer again", chosen("whoever sends")),
    "protect.call": duration("1 us", "locks, walk and bookkeeping of making pages read-only, once a call", estimated("a protection change of one range", ["500 ns", "2 us"])),
    "protect.page": duration("40 ns", "making one page read-only", estimated("a page-table entry and a reference", ["20 ns", "100 ns"])),
    fault: duration("1 us", "fault at the first write to a page: entry, look-up, new page, return", estimated("a minor fault", ["500 ns", "2 us"])),
    threads: list([], "threads of the same process on other cores, which must forget their translations", chosen("the application's own")),
    "flush.local": duration("200 ns", "forgetting translations on the core that calls", estimated("a few single invalidations", ["100 ns", "500 ns"])),
    "flush.interrupt": duration("600 ns", "interrupt of another core", estimated("delivery and entry", ["350 ns", "1.5 us"])),
    "flush.remote": duration("300 ns", "forgetting translations there, and saying so", estimated("invalidation and one cache line to the sender", ["150 ns", "600 ns"])),
  },
  parts: () => ({}),
  operations: (operation) => ({
    tx: operation({
      from: ["umem"],
      meaning: "a send call that shares its pages until somebody writes to them",
      args: { touched: percent("0%", "share of the sends whose buffer is written to before it is free again", chosen("the application's own")), to: text(null, "host at the other end, whose TCP is called tcp", chosen("the application's own")) },
      main: "touched",
      steps: ({ params, needs, args, message }) => {
        const { cpu } = needs;
        const pages = pagesOf(message.payload, params.page);
        const flush = shootdown({ cpu, threads: params.threads, local: params["flush.local"], interrupt: params["flush.interrupt"], remote: params["flush.remote"] });
        const handing = [work(each(params["protect.page"], pages).plus(params["protect.call"]), "sys", "pages made read-only"), ...flush, remap("umem", "kmem")];
        const copied = [leaveCore(), use(cpu, "enter", { thread: params.core, label: "write to the buffer" }), work(each(params.fault, pages), "sys", "write faults"), use(cpu, "copy", { to: "user" })];
        const kept = [remap("kmem", "umem")];
        return [use(needs.socket, "transmit", { to: args.to, handing, cleaned: [choose({ kind: "chance", probability: toNumber(args.touched), name: "buffer written again" }, copied, kept)] })];
      },
    }),
  }),
});
