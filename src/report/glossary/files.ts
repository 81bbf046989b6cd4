import { terms } from "./term.js";

/** Columns of what `run` writes for other tools. */
export const FILE_TERMS = terms("Files for other tools", [
  ["replication", "none", "Which of the independent runs that --replications or --precision merge the message belongs to.", "Counted from 1, in the order of the seeds in result.json. In --csv and --parquet; captures and traces are a file for each."],
  ["message", "none", "The number of the message of its source.", "Counted from 0, warm-up included. In --csv and --parquet."],
  ["payload_B", "bytes", "The payload of the message.", "In --csv and --parquet.", "payload bytes"],
  ["TAP_ps", "ps", "When the message passed a tap.", "Simulated time; a column for each tap of the path, under its name; empty for a message that did not come by. In --csv and --parquet.", "tap_ps"],
  ["METRIC_ps", "ps", "A latency of the message.", "A column for each metric, under its name. In --csv and --parquet.", "metric_ps"],
  ["STEP/LABEL/KIND_ps", "ps", "The time of the message in one place for one reason.", "A column for each segment of the path; those inside a metric's window add to it. In --csv and --parquet.", "segment_ps"],
  ["Value", "ns", "A latency, in a .hgrm file.", "A point of the empirical distribution."],
  ["Percentile", "share", "The share of messages not above the value, in a .hgrm file.", "From 0 to 1."],
  ["TotalCount", "messages", "Messages not above the value, in a .hgrm file.", "The share times the number of messages."],
  ["1/(1-Percentile)", "none", "One in so many messages takes longer, in a .hgrm file.", "What HdrHistogram's plotter puts on its axis."],
  ["slice", "us", "A stay of a message in a component, with its segments nested inside, in a trace.", "A process for each host, device and link, a track for each component. Overlaps are left out.", "trace"],
  ["frame", "none", "A frame that passed a tap on a wire, in a .pcapng file.", "Ethernet, IP and UDP, or RoCEv2 with its invariant CRC where an RDMA adapter sends or takes it; the payload begins with the number of the message. Stamped with the time of its first bit in whole nanoseconds, because Wireshark long misread finer ones; tables have picoseconds. At most 1,000,000 a file: more are left out, and that is said."],
]);
