import {
  all, Amount, amountOf, choose, claim, count, delay, hold, inOrder, inParallel, release, scatter, spawn, toNumber, transfer, work, type Category, type PartOf, type Step,
} from "../../modeling/index.js";
import { creditsHeld, INTERRUPT_BYTES, wireOf, type Pcie, type PcieParams } from "./pcie-parts.js";
import { completions, readRequests, writePackets } from "./pcie-packets.js";

const ONE = amountOf(1);

/** A transfer over the bus as its user asks for it. */
export interface Transfer {
  readonly bytes: Amount;
  readonly label: string;
  /** Where the first byte lies in its page. */
  readonly offset: number;
}

export interface Read extends Transfer {
  readonly until: "first" | "last";
  /** The request has gone out with an earlier part of the same read: only the completions are left. */
  readonly requested?: boolean;
}

/** Cuts a size into pieces; nothing at all still takes one packet. */
type Cut = (size: number) => readonly number[];

function piecesOf(size: Amount, cut: Cut): Amount {
  return size.map((value) => Math.max(1, cut(value).length));
}

/** Bytes of data and of what comes with each packet. */
function withHeaders(size: Amount, pieces: Amount, header: number): Amount {
  return size.plus(pieces.times(header));
}

/** A constant change of a time that may be random; never below zero. */
export function shifted(time: Amount, by: number): Amount {
  const move = (value: number): number => Math.max(0, value + by);
  const { sampler } = time;
  const drawn = sampler === null ? null : { sample: (...key: Parameters<typeof sampler.sample>) => move(sampler.sample(...key)), mean: () => move(sampler.mean()) };
  return new Amount((payload) => move(time.of(payload)), time.origins, drawn);
}

/** The time through the switches on the way, so many times. */
function through(params: PcieParams, time: Amount, ways: number): Amount {
  const passed = params.switches.of(0) * ways;
  if (passed === 0) return time;
  const longer = shifted(time, passed * params.switch.of(0));
  return new Amount(longer.of, [...longer.origins, ...params.switch.origins], longer.sampler);
}

/** A link that sleeps must wake up before it carries anything. A branch holds it, as the message may hold a core; its end lets go. */
function awake({ parts }: Pcie, label: string): readonly Step[] {
  return parts.power === undefined ? [] : [all("link", [hold(parts.power, { how: "sleep", label: `link wakes up for ${label}` })])];
}

/** What a transfer takes on the link: it wakes up, and now and then all of it is sent twice. */
function sent(pcie: Pcie, way: "up" | "down", { label, steps }: { readonly label: string; readonly steps: readonly Step[] }): readonly Step[] {
  const { params } = pcie;
  const failing = toNumber(params.errors);
  const again = failing === 0 ? [] : [choose({ kind: "chance", probability: failing, name: `${way} ${label} replay` }, [delay(params.replay, `${label} refused`, "retry"), ...steps])];
  return [...awake(pcie, label), ...steps, ...again];
}

/** Packets over one direction: equal units, and a last one that makes the sum exact. Others may take turns between them. */
function packets(pcie: Pcie, way: "up" | "down", label: string, { pieces, whole }: { readonly pieces: Amount; readonly whole: Amount }): readonly Step[] {
  const part = pcie.parts[way];
  const unit = new Amount((payload) => Math.floor(whole.of(payload) / pieces.of(payload)), whole.origins);
  const before = pieces.map((value) => value - 1);
  const last = new Amount((payload) => whole.of(payload) - before.of(payload) * unit.of(payload), whole.origins);
  return sent(pcie, way, { label, steps: [transfer(part, unit, label, { units: before }), transfer(part, last, label)] });
}

function claimed(part: PartOf<"pool"> | undefined, units: Amount, label: string): readonly Step[] {
  return part === undefined ? [] : [claim(part, units, label)];
}

function returned(part: PartOf<"pool"> | undefined, units: Amount, later: Amount): readonly Step[] {
  return part === undefined ? [] : [release(part, units, later)];
}

/** A device writes to host memory: credits, packets, credits back; the write itself does not wait for its flight. */
export function writeSteps(pcie: Pcie, { bytes, label, offset }: Transfer): readonly Step[] {
  const { params, parts } = pcie;
  const { overheads, time } = wireOf(params);
  const pieces = piecesOf(bytes, (size) => writePackets(size, offset, params.payload.of(0)));
  const { headers, data } = creditsHeld(params, { bytes, pieces, header: overheads.request }, { headers: parts.postedHeaders, data: parts.postedData });
  return [
    ...claimed(parts.postedHeaders, headers, "posted header credits"),
    ...claimed(parts.postedData, data, "posted data credits"),
    ...packets(pcie, "up", label, { pieces, whole: time(withHeaders(bytes, pieces, overheads.request)) }),
    ...returned(parts.postedHeaders, headers, params["credit.return"]),
    ...returned(parts.postedData, data, params["credit.return"]),
    count("bus-up-payload", bytes),
    count("bus-up-overhead", pieces.times(overheads.request)),
  ];
}

