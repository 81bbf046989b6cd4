import {
  type Amount, amountOf, bytes, cache, choice, choose, chosen, count, dataRate, defineModel, delay, drop, duration, estimated, type InstanceRef, leaveCore, type MessageShape, move, number,
  type PartOf, percent, race, type Rate, type Rational, recast, remap, type Step, text, timing, toNumber, use, type Values, work,
} from "../../modeling/index.js";

const own = chosen("the application's own");

const PARAMS = {
  stub: duration("100 ns", "client or server stub besides marshalling: a procedure call, a header, a look-up of the procedure", estimated("generated code and one table look-up", ["50 ns", "400 ns"])),
  marshal: dataRate("26.7 Gbit/s", "speed at which arguments and results are put into a message, or taken out: 0.3 ns for each byte", estimated("field by field, with bounds checks", ["8 Gbit/s", "80 Gbit/s"])),
  marshalling: choice(["buffer", "in-place"], "buffer", "whether marshalling writes a new buffer, which is a copy, or the arguments lie in the message already", own),
  pointers: number(0, "arguments that are pointers; what they point to goes along by value", own),
  pointee: bytes("64 B", "what one of them points to", own),
  reply: bytes("8 B", "results, which do not depend on the size of the arguments", own),
  run: timing("1 us", "work of the procedure itself", own),
  semantics: choice(["at-most-once", "at-least-once"], "at-most-once", "what the server does with a call that it has already executed: answers again without executing it, or executes it again", own),
  table: number(1024, "calls that the server remembers, with their results", own),
  remember: duration("40 ns", "a look into that table", estimated("one hash look-up", ["20 ns", "150 ns"])),
  timeout: duration("200 us", "how long a client waits for the answer before it sends the call again", own),
  retries: number(0, "how often it does so; then the call has failed", own),
  loss: percent("0%", "share of the calls that get lost on the way to the server, or of the frames of a call that needs several", own),
  "reply-loss": percent("0%", "the same of the answers on the way back", own),
  match: duration("60 ns", "answer matched to the call that waits for it, by its number", estimated("one hash look-up", ["20 ns", "150 ns"])),
} as const;

type Params = Values<typeof PARAMS>;

interface Caller {
  readonly params: Params;
  readonly needs: { readonly cpu: InstanceRef<"cpu"> };
  readonly args: { readonly via: string; readonly server: string; readonly core: string };
  readonly message: MessageShape;
  readonly instance: (name: string) => InstanceRef;
  readonly refuse: (code: string, message: string, remedy?: string) => never;
}

/** A procedure of another machine that is called like one's own. */
export default defineModel({
  name: "msg/rpc",
  title: "Remote procedure call",
  about:
    "The client's stub puts the arguments into a message and sends it; the server's takes them out, calls the procedure and sends the result, which is joined with the waiting call by its number. Pointers mean nothing on another machine: what they point to goes along. " +
    "An answer that does not come in time makes the client send the call again. A server that remembers its calls executes none twice; one that does not may.",
  needs: { cpu: "cpu" },
  params: PARAMS,
  parts: ({ params }) => ({ table: cache({ entries: params.table.of(0), keys: "message" }) }),
  operations: (operation) => ({
    call: operation({
      from: ["umem", "pinned"],
      meaning: "client: calls a procedure of another host, and has its result",
      args: {
        via: text(null, "link to the other host", chosen("how the hosts are wired")),
        server: text(null, "host that executes the procedure", own),
        core: text("app", "thread that calls", own),
      },
      steps: (context) => called(context),
    }),
    execute: operation({
      from: ["umem", "pinned"],
      meaning: "server: takes a call apart, executes the procedure unless it is known to have been executed, and puts the answer together",
      steps: ({ params, parts, message }) => executed(params, parts.table, message.payload),
    }),
  }),
});

