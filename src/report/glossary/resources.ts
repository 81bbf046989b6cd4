import { terms } from "./term.js";

const SHARE = "Time so spent, divided by the simulated time of the whole run, warm-up included. The shares of a core add to 100 %.";

/** Columns of the table of resources, and the kinds of part it lists. */
export const RESOURCE_TERMS = terms("Resources", [
  ["part", "none", "A part of a host, device or link that does work or can be full.", "Dotted name: owner, component, part."],
  ["busy %", "% of the time", "How much of the time the part was busy.", "Time in service divided by the simulated time; of several servers the mean. A core that polls is always busy.", "busy", "core busy %", "util"],
  ["poll %", "% of the time", "The time that the most polling core spent looking in vain.", "The largest share of poll-empty of all cores."],
  ["peak", "units", "The most that was in use at one time, of pools, or waited together, of batches; 0 for all others.", "The largest number over the whole run: a ring that never came near its size could be smaller."],
  ["of the time; bytes per message", "% and bytes", "Of a core, what it did, by category; of a link or bus, the bytes that crossed for each message.", "Shares of the simulated time; bytes over the whole run divided by completed messages."],
  ["core", "none", "A kind of part: a thread with its core, which works, sleeps or polls.", "Each thread that hosts name under cores."],
  ["link", "none", "A kind of part: the transmitter of a link, one for each direction.", "Busy while a frame and the gap behind it are sent."],
  ["bus", "none", "A kind of part: one direction of a shared medium, or the medium.", "Busy while units of transfers are on it."],
  ["stage", "none", "A kind of part: something that serves messages one after the other, or several at a time.", "Busy while it serves; of several servers the mean."],
  ["pool", "none", "A kind of part: units that are claimed and given back, such as ring entries, credits and tags.", "Shown by its peak."],
  ["batch", "none", "A kind of part: messages that go on together, such as those of one interrupt.", "Shown by its peak: the most that waited at one time."],
  ["payload", "bytes", "Bytes of links and buses that are the message's own.", "Whole run; in reports divided by completed messages."],
  ["overhead", "bytes", "Bytes on a bus that are not payload: headers, framing, requests.", "Whole run; in reports divided by completed messages."],
]);

/** What the time of processors goes to. */
export const PROCESSOR_TERMS = terms("Processor time", [
  ["user", "% of the time", "The application's own work.", SHARE],
  ["sys", "% of the time", "The kernel's work on behalf of the thread: calls, protocol code on the way out.", SHARE],
  ["hardirq", "% of the time", "Interrupt handlers.", SHARE],
  ["softirq", "% of the time", "Deferred work of the kernel: driver loop, protocol code on the way in.", SHARE],
  ["copy", "% of the time", "Copies of payload by load and store.", SHARE],
  ["wake", "% of the time", "Wake-ups: exit from idle states, scheduling, switches.", SHARE],
  ["stall", "% of the time", "The core is held, but waits for something else: a register read, a device, a place in a ring.", "Time that the core was held, less the work named above."],
  ["poll-empty", "% of the time", "Looks that found nothing.", "What is left of the time of a polling core, or the window in which a waiting thread spins."],
  ["idle", "% of the time", "Nothing to do, the core may sleep.", "What is left of the time of a core that does not poll."],
]);