/** The flight of what has been written, in order; `extra` is what the memory system adds to it. */
export function flightSteps({ params, parts }: Pcie, label: string, options: { readonly extra: Amount; readonly relaxed: boolean; readonly packets: Amount }): readonly Step[] {
  const { extra, relaxed } = options;
  const added = extra.of(0);
  const upstream = through(params, params.upstream, 1);
  const flight = added === 0 ? upstream : new Amount(upstream.of, [...upstream.origins, ...extra.origins], upstream.sampler);
  if (!relaxed && params.ordering === "strict") return [inOrder(parts.landed, label, shifted(flight, added))];
  return [delay(shifted(flight, added), label), scatter(options.packets, params.spread, `${label} in any order`)];
}

export function packetsOf({ params }: Pcie, { bytes, offset }: Transfer): Amount {
  return piecesOf(bytes, (size) => writePackets(size, offset, params.payload.of(0)));
}

/** The interrupt message: a write like any other, so it pushes what was written before it. */
export function interruptSteps(pcie: Pcie, label: string): readonly Step[] {
  const { params, parts } = pcie;
  const { overheads, time } = wireOf(params);
  return [...sent(pcie, "up", { label, steps: [transfer(parts.up, time(amountOf(INTERRUPT_BYTES + overheads.request)), label)] }), count("bus-up-payload", INTERRUPT_BYTES), count("bus-up-overhead", overheads.request)];
}

/** A core's stores to a device, one packet for each write-combining buffer. With `within` the whole takes that long on an idle link. */
export function storeSteps(pcie: Pcie, { bytes, label }: Transfer, within: Amount | null): readonly Step[] {
  const { params } = pcie;
  const { overheads, time } = wireOf(params);
  const pieces = bytes.dividedUp(params["store.buffer"]);
  const whole = time(withHeaders(bytes, pieces, overheads.request));
  const flight = within === null ? through(params, params.downstream, 1) : through(params, within.minus(whole).atLeast(0), 1);
  return [
    ...packets(pcie, "down", label, { pieces, whole }),
    count("bus-down-payload", bytes),
    count("bus-down-overhead", pieces.times(overheads.request)),
    delay(flight, `${label} flight`, "propagate"),
  ];
}

/** A core reads a device's register and stands still until the answer has come. The two packets share the link off its path. */
export function loadSteps(pcie: Pcie, { bytes, label }: Transfer, category: Category): readonly Step[] {
  const { params, parts } = pcie;
  const { overheads, time } = wireOf(params);
  return [
    ...awake(pcie, label),
    spawn(transfer(parts.down, time(amountOf(overheads.request)), label), transfer(parts.up, time(bytes.plus(overheads.completion)), label)),
    count("mmio-reads"),
    count("bus-down-overhead", overheads.request),
    count("bus-up-payload", bytes),
    count("bus-up-overhead", overheads.completion),
    work(through(params, params.load, 2), category, label),
  ];
}

/** Completions of a read of `bytes`, with their credits and accounts. */
function completionSteps(pcie: Pcie, { bytes, label, offset }: Transfer): { readonly steps: readonly Step[]; readonly whole: Amount } {
  const { params, parts } = pcie;
  const { overheads, time } = wireOf(params);
  const rule = { limit: (params.completions === "payload" ? params.payload : params.boundary).of(0), boundary: params.boundary.of(0) };
  const requests: Cut = (size) => readRequests(size, offset, params.request.of(0));
  const pieces = piecesOf(bytes, (size) => {
    let at = offset;
    return requests(size).flatMap((piece) => {
      const from = at;
      at += piece;
      return completions(piece, from, rule);
    });
  });
  const whole = time(withHeaders(bytes, pieces, overheads.completion));
  const { headers, data } = creditsHeld(params, { bytes, pieces, header: overheads.completion }, { headers: parts.completionHeaders, data: parts.completionData });
  const steps = [
    ...claimed(parts.completionHeaders, headers, "completion header credits"),
    ...claimed(parts.completionData, data, "completion data credits"),
    ...packets(pcie, "down", label, { pieces, whole }),
    ...returned(parts.completionHeaders, headers, params["credit.return"]),
    ...returned(parts.completionData, data, params["credit.return"]),
    count("bus-down-payload", bytes),
    count("bus-down-overhead", pieces.times(overheads.completion)),
  ];
  return { steps, whole };
}

