import {
  amountOf, bytes, chosen, claim, defineModel, duration, estimated, inParallel, type InstanceRef, type MessageShape, number, type PartOf, pool, published, recast, recastAbout, release,
  repeat, type Step, text, use, type Values, work,
} from "../../modeling/index.js";
import { conveyed, type End } from "../parts/stream.js";

/** A read's question: size, type and tag, file, offset, count; and its answer before the data: size, type and tag, count. */
const TREAD = 4 + 1 + 2 + 4 + 8 + 4;
const RREAD = 4 + 1 + 2 + 4;
const ONE = amountOf(1);
/** Who asked whom last on this path, remembered at the server. */
const ENDS = "ends";

const own = chosen("the application's own");
const PARAMS = {
  iounit: bytes("8192 B", "most data of one answer", published("plan9-read")),
  window: number(1, "questions of one read that may be on their way at once", chosen("a plain client asks and waits"), 1),
  ask: duration("500 ns", "client: a tag, the question's bytes, a place where the answer will be looked for", estimated("a mount driver's work on a request", ["200 ns", "2 us"])),
  serve: duration("1 us", "server: the question's bytes taken apart, the file looked up, the call prepared", estimated("a file server's work on a request before it reads", ["400 ns", "4 us"])),
  answer: duration("500 ns", "server: the answer's header", estimated("a file server's work after it has read", ["200 ns", "2 us"])),
  match: duration("300 ns", "client: the answer's tag looked up", estimated("a mount driver's work on an answer", ["100 ns", "1 us"])),
} as const;

const ASK = {
  via: text(null, "link to the other host", chosen("how the hosts are wired")),
  server: text(null, "host and thread that serve, e.g. target.srv", own),
  core: text("app", "thread that asks", own),
} as const;

interface Nine {
  readonly params: Values<typeof PARAMS>;
  readonly parts: { readonly window: PartOf<"pool"> };
  readonly needs: { readonly cpu: InstanceRef<"cpu"> };
  readonly args: { readonly via: string };
  readonly message: MessageShape;
  readonly state: Map<string, unknown>;
  readonly instance: (name: string) => InstanceRef;
  readonly refuse: (code: string, message: string, remedy?: string) => never;
}

interface Ends {
  readonly client: End;
  readonly server: End;
  readonly via: string;
}

type Asking = Nine & { readonly args: { readonly server: string; readonly core: string } };

/** The file protocol of Plan 9, both ends: a question and an answer for every piece of a file. */
export default defineModel({
  name: "svc/9p",
  title: "9P file service",
  about:
    "A read asks for at most so many bytes, and the server answers with at most as many: a call for each piece, one after the other unless a window allows more. " +
    "Question and answer go through both kernels as a stream; the server is a process, so its host's kernel must be alive, and an answer's data are copied from the server to its kernel and from the client's kernel to the reader.",
  needs: { cpu: "cpu" },
  params: PARAMS,
  parts: ({ params }) => ({ window: pool({ capacity: params.window.of(0), whenFull: "block" }) }),
  operations: (operation) => ({
    tread: operation({
      meaning: "client: asks for a piece of a file; then the server's process has taken the question",
      args: ASK,
      steps: (context) => asked(context),
    }),
    rread: operation({
      from: ["umem", "pinned"],
      meaning: "server: answers whoever asked with the data that were read; then the client's process has them",
      args: { via: text(null, "link to the other host; that of the question if none is given", chosen("how the hosts are wired")) },
      steps: (context) => answered(context),
    }),
    read: operation({
      meaning: "client: reads the payload piece by piece from the memory of a process at the server, as many pieces at once as the window allows",
      args: { ...ASK, from: text(null, "region that is read, e.g. target.image", own) },
      steps: (context) => {
        const { params, parts, message } = context;
        const server = endOf(context);
        const piece = [
          ...asked(context),
          use(context.instance(`${server.host}.proc`), "read", { from: context.region(context.args.from) }),
          use(context.instance(`${server.host}.9p`), "rread", { via: context.args.via }),
        ];
        const pieces = message.payload.dividedUp(params.iounit);
        if (params.window.of(0) === 1) return [repeat(pieces, piece, params.iounit)];
        return [inParallel("questions", params.iounit, pieces, [claim(parts.window, ONE, "window"), ...piece, release(parts.window, ONE)])];
      },
    }),
    accept: operation({
      meaning: "server: a question has come in and is taken apart",
      steps: ({ params, state, passed }) => {
        state.set(ENDS, passed);
        return [work(params.serve, "user", "9P server: question")];
      },
    }),
    deliver: operation({
      meaning: "client: the answer's tag is looked up and its data are copied to the reader",
      steps: ({ params, needs }) => [work(params.match, "sys", "9P client: answer"), use(needs.cpu, "copy", { to: "user" })],
    }),
  }),
});

function asked(context: Asking): readonly Step[] {
  const { params, needs, args, message, instance } = context;
  const server = endOf(context);
  const client: End = { host: hostOf(needs.cpu.instance), thread: args.core };
  return [
    recastAbout(amountOf(TREAD)),
    use(needs.cpu, "enter", { thread: args.core, label: args.core }),
    work(params.ask, "sys", "9P client: question"),
    ...conveyed({ from: client, to: server, via: args.via, data: null, instance }),
    use(instance(`${server.host}.cpu`), "copy", { to: "user" }),
    use(instance(`${server.host}.9p`), "accept", { client, server, via: args.via }),
    recast(message.payload),
  ];
}

function answered({ params, args, state, message, instance, refuse }: Nine): readonly Step[] {
  const ends = state.get(ENDS) as Ends | undefined;
  if (ends === undefined) return refuse("reply-unasked", "answers a question that nobody has asked on this path", "ask first, with 9p.tread");
  const { client, server } = ends;
  const data = message.payload.map((size) => Math.min(size, params.iounit.of(size)));
  return [
    work(params.answer, "user", "9P server: answer"),
    recast(data.plus(RREAD)),
    ...conveyed({ from: server, to: client, via: args.via ?? ends.via, data: { header: RREAD, payload: data }, instance }),
    recast(data),
    use(instance(`${client.host}.9p`), "deliver"),
  ];
}

/** Host and thread of the server. */
function endOf({ args, refuse }: Asking): End {
  const [host, thread] = (args.server ?? "").split(".");
  if (args.via === undefined || host === undefined || host === "" || thread === undefined) return refuse("parameter-missing", "a question needs a link and a server", "write e.g. 9p.tread: { via: lan, server: target.srv }");
  return { host, thread };
}

/** "dbg" of "dbg.cpu". */
const hostOf = (component: string): string => component.slice(0, component.lastIndexOf("."));
