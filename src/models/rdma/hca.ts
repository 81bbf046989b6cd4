import {
  amountOf, type Carrier, choice, chosen, claim, count, defineModel, flag, gather, move, type OperationOf, release, type Region, type Step, text, use, work,
} from "../../modeling/index.js";
import { ADDRESS, addressed, DATAGRAM, forgotten, matched } from "../parts/rdma-datagrams.js";
import { checkKey, deregistered, registered } from "../parts/rdma-memory.js";
import { fetched, lookUps, sent, stored, taken } from "../parts/rdma-packets.js";
import { type Adapter, ADAPTER_PARAMS, type AdapterParts, hostOf, makeAdapter, VERB } from "../parts/rdma-params.js";
import { paged, provided, type Refusal } from "../parts/rdma-reliable.js";
import { changed, delivered, exchanged, readBack } from "../parts/rdma-verbs.js";

const NEEDS = { cpu: "cpu", bus: "bus", memory: "memory" } as const;
const ONE = amountOf(1);
const ENTRY = amountOf(64);
const EVENT = "event";
const own = chosen("the application's own");
const inline = flag(true, "the work request carries the payload if it is small enough", own);

const WRITE = { to: text(null, "region that is written, e.g. b.mailbox", own), inline, ...VERB } as const;
const SEND = { to: text(null, "host that it is for, which takes it into a buffer of its own choice", own), inline, ...VERB } as const;
const READ = { from: text(null, "region that is asked for, e.g. b.heap", own), ...VERB } as const;
const CHANGE = { ...READ, word: text("0", "word of the region; changes of one word go one after the other", own) } as const;
const REGISTER = { region: text(null, "region of this host", own), core: VERB.core } as const;

/** Executes remote writes, reads and changes: neither operating system is on the path of the data. */
export default defineModel({
  name: "rdma/hca",
  title: "Adapter for remote memory access",
  about:
    "A thread builds a work request and pushes it to the adapter. The adapter looks up the connection, fetches what it was not given, and sends packets. The other adapter checks key and rights, " +
    "translates the address, acknowledges and writes to pinned memory. A plain write tells nobody; a send, or a write with immediate data, takes a receive request and leaves a completion entry. " +
    "A read is answered by the other adapter alone. What is lost is repeated, and whatever else is on the same connection waits for it. Over InfiniBand, RoCEv2 or, in the adapter's own TCP, iWARP.",
  provides: "interrupts",
  needs: NEEDS,
  params: ADAPTER_PARAMS,
  parts: makeAdapter,
  operations: (operation) => ({ ...verbs(operation), ...services(operation) }),
});

type Declare = OperationOf<typeof ADAPTER_PARAMS, AdapterParts, typeof NEEDS>;

/** What a path asks for. */
function verbs(operation: Declare) {
  return {
    "rdma.write": operation({
      from: ["umem", "pinned"],
      meaning: "writes the payload to a region of another host and tells nobody there",
      args: { ...WRITE, flag: choice(["none", "last-byte"], "none", "whether the last byte changes with every message, so that a loop can watch it", own) },
      steps: (context) => {
        const target = targetOf(context, context.args.to);
        return delivered(context, { request: "write", notifies: false, watched: context.args.flag === "none" ? null : `${target.name}.flag`, inline: context.args.inline, host: target.host, target });
      },
    }),
    "rdma.write-imm": operation({
      from: ["umem", "pinned"],
      meaning: "writes the payload to a region of another host and leaves a completion entry there",
      args: WRITE,
      steps: (context) => {
        const target = targetOf(context, context.args.to);
        return delivered(context, { request: "write", notifies: true, watched: "cq", inline: context.args.inline, host: target.host, target });
      },
    }),
    "rdma.send": operation({
      from: ["umem", "pinned"],
      meaning: "sends the payload to whoever has posted a receive request at the other host",
      args: SEND,
      steps: (context) => delivered(context, { request: "send", notifies: true, watched: "cq", inline: context.args.inline, host: hostFor(context), target: null }),
    }),
    "rdma.datagram": operation({
      from: ["umem", "pinned"],
      meaning: "sends one packet without a connection: neither acknowledged nor repeated, and gone if its Q_Key is wrong or no receive request is posted",
      args: { ...SEND, ...DATAGRAM },
      steps: (context) => delivered(context, { request: "datagram", notifies: true, watched: "cq", inline: context.args.inline, host: hostFor(context), target: null }),
    }),
    "rdma.read": operation({
      from: ["pinned"],
      meaning: "reads the payload from a region of another host, which does not notice",
      args: READ,
      steps: (context) => readBack(context, targetOf(context, context.args.from)),
    }),
    "rdma.fetch-add": operation({
      meaning: "adds to a word in a region of another host and gets the old one",
      args: CHANGE,
      steps: (context) => changed(context, targetOf(context, context.args.from), context.args.word),
    }),
    "rdma.compare-swap": operation({
      meaning: "changes a word in a region of another host if it holds what is expected, and gets the old one",
      args: CHANGE,
      steps: (context) => changed(context, targetOf(context, context.args.from), context.args.word),
    }),
    "rdma.register": operation({ meaning: "pins a region and gives the adapter its pages, so that keys for it exist", args: REGISTER, main: "region", steps: registered }),
    "rdma.address": operation({ meaning: "makes the address handle by which datagrams for a host are posted; without it there is one", args: ADDRESS, main: "to", steps: addressed }),
    "rdma.forget-address": operation({ meaning: "frees the address handle for a host", args: ADDRESS, main: "to", steps: forgotten }),
    "rdma.deregister": operation({ meaning: "takes a region's registration back", args: REGISTER, main: "region", steps: deregistered }),
  };
}

