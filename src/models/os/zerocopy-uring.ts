import { bytes, choice, chosen, defineModel, duration, estimated, flag, leaveCore, remap, text, use, work } from "../../modeling/index.js";
import { each, pagesOf } from "../parts/page-work.js";

/** Sends through rings that application and kernel share, from buffers that are pinned once for all. */
export default defineModel({
  name: "os/zerocopy-uring",
  title: "io_uring with registered buffers",
  about:
    "A request is an entry in a ring. Buffers are registered, and thereby pinned, once; a send then needs neither copy nor pinning, and two completion entries say that it is under way and that the " +
    "buffer is free. With a polling kernel thread it needs no system call either, but a core.",
  needs: { cpu: "cpu", socket: "socket" },
  params: {
    page: bytes("4 KiB", "size of a page", chosen("the usual one")),
    core: text("app", "thread that sends and takes completions", chosen("whoever sends")),
    register: choice(["once", "each"], "once", "whether buffers are registered once for all, or pinned for each send", chosen("steady buffers are registered")),
    "pin.call": duration("150 ns", "accounting of pinned memory, once a send", estimated("as for MSG_ZEROCOPY", ["80 ns", "400 ns"])),
    "pin.page": duration("80 ns", "pinning one page", estimated("as for MSG_ZEROCOPY", ["40 ns", "200 ns"])),
    "unpin.page": duration("40 ns", "giving one page back", estimated("as for MSG_ZEROCOPY", ["20 ns", "100 ns"])),
    submit: duration("60 ns", "writing the request's entry", estimated("a 64 B entry and the ring's tail", ["30 ns", "120 ns"])),
    issue: duration("150 ns", "taking the entry in the kernel and preparing the send", estimated("request allocation and checks", ["80 ns", "300 ns"])),
    complete: duration("80 ns", "writing the two completion entries", estimated("two entries of 16 B", ["40 ns", "200 ns"])),
    reap: duration("60 ns", "taking the two completion entries from the ring, without a call", estimated("two reads of a shared line", ["30 ns", "150 ns"])),
    poll: flag(false, "whether a kernel thread polls the ring, so that a send needs no call", chosen("off by default")),
    "poll-thread": text("sq", "thread that polls", chosen("a core of its own")),
    "poll-loop": duration("100 ns", "one turn of its loop", estimated("a look at one ring", ["50 ns", "300 ns"])),
  },
  parts: () => ({}),
  operations: (operation) => ({
    tx: operation({
      from: ["umem", "pinned"],
      meaning: "a request in the ring; the kernel sends from the registered buffer",
      args: { to: text(null, "host at the other end, whose TCP is called tcp", chosen("the application's own")) },
      main: "to",
      steps: ({ params, needs, args, message }) => {
        const { cpu } = needs;
        const pages = pagesOf(message.payload, params.page);
        const pinned = params.register === "each" ? [work(each(params["pin.page"], pages).plus(params["pin.call"]), "sys", "pages pinned")] : [];
        const unpinned = params.register === "each" ? [work(each(params["unpin.page"], pages), "softirq", "pages given back")] : [];
        const over = params.poll
          ? [leaveCore(), use(cpu, "enter", { thread: params["poll-thread"], how: "poll", amount: params["poll-loop"], label: "kernel thread at the ring" })]
          : [use(cpu, "syscall")];
        const entered = [work(params.submit, "user", "request entry"), ...over, work(params.issue, "sys", "request taken")];
        const handing = [...pinned, remap(message.location === "pinned" ? "pinned" : "umem", "pinned")];
        const cleaned = [...unpinned, work(params.complete, "softirq", "completion entries"), leaveCore(), use(cpu, "enter", { thread: params.core, label: "completion" }), work(params.reap, "user", "completion entries taken")];
        return [use(needs.socket, "transmit", { to: args.to, entered, handing, cleaned })];
      },
    }),
  }),
});
