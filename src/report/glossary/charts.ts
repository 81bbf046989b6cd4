import { terms, type Term } from "./term.js";

const CHART_TERMS = terms("Charts", [
  ["cdf", "messages, latency", "How many messages arrive within a given latency.", "The share of measured messages not above each latency; stairs where there are few values."],
  ["ccdf", "messages, latency", "How many messages take longer.", "One less the cdf, logarithmic, so that every decade of the tail has the same room; the largest sample stands at half a message."],
  ["percentiles", "latency, percentile", "Latency by percentile, the axis stretched towards the tail.", "At 1 / (1 − q), logarithmic; dotted where fewer than 10 samples lie beyond."],
  ["histogram", "messages, latency", "How latencies are spread.", "48 bins of equal width on the axis, which is logarithmic where the latencies span a lot."],
  ["waterfall", "mean latency", "Where the median latency goes, a bar for each path.", "Mean parts of the messages around the median, in the order of the path; they add to the band's mean exactly. Overlap lies left of zero."],
  ["steps", "mean latency", "One path step by step, as a staircase.", "Each part of the band around the median begins where the one before ended; of more than 30 the shortest are summed up where they stand."],
  ["difference", "mean latency", "From the mean of the baseline to that of another path.", "Each step adds or takes what changes in one place; of many changes the smallest are one step. The ends are the two means."],
  ["change", "time more than the baseline, swept value", "The difference to the baseline against a number that was swept.", "Differences of p50 and p99 at each sweep point, with their intervals; zero is the baseline."],
  ["timeline", "time since the start", "What happened to one message.", "A bar for each piece of its latency, from when to when, with the message that it waited for."],
  ["copies", "movements and bytes per message", "How often and how many bytes of a message are moved, and how much of that the processor does.", "Accounts movements, copies, movedBytes and copiedBytes over all owners."],
  ["utilisation", "% of the time", "How busy every part was, the busiest first; of processors, with what.", "busy and categories of the resources; pools and batches are left out, and parts that did nothing."],
  ["load", "latency, swept value", "Latency against a number that was swept, e.g. load.", "p50 and p99 of each run at its sweep point, joined by lines."],
  ["heat-map", "latency", "The median over a sweep of two axes.", "A field for each point, darker where the median is longer, by its logarithm."],
]);

const AXIS_TERMS = terms("Axes of charts", [
  ["latency", "time", "The latency of a message.", "Logarithmic where the largest is at least 8 times the smallest and all are above zero, else linear with its unit beside it."],
  ["messages at most that late", "% of the messages", "The share of messages with at most this latency.", "Of all measured messages."],
  ["messages later than that", "% of the messages", "The share of messages with more than this latency.", "Of all measured messages; logarithmic."],
  ["messages in each bin", "% of the messages", "The share of messages whose latency lies in the bin.", "Of all measured messages."],
  ["percentile", "%", "The share of messages that take no longer.", "At 1 / (1 − q), logarithmic."],
  ["mean time of the messages around the median", "time", "Mean parts of the band around p50.", "Sums over the band divided by its messages."],
  ["mean time since the start", "time", "Mean time since the start of the latency, of the band around p50.", "The parts before it, summed."],
  ["time since the start", "time", "Time since the start of the latency of this message.", "Simulated time."],
  ["time more than the baseline", "time", "How much longer a path takes than the baseline.", "After less before; below zero it is faster."],
  ["mean latency", "time", "Mean of all measured messages.", "Exact sum divided by their number."],
  ["movements per message", "per message", "Movements of the payload.", "Account movements, and of these copies, per completed message."],
  ["bytes per message", "bytes per message", "Bytes of these movements.", "Accounts movedBytes and copiedBytes, per completed message."],
  ["share of the time", "%", "Share of the simulated time.", "Warm-up included."],
  ["swept value", "as swept", "The value of the sweep's axis.", "As written in the scenario; logarithmic where it spans a lot.", "sweep axis"],
]);

export const CHART_AND_AXIS_TERMS: readonly Term[] = [...CHART_TERMS, ...AXIS_TERMS];
