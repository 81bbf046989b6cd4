import { OP } from "../engine/index.js";
import { Amount, type Rate, type Step, ZERO } from "../modeling/index.js";
import { toNumber } from "../units/index.js";
import type { PathCompiler } from "./path-compiler.js";
import type { Profile } from "./path-state.js";

type Transmit = Extract<Step, { step: "transmit" }>;

/** Waits for bytes of the message that is arriving; charged to the step that sends them. A stored message has them all. */
export function emitNeed(path: PathCompiler, { bytes, label, streaming }: Extract<Step, { step: "need" }>): void {
  const { state } = path;
  const { profile } = state;
  if (profile === null || state.stored) return;
  waitForBytes(path, profile, bytes === "last" ? profile.bytes : bytes, label);
  if (streaming) return;
  state.stored = true;
  state.alignedTo = null;
}

function waitForBytes(path: PathCompiler, profile: Profile, bytes: Amount, label: string): void {
  const { assembler, registry } = path;
  const work = path.slot(label, "serialise", profile.sender);
  const slots = path.state.byteSlots.get(profile) ?? [];
  slots.push(work);
  path.state.byteSlots.set(profile, slots);
  // A header that is longer than the frame is as long as the frame.
  const there = bytes === profile.bytes ? bytes : new Amount((payload) => Math.min(bytes.of(payload), profile.bytes.of(payload)), bytes.origins);
  const amount = registry.amount(profile.rate.timeFor(there));
  const note = path.note(`wait for bytes of ${profile.sender}`, [...profile.rate.origins, ...bytes.origins]);
  if (profile.block === null) assembler.emit({ op: OP.need, amount, work }, note);
  else assembler.emit({ op: OP.needBlock, part: registry.clock(profile.block), amount, work }, note);
}

/**
 * Sends through a pipe that must not pause once it has started. The first bit leaves when the header has come in and
 * been worked on, when no later byte could still be missing at its turn, and when the transmitter is free.
 */
export function emitTransmit(path: PathCompiler, step: Transmit): void {
  const { state, assembler, registry } = path;
  const { bytes, header, work, grain, propagation, label } = step.options;
  const incoming = state.stored ? null : state.profile;
  if (incoming !== null) waitForBytes(path, incoming, header === "last" ? incoming.bytes : header, "serialise");
  if (work !== ZERO) assembler.emit({ op: OP.delay, amount: registry.amount(work), work: path.slot(label, "process") }, path.note(label, work.origins));
  if (incoming !== null && header !== "last") {
    const smooth = noUnderrun(incoming, step.part.rate, work, grain);
    // The byte behind the end of a codeword is readable one codeword later than the one before it, wherever in the frame that is.
    const start = incoming.block === null ? smooth : smooth.plus(Math.ceil(toNumber(incoming.block.period)));
    assembler.emit({ op: OP.need, amount: registry.amount(start), work: path.slot("rate match", "rate-match") }, path.note("never run out of bytes", start.origins));
  }
  const occupancy = step.part.rate.timeFor(bytes.plus(step.part.gap));
  const port = { rate: step.part.rate, sending: step.part.rate.timeFor(bytes), occupied: occupancy };
  const around = state.egress.map((device) => device(port));
  state.egress = [];
  path.emit(around.flatMap(({ before }) => before));
  assembler.emit(
    { op: OP.send, part: registry.pipe(step.part), amount: registry.amount(occupancy), amount2: registry.amount(propagation), wait: path.slot(`wait for ${label}`, "queue"), work: path.slot("propagate", "propagate") },
    path.note(label, [...step.part.rate.origins, ...propagation.origins]),
  );
  state.profile = { rate: step.part.rate, bytes, sender: path.step, block: step.options.block };
  state.arrivedBy = path.current?.instance ?? null;
  state.stored = false;
  state.alignedTo = null;
  path.emit(around.flatMap(({ after }) => after));
}

/** Latest time, relative to the first bit in, by which starting could still leave a byte missing: max over grains of A(grain end) + work - its turn. */
function noUnderrun(incoming: Profile, rate: Rate, work: Amount, grain: Amount | null): Amount {
  const arrival = (bytes: number): number => incoming.rate.timeFor(bytes).of(0);
  const sent = (bytes: number): number => rate.timeFor(bytes).of(0);
  const origins = [...incoming.rate.origins, ...rate.origins, ...work.origins];
  return new Amount((payload) => {
    const bytes = incoming.bytes.of(payload);
    const fixed = work.of(payload);
    if (grain === null) return Math.max(0, arrival(bytes) - sent(bytes)) + fixed;
    const word = grain.of(payload);
    const words = Math.ceil(bytes / word);
    // The sequence is linear in the word's number except for a short last word, so three words decide.
    const ends = [0, Math.max(0, words - 2), words - 1].map((k) => arrival(Math.min((k + 1) * word, bytes)) + fixed - sent(k * word));
    return Math.max(0, ...ends);
  }, origins);
}
