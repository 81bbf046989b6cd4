import { terms } from "./term.js";

const PER = "Debited by the steps of the paths, on and off the path, to the host or device that pays; over the whole run, divided by completed messages.";

/** Accounts of the cost ledger. */
export const COST_TERMS = terms("Costs", [
  ["movements", "per message", "Movements of the payload from one place to another, by whatever means: processor, DMA, wire.", `Each move between wire, nic, kmem, umem, pinned and dev counts one. ${PER}`],
  ["moved-bytes", "bytes per message", "Bytes of these movements.", PER, "movedBytes"],
  ["copies", "per message", "Copies by a processor: movements by load and store. DMA is none.", `Counted where the payload moves, never declared. ${PER}`, "CPU copies"],
  ["copied-bytes", "bytes per message", "Bytes of these copies.", PER, "copiedBytes", "copied B"],
  ["touched-bytes", "bytes per message", "Bytes that a processor looks at without copying them: checksums, inspection, headers.", `Whole cache lines where a cache is asked. ${PER}`, "touchedBytes", "touched B"],
  ["interrupts", "per message", "Interrupts taken.", `One for each closing of a moderation batch, and for each that a path asks for. ${PER}`],
  ["polls", "per message", "Looks at a queue that were asked for as steps and found something to do.", `Empty looks are not counted; they show as time in poll-empty. ${PER}`],
  ["syscalls", "per message", "Entries into the kernel by call.", PER, "system calls"],
  ["switches", "per message", "Switches of context, from one thread to another.", `One for each wake-up from sleep and each hand-over. ${PER}`, "context switches"],
  ["ipis", "per message", "Interrupts from one core to another.", `To steer packets, wake other cores and invalidate translations. ${PER}`],
  ["doorbells", "per message", "Stores into a device that say that work is there.", PER],
  ["mmio-reads", "per message", "Reads of a device register by a processor, which waits for the whole round trip.", PER, "mmioReads", "MMIO reads"],
  ["bus-up-payload", "bytes", "Payload on a bus from the device to the host.", "Each transaction's data; in the result under the bus part of that direction, as payload."],
  ["bus-up-overhead", "bytes", "Headers, framing and check sequences on a bus from the device to the host, completions of reads among them.", "What each transaction takes beside its data; in the result under the bus part, as overhead."],
  ["bus-down-payload", "bytes", "Payload on a bus from the host to the device.", "As bus-up-payload, of the other direction."],
  ["bus-down-overhead", "bytes", "Headers, framing and check sequences on a bus from the host to the device.", "As bus-up-overhead, of the other direction."],
  ["bus B", "bytes per message", "Bytes on the buses of an owner, all directions, headers included.", "The bytes of its bus parts over the whole run, divided by completed messages.", "bus bytes", "bus-bytes", "busBytes"],
  ["memory-bytes", "bytes per message", "Bytes that memory channels read or write.", `What misses or leaves the last-level cache, and what passes it by. ${PER}`, "memoryBytes", "memory bytes"],
  ["memory-bytes-by-cpu", "bytes per message", "Those of them that the cores asked for; -by-nic are those of the component of that name, and so on for each device.", `Together they are the memory bytes. ${PER}`, "memoryBytesByCpu", "memory-bytes-by-nic"],
  ["torn-reads", "per message", "Reads that found some bytes of a message and not yet others.", `Unordered writes are still on their way when the reader looks. ${PER}`, "tornReads"],
  ["torn-sends", "per message", "Sends whose buffer the program changed before it had left.", PER, "tornSends"],
  ["underruns", "per message", "Frames of which the adapter had begun to send before it had enough, and ran dry.", `The bytes came later than the transmitter needed them. ${PER}`],
  ["ecn-marks", "per message", "Frames that a switch marked because its queue was long.", `The queue is above its threshold when the frame comes. ${PER}`, "ecnMarks"],
  ["page-faults", "per message", "Page faults taken.", PER, "pageFaults"],
  ["naks", "per message", "Refusals by a receiver that had no room.", PER],
  ["retries", "per message", "Requests that were sent once more.", PER],
  ["executions", "per message", "Runs of a remote procedure.", `More than one for a call where an answer was lost and nobody keeps a table of calls. ${PER}`],
  ["qkey-violations", "per message", "Datagrams that an adapter dropped because they bore another Q_Key than its queue pair's.", PER],
  ["pauses", "per message", "Pause frames with which a receiver asked its sender to stop.", PER],
  ["duplicates", "per message", "Repeated calls that the server knew by its table and did not execute again.", PER],
  ["CPU time", "time per message", "Processor time of one message over all cores, empty looks and idling left out.", "Shares of time by category, times the simulated time, divided by completed messages.", "cpuTime"],
  ["owner", "none", "The host or device that bears a cost.", "The first name of the part that debits the account."],
]);
