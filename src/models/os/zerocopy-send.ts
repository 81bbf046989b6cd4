import { bytes, chosen, defineModel, duration, estimated, leaveCore, remap, text, use, work } from "../../modeling/index.js";
import { each, pagesOf } from "../parts/page-work.js";

/** A send that lends the pages of the buffer to the kernel until the adapter has taken them. */
export default defineModel({
  name: "os/zerocopy-send",
  title: "MSG_ZEROCOPY",
  about:
    "The pages of the buffer are pinned and go to the socket as they are. The buffer may be written again when a notification says so, and the application has to fetch that: " +
    "a fixed cost, off the path but on its core, against a copy that grows with the size.",
  needs: { cpu: "cpu", socket: "socket" },
  params: {
    page: bytes("4 KiB", "size of a page", chosen("the usual one")),
    core: text("app", "thread that fetches the notifications", chosen("whoever sends")),
    "pin.call": duration("150 ns", "accounting of pinned memory, once a call", estimated("a user's limit and a notification buffer", ["80 ns", "400 ns"])),
    "pin.page": duration("80 ns", "pinning one page and putting it into the packet", estimated("a fast page walk, a reference, a fragment", ["40 ns", "200 ns"])),
    "unpin.page": duration("40 ns", "giving one page back", estimated("a reference dropped", ["20 ns", "100 ns"])),
    notify: duration("400 ns", "queueing the notification", estimated("a buffer on the socket's error queue, and waking who waits for it", ["200 ns", "800 ns"])),
    fetch: duration("350 ns", "fetching the notification besides entry and exit of the call", estimated("a receive call on the error queue", ["200 ns", "700 ns"])),
  },
  parts: () => ({}),
  operations: (operation) => ({
    tx: operation({
      from: ["umem", "pinned"],
      meaning: "a send call that lends its pages instead of copying them",
      args: { to: text(null, "host at the other end, whose TCP is called tcp", chosen("the application's own")) },
      main: "to",
      steps: ({ params, needs, args, message }) => {
        const pages = pagesOf(message.payload, params.page);
        const pinned = work(each(params["pin.page"], pages).plus(params["pin.call"]), "sys", "pages pinned");
        const handing = [pinned, remap(message.location === "pinned" ? "pinned" : "umem", "pinned")];
        const cleaned = [
          work(each(params["unpin.page"], pages).plus(params.notify), "softirq", "pages given back, notification"),
          leaveCore(),
          use(needs.cpu, "enter", { thread: params.core, label: "notification" }),
          use(needs.cpu, "syscall"),
          work(params.fetch, "sys", "notification fetched"),
        ];
        return [use(needs.socket, "transmit", { to: args.to, handing, cleaned })];
      },
    }),
  }),
});
