import { bytes, choice, chosen, defineModel, duration, estimated, remap, text, use, work } from "../../modeling/index.js";
import { each, pagesOf } from "../parts/page-work.js";

const own = chosen("the application's own");

/** A file that is in the page cache goes out without ever coming to user memory. */
export default defineModel({
  name: "os/zerocopy-sendfile",
  title: "sendfile and splice",
  about:
    "The ordinary way reads a file, which copies it from the page cache to user memory, and writes it, which copies it back. sendfile hands the pages of the cache themselves to the socket: " +
    "a reference for each, no copy, one call instead of two. splice does the same through a pipe, with two calls.",
  needs: { cpu: "cpu", socket: "socket" },
  params: {
    page: bytes("4 KiB", "size of a page", chosen("the usual one")),
    "look-up": duration("150 ns", "finding the file's place and its first page in the cache", estimated("a descriptor look-up and a radix tree walk", ["80 ns", "400 ns"])),
    reference: duration("30 ns", "finding and referring to one page of the cache", estimated("a tree step and an atomic increment", ["15 ns", "80 ns"])),
    mode: choice(["sendfile", "splice"], "sendfile", "one call, or two calls with a pipe between them", own),
  },
  parts: () => ({}),
  operations: (operation) => ({
    read: operation({
      from: ["kmem"],
      meaning: "a read call copies what is in the page cache to user memory",
      args: { core: text("app", "thread that calls", own) },
      main: "core",
      steps: ({ params, needs, args }) => [
        use(needs.cpu, "enter", { thread: args.core, label: args.core }),
        remap("kmem", "kmem"),
        use(needs.cpu, "syscall"),
        work(params["look-up"], "sys", "file look-up"),
        use(needs.cpu, "copy", { to: "user" }),
      ],
    }),
    tx: operation({
      from: ["kmem"],
      meaning: "pages of the cache go to the socket as they are",
      args: { core: text("app", "thread that calls", own), to: text(null, "host at the other end, whose TCP is called tcp", own) },
      main: "core",
      steps: ({ params, needs, args, message }) => {
        const second = params.mode === "splice" ? [use(needs.cpu, "syscall")] : [];
        const handing = [...second, work(params["look-up"], "sys", "file look-up"), work(each(params.reference, pagesOf(message.payload, params.page)), "sys", "references to pages")];
        return [use(needs.cpu, "enter", { thread: args.core, label: args.core }), remap("kmem", "kmem"), use(needs.socket, "transmit", { to: args.to, handing, cleaned: [] })];
      },
    }),
  }),
});
