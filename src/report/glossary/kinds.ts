import type { SegmentKind } from "../../result/index.js";
import type { Term } from "./term.js";

interface Kind {
  readonly meaning: string;
  readonly how: string;
}

/** What each kind of segment stands for; a kind without a line does not compile. */
const KINDS: Readonly<Record<SegmentKind, Kind>> = {
  serialise: { meaning: "Waiting until bytes have passed a link or a bus, one after the other.", how: "Bytes waited for, times the medium's time per byte. Charged to the step that sends the bytes, once, however many steps need them; a cut-through hop waits for its header only." },
  propagate: { meaning: "Flight: a bit or a transaction on its way through a cable, a fibre, a bus or the processor's fabric.", how: "Length times delay per length, or the latency that the part states; the same for every size." },
  process: { meaning: "Work by hardware or software on this message: pipeline stages, protocol code, the decision of the application.", how: "The time that the parameter states for this size, or whole clock cycles rounded once, or a draw from its distribution." },
  copy: { meaning: "A processor copies the payload by load and store.", how: "A fixed part plus bytes times the time per byte of the processor's copy, by cache or memory. What devices move by themselves is serialise and propagate." },
  queue: { meaning: "Waiting for a server that works for others: a stage, a transmitter, a thread or a core.", how: "From the claim until the server begins with this message, first come first served or by the part's priorities." },
  arbitrate: { meaning: "Waiting for one's turn on a shared medium: a bus, a virtual lane, a FireWire gap.", how: "From being ready until the first unit is granted, and the gaps in which units of others pass." },
  credit: { meaning: "Waiting for a free unit of something limited: bus credits and tags, ring entries, buffers, windows.", how: "From the claim until another message gives back what is needed." },
  batch: { meaning: "Waiting for a batch to close: interrupt moderation, coalescing, a list that is sent together.", how: "From joining until the batch closes by its timer, its size or its least distance to the batch before." },
  poll: { meaning: "Visible, but not yet noticed: a polling loop looks only once in its period.", how: "From the moment of visibility until the loop's next look; its phase follows from when it last came free. Half a period on the average." },
  align: { meaning: "Waiting for the next clock edge.", how: "The edge is the floor of k times the exact period, plus the clock's phase. Half a period on the average. Of a metric by time stamps also the time from the clock's last tick to the start." },
  irq: { meaning: "Delivery of an interrupt and the handler that it starts.", how: "The times that the host states for delivery and for the handler." },
  wake: { meaning: "A sleeping thread or core is brought back: exit from the idle state, wake-up, switch of context.", how: "The exit time of the idle state that the core was really in, then the wake-up work of the operating system." },
  sched: { meaning: "Scheduling: deferred work until it begins, the run queue of a shared core, hand-over to a kernel thread.", how: "The times that the operating system states, and the wait until the scheduler gives the core." },
  preempt: { meaning: "Begun, but interrupted: something with precedence took the core or the server meanwhile.", how: "From the beginning to the end of the work, less the work itself." },
  contend: { meaning: "Slowed by others that share the same bandwidth or processor at the same time.", how: "The time that the work took, less the time that it takes alone." },
  order: { meaning: "Ready, but held back because something ahead must become visible or be delivered first.", how: "From being ready until what set out ahead has arrived; also the spread with which unordered writes land." },
  "rate-match": { meaning: "A sender on a fast medium starts later, so that bytes from a slower one never run out inside a frame.", how: "The latest of the start times that the bytes of the frame allow, less the time at which the sender was ready." },
  join: { meaning: "Waiting for the rest of what is done together: parallel branches, a list behind one doorbell, the earliest permitted start.", how: "From being ready until the last of the others is." },
  retry: { meaning: "Time that a failed attempt costs: time-outs, refusals, replays.", how: "From the failed attempt until the next one begins, by the timers of who repeats." },
  overlap: { meaning: "Time gained: the answer was begun before the point at which the latency starts, e.g. on a byte before the end of the frame. Never above zero.", how: "The time of the trigger, or of the speculative start, less that from which the latency or the step counts. Of a metric by time stamps also the time from the clock's last tick to the end, which it does not see. The only kind that may be negative." },
};

export const KIND_TERMS: readonly Term[] = Object.entries(KINDS).map(([name, { meaning, how }]) => ({ name, also: [], group: "Segment kinds", unit: "ps", meaning, how }));
