import { type Amount, amountOf, type Carrier, checkLate, choose, claim, count, delay, gather, leaveCore, move, oncePerMessage, type PartOf, release, repeat, spawn, type Step, use, ZERO } from "../../modeling/index.js";
import { inTurn, isRemote, type Nic, ONE, poolOf, PREAMBLE, ringOf } from "./nic-params.js";

const DOORBELL_BYTES = amountOf(8);
const LINE = amountOf(64);
/** The last bytes of a frame, which must have come when the transmitter is about to send them. */
const LAST_WORD = 64;

/** From host memory or from the core's stores to the wire. */
export function send(nic: Nic): readonly Step[] {
  const { params, parts, needs, message } = nic;
  const ring = poolOf(parts, "sendRing");
  if (message.pieces?.byAdapter === true) return cut(nic);
  return [
    leaveCore(),
    claim(ring, ONE, "transmit ring"),
    ...inTurn(nic, "sending", ways(nic)),
    ...out(nic),
    release(ring, ONE, params.rate.timeFor(message.wire)),
    spawn(use(needs.bus, "write", { bytes: params.completion, label: "transmit completion" })),
  ];
}

/** A frame that is in the device, or begins to be, goes to the wire. */
function out({ params, message }: Nic): readonly Step[] {
  return [
    // A store into the device is a transfer over the bus like a DMA: device memory is not a region that a copy could end in.
    move(message.location ?? "umem", "wire", "dma", message.stored),
    delay(params["tx.pipeline"], "transmit pipeline"),
    delay(params["tx.phy"], "MAC and PHY, transmit"),
  ];
}

/** The device is told, once, of a large send that it will cut into frames by itself. */
export function offload(nic: Nic): readonly Step[] {
  const { params, parts, needs, message } = nic;
  const ring = poolOf(parts, "sendRing");
  const told = spawn(use(needs.bus, "write", { bytes: params.completion, label: "transmit completion" }));
  return [leaveCore(), claim(ring, ONE, "transmit ring"), ...announced(nic), release(ring, ONE, params.rate.timeFor(message.wire)), told];
}

/** A frame of what the kernel has handed over in one piece (TSO): all that come at one instant share a doorbell and a descriptor read. */
function cut(nic: Nic): readonly Step[] {
  const { params, parts, needs, message } = nic;
  const ring = poolOf(parts, "sendRing");
  const together: Carrier = { before: told(nic, params.descriptor), weight: Infinity, budget: Infinity, budgetTime: amountOf(Infinity), handOver: ZERO, after: [] };
  const done = spawn(use(needs.bus, "write", { bytes: params.completion, label: "transmit completion" }));
  return [
    leaveCore(),
    claim(ring, ONE, "transmit ring"),
    gather(parts["bursts"] as PartOf<"batch">, "frames of one send", together),
    ...inTurn(nic, "sending", fetchedPart(nic)),
    ...out(nic),
    release(ring, ONE, params.rate.timeFor(message.wire)),
    ...oncePerMessage(message, [done]),
  ];
}

/** One frame of such a send: its part of the payload is fetched, a few at a time, and has headers of its own. */
export function segment(nic: Nic): readonly Step[] {
  return [leaveCore(), ...fetchedPart(nic), ...out(nic)];
}

function fetchedPart(nic: Nic): readonly Step[] {
  const engines = poolOf(nic.parts, "segments");
  return [claim(engines, ONE, "segment engine"), ...read(nic, nic.message.payload, "payload read"), release(engines, ONE)];
}

function ways(nic: Nic): readonly Step[] {
  const { params, message } = nic;
  if (params["tx.mode"] === "dma") return fetched(nic);
  if (params["tx.mode"] === "streamed") return early(nic, streamed(nic), stored(nic));
  const limit = params["tx.inline-limit"].of(0);
  return [choose({ kind: "size", test: (payload) => message.stored.of(payload) <= limit }, stored(nic), fetched(nic))];
}