/** One read whose requests all find a tag: requests one after the other, then data as it comes. */
function readAtOnce(pcie: Pcie, read: Read): readonly Step[] {
  const { params, parts } = pcie;
  const { overheads, time } = wireOf(params);
  const requests = piecesOf(read.bytes, (size) => readRequests(size, read.offset, params.request.of(0)));
  const each = time(amountOf(overheads.request));
  const tags = requests.map((value) => Math.min(value, params.tags.of(0)));
  const credits = requests.map((value) => Math.min(value, parts.nonpostedHeaders?.capacity ?? value));
  const { steps, whole } = completionSteps(pcie, read);
  const whenDone = read.until === "last" ? amountOf(0) : whole;
  return [
    claim(parts.tags, tags, "read tags"),
    ...claimed(parts.nonpostedHeaders, credits, "read request credits"),
    ...sent(pcie, "up", { label: `${read.label} request`, steps: [transfer(parts.up, each, `${read.label} request`, { units: requests })] }),
    ...returned(parts.nonpostedHeaders, credits, params["credit.return"]),
    count("bus-up-overhead", requests.times(overheads.request)),
    delay(restOfRead(through(params, params.read, 2), each, requests), `${read.label} round trip`),
    ...(read.until === "last" ? steps : [spawn(...steps)]),
    release(parts.tags, tags, whenDone),
  ];
}

/** What is left of the read's time once its requests have been sent: they travel inside it. */
function restOfRead(whole: Amount, request: Amount, requests: Amount): Amount {
  if (whole.sampler !== null) return shifted(whole, -request.of(0));
  return new Amount((payload) => Math.max(0, whole.of(payload) - request.of(payload) * requests.of(payload)), whole.origins);
}

/** A device reads host memory; goes on at the first data or with the last. A read of more requests than tags keeps all tags busy. */
export function readSteps(pcie: Pcie, read: Read): readonly Step[] {
  if (read.requested === true) return completionSteps(pcie, read).steps;
  const { params } = pcie;
  const most = params.tags.of(0);
  const request = params.request;
  const requests = piecesOf(read.bytes, (size) => readRequests(size, read.offset, request.of(0)));
  const full = requests.map((value) => value - 1);
  const rest = new Amount((payload) => Math.max(1, read.bytes.of(payload) - full.of(payload) * request.of(payload)), read.bytes.origins);
  const one = (bytes: Amount, until: Read["until"]): readonly Step[] => readAtOnce(pcie, { bytes, label: read.label, offset: read.offset, until });
  const window = all(read.label, [inParallel(read.label, amountOf(0), full, one(request, "last"))], one(rest, "last"));
  const long = read.until === "last" ? [window] : [spawn(window), ...one(ONE, "first")];
  return [choose({ kind: "size", test: (payload) => requests.of(payload) <= most }, readAtOnce(pcie, read), long)];
}

/** A device changes a word of host memory and learns what it held: a read request that carries data. */
export function atomicSteps(pcie: Pcie, { bytes, label }: Transfer): readonly Step[] {
  const { params, parts } = pcie;
  const { overheads, time } = wireOf(params);
  const request = time(bytes.plus(overheads.request));
  const answer = time(bytes.plus(overheads.completion));
  const { data } = creditsHeld(params, { bytes, pieces: ONE, header: overheads.request }, { headers: parts.nonpostedHeaders, data: parts.nonpostedData });
  return [
    claim(parts.tags, ONE, "read tags"),
    ...claimed(parts.nonpostedHeaders, ONE, "read request credits"),
    ...claimed(parts.nonpostedData, data, "atomic data credits"),
    ...sent(pcie, "up", { label: `${label} request`, steps: [transfer(parts.up, request, `${label} request`)] }),
    ...returned(parts.nonpostedHeaders, ONE, params["credit.return"]),
    ...returned(parts.nonpostedData, data, params["credit.return"]),
    count("bus-up-payload", bytes),
    count("bus-up-overhead", overheads.request),
    delay(shifted(through(params, params.read, 2), -request.of(0)), `${label} round trip`),
    ...sent(pcie, "down", { label, steps: [transfer(parts.down, answer, label)] }),
    count("bus-down-payload", bytes),
    count("bus-down-overhead", overheads.completion),
    release(parts.tags, ONE),
  ];
}