/** Bytes of the arguments, with what pointers among them point to. */
function argumentsOf({ params, message }: Caller): Amount {
  const more = params.pointers.of(0) * params.pointee.of(0);
  return message.payload.plus(amountOf(more, [...params.pointers.origins, ...params.pointee.origins]));
}

function called(caller: Caller): readonly Step[] {
  const { params, needs, args, message, refuse } = caller;
  if (args.via === undefined || args.server === undefined) refuse("parameter-missing", "a call needs a link and a server", "write e.g. rpc.call: { via: lan, server: b }");
  const tries = params.retries.of(0);
  const attempts = Array.from({ length: tries + 1 }, (_, attempt) => tried(caller, attempt));
  const [only = []] = attempts;
  return [
    use(needs.cpu, "enter", { thread: args.core, label: args.core }),
    remap(message.location ?? "umem", "umem"),
    work(params.stub, "user", "client stub"),
    ...marshalled(params, argumentsOf(caller), "marshal arguments"),
    recast(argumentsOf(caller)),
    leaveCore(),
    ...(tries === 0 ? only : [race("answers", ...attempts)]),
    recast(params.reply),
    use(needs.cpu, "enter", { thread: args.core, label: args.core }),
    work(params.match, "user", "answer matched to its call"),
    ...marshalled(params, params.reply, "unmarshal results"),
    work(params.stub, "user", "client stub returns"),
  ];
}

/** One sending of the call, and what comes of it. A later one only takes place if nobody has answered until then. */
function tried(caller: Caller, attempt: number): readonly Step[] {
  const { params } = caller;
  if (attempt === 0) return sent(caller);
  const waited = delay(params.timeout.times(attempt), `timeout ${attempt}`, "retry");
  return [waited, choose({ kind: "decided" }, [drop("answered before")], [count("retries"), ...sent(caller)])];
}

function sent(caller: Caller): readonly Step[] {
  const { params, needs, args, instance } = caller;
  const client = needs.cpu.instance.slice(0, needs.cpu.instance.lastIndexOf("."));
  return [
    use(needs.cpu, "enter", { thread: args.core, label: args.core }),
    ...carried(caller, client, args.server, params.loss),
    use(instance(`${args.server}.rpc`), "execute"),
    ...carried(caller, args.server, client, params["reply-loss"]),
  ];
}

/** A message from a thread that holds its core, by datagram, to a thread of the other host. */
function carried({ args, instance }: Caller, from: string, to: string, loss: Rational): readonly Step[] {
  const lost = toNumber(loss);
  return [
    use(instance(`${from}.os`), "udp.tx"),
    use(instance(`${from}.nic`), "tx"),
    use(instance(args.via), "traverse"),
    ...(lost === 0 ? [] : [choose({ kind: "chance", probability: lost, name: `loss from ${from}` }, [drop(`lost on the way from ${from}`)])]),
    use(instance(`${to}.nic`), "rx"),
    use(instance(`${to}.os`), "irq"),
    use(instance(`${to}.os`), "udp.rx"),
    use(instance(`${to}.os`), "wake"),
    use(instance(`${to}.cpu`), "copy", { to: "user" }),
  ];
}

function executed(params: Params, table: PartOf<"cache">, sent: Amount): readonly Step[] {
  const procedure = [...marshalled(params, sent, "unmarshal arguments"), work(params.run, "user", "procedure"), count("executions"), ...marshalled(params, params.reply, "marshal results")];
  const known = choose({ kind: "hit", cache: table }, [count("duplicates")], procedure);
  const once = params.semantics === "at-most-once" ? [work(params.remember, "user", "calls that were executed"), known] : procedure;
  return [work(params.stub, "user", "server stub"), ...once, recast(params.reply)];
}

function marshalled(params: { readonly marshal: Rate; readonly marshalling: "buffer" | "in-place" }, size: Amount, label: string): readonly Step[] {
  if (params.marshalling === "in-place") return [];
  return [work(params.marshal.timeFor(size), "user", label, "copy"), move("umem", "umem", "cpu", size)];
}