/** What an adapter does for another, or for the operating system. */
function services(operation: Declare) {
  return {
    admit: operation({
      meaning: "the key of a region is checked against what is asked",
      steps: (context) => {
        checkKey(context, context.passed["region"] as Region, context.passed["right"] as "remote-write");
        return [];
      },
    }),
    emit: operation({ meaning: "a packet leaves the adapter", steps: sent }),
    take: operation({ meaning: "a packet comes into the adapter", steps: taken }),
    accept: operation({ meaning: "connection and address of a packet are looked up", steps: lookUps }),
    match: operation({ meaning: "the key of a datagram is compared with that of the queue pair", steps: matched }),
    provide: operation({ meaning: "the message gets a receive request, or is refused until there is one", steps: (context) => provided(context, context.passed as unknown as Refusal) }),
    page: operation({ meaning: "a page that is paged on demand is fetched if it is not there", steps: (context) => paged(context, context.passed as unknown as Refusal) }),
    store: operation({ meaning: "the payload of a packet goes to memory", steps: (context) => stored(context, context.passed["visible"] === true, context.passed["numa"]) }),
    place: operation({
      meaning: "the message is in memory; how a program there can learn of it",
      steps: (context) => placed(context, context.passed as unknown as Notice),
    }),
    complete: operation({ meaning: "a completion entry is written, behind the data", steps: (context) => completed(context, []) }),
    lend: operation({ meaning: "the payload leaves this host's memory for whoever asked", steps: ({ message }) => [move("pinned", "wire", "dma", message.payload)] }),
    keep: operation({ meaning: "the payload that was asked for is in this host's memory", steps: ({ message }) => [move("wire", "pinned", "dma", message.payload)] }),
    respond: operation({ meaning: "one packet of what was asked for is read from memory and sent", steps: (context) => [...fetched(context), ...sent(context)] }),
    change: operation({ meaning: "a word is read, changed and written back while nobody else may change it, and the old one sent", steps: (context) => exchanged(context, String(context.passed["word"])) }),
    collect: operation({
      meaning: "a completion raises an event, and events that come together share an interrupt",
      steps: ({ parts, needs, passed, state }) => {
        state.set(EVENT, true);
        const carrier = passed["carrier"] as Carrier;
        const raised = [use(needs.bus, "write", { bytes: ENTRY, label: "event entry" }), use(needs.bus, "interrupt", { label: "interrupt message" })];
        return [gather(parts.moderation, String(passed["label"]), { ...carrier, before: [...raised, ...carrier.before] })];
      },
    }),
    rearm: operation({
      meaning: "whoever was woken by an event arms the queue for the next one and looks once more, so that none is lost in between",
      steps: ({ params, state }) => (state.delete(EVENT) ? [work(params.arm, "user", "arm and look again"), count("doorbells")] : []),
    }),
    replenish: operation({ meaning: "a polling driver takes a completion; its request is posted again once it has been noticed", steps: () => [] }),
  };
}

interface Asking extends Adapter {
  readonly args: { readonly via: string; readonly to?: string };
}

/** The region that a verb names, which must be another host's. */
function targetOf(verb: Asking, name: string): Region {
  if (name === undefined || verb.args.via === undefined) verb.refuse("parameter-missing", "a remote access needs a region and a link", "write e.g. rdma.write: { to: b.mailbox, via: ib }");
  return verb.region(name);
}

function hostFor({ args, refuse }: Asking): string {
  if (args.to === undefined || args.via === undefined) return refuse("parameter-missing", "a send needs a host and a link", "write e.g. rdma.send: { to: b, via: ib }");
  return args.to;
}

interface Notice {
  readonly notifies: boolean;
  /** What a program at the other side can watch; null for nothing. */
  readonly watched: string | null;
}

function placed(adapter: Adapter, { notifies, watched }: Notice): readonly Step[] {
  const { parts, needs, message } = adapter;
  const arrive = move("wire", "pinned", "dma", message.payload);
  if (notifies) return [arrive, ...completed(adapter, [release(parts.receives, ONE)])];
  return [arrive, ...(watched === null ? [] : [use(needs.cpu, "announce", { watched })])];
}

/** A completion entry, behind the data; whoever notices it gives back what it stands for. */
function completed(adapter: Adapter, afterwards: readonly Step[]): readonly Step[] {
  const { parts, needs } = adapter;
  return [
    claim(parts.completions, ONE, "completion queue", afterwards),
    use(needs.bus, "write", { bytes: ENTRY, label: "completion entry" }),
    use(needs.bus, "visible", { label: "completion entry" }),
    use(needs.cpu, "announce", { watched: "cq", afterwards: [...afterwards, release(parts.completions, ONE), use(adapter.instance(`${hostOf(adapter)}.hca`), "rearm")] }),
  ];
}