/** One way for frames that may leave before they are complete, another for the others. */
function early({ params, message }: Nic, begun: readonly Step[], whole: readonly Step[]): readonly Step[] {
  if (params["tx.start"] === "store-forward" || params["tx.checksum"] === "header") return whole;
  const lead = params["tx.lead"].of(0);
  return [choose({ kind: "size", test: (payload) => message.stored.of(payload) > lead }, begun, whole)];
}

/** The core stores the whole frame into the device. */
function stored({ needs, message }: Nic): readonly Step[] {
  return [use(needs.bus, "store", { bytes: message.stored, label: "frame store" })];
}

/** The frame leaves after the core's first lines; the others follow at the core's pace, or the transmitter runs dry. */
function streamed(nic: Nic): readonly Step[] {
  const { params, needs } = nic;
  // Their flight has begun with the first lines'.
  const line = [delay(params["tx.pace"], "pace of the core's stores"), use(needs.bus, "store", { bytes: LINE, label: "rest of the frame", within: ZERO })];
  return [use(needs.bus, "store", { bytes: params["tx.lead"], label: "frame store" }), spawn(repeat(rest(nic).dividedUp(LINE), line), checkLate(due(nic), "underruns"))];
}

/** Doorbell, then two reads that depend on each other. */
function fetched(nic: Nic): readonly Step[] {
  return [...announced(nic), ...early(nic, begunEarly(nic), read(nic, nic.message.stored, "payload read"))];
}

/** The device learns of a frame, or of several at once, for which the first of them wait. */
function announced(nic: Nic): readonly Step[] {
  const { params, parts } = nic;
  const frames = params["tx.batch"].of(0);
  const before = told(nic, params.descriptor.times(frames));
  if (frames === 1) return before;
  const carrier: Carrier = { before, weight: frames, budget: Infinity, budgetTime: amountOf(Infinity), handOver: ZERO, after: [] };
  return [gather(parts["doorbells"] as PartOf<"batch">, "frames for one doorbell", carrier)];
}

/** Doorbell, and the descriptors that the device then reads. */
function told({ params, parts, needs }: Nic, bytes: Amount): readonly Step[] {
  return [
    use(needs.bus, "store", { bytes: DOORBELL_BYTES, label: "doorbell", within: params["tx.doorbell"] }),
    count("doorbells"),
    use(needs.bus, "read", { bytes, label: "descriptor read", until: "first" }),
    use(needs.memory, "dma-read", { bytes, remote: isRemote(params), ring: ringOf(parts, "sendDescriptors"), buffer: params.descriptor }),
  ];
}

function read({ params, parts, needs }: Nic, size: Amount, label: string): readonly Step[] {
  const access = { bytes: size, remote: isRemote(params), ring: ringOf(parts, "sendBuffers"), buffer: params["rx.buffer"] };
  return [use(needs.bus, "read", { bytes: size, label, until: "last" }), use(needs.memory, "dma-read", access)];
}

/** Leaves after the first bytes; the others must come while the wire takes those, or the transmitter runs dry. */
function begunEarly(nic: Nic): readonly Step[] {
  const { params, needs } = nic;
  const others = use(needs.bus, "read", { bytes: rest(nic), label: "rest of the payload", requested: true });
  return [...read(nic, params["tx.lead"], "payload read"), spawn(others, checkLate(due(nic), "underruns"))];
}

/** Bytes that come behind those with which a frame may begin. */
function rest({ params, message }: Nic): Amount {
  return message.stored.minus(params["tx.lead"]).atLeast(1);
}

/** When the last of them must be there, from when the frame was begun. */
function due({ params, message }: Nic): Amount {
  return params["tx.pipeline"].plus(params["tx.phy"]).plus(params.rate.timeFor(message.stored.plus(PREAMBLE - LAST_WORD).atLeast(0)));
}
