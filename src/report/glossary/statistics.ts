import { terms } from "./term.js";

const RANK = "The smallest measured latency that at least this share of the messages does not exceed (an order statistic, nothing is interpolated). Empty where fewer than 10 samples lie beyond it.";

/** Statistics of a latency. */
export const STATISTIC_TERMS = terms("Latency statistics", [
  ["n", "messages", "Messages that the line rests on.", "Messages that came to the end after the warm-up and passed both taps of the metric.", "count", "measured"],
  ["min", "time", "The smallest latency.", "The least of all measured messages, to the picosecond; below zero where the answer begins before the latency does.", "minPs", "min_ps"],
  ["mean", "time", "The mean latency.", "The exact sum of all latencies divided by their number.", "meanPs", "mean_ps"],
  ["sd", "time", "The standard deviation of the latencies.", "The root of the mean squared distance from the mean. It says how far messages spread, not how sure the mean is.", "sdPs", "sd_ps"],
  ["p50", "time", "The median: half of the messages take no longer.", RANK, "median", "p50_ps", "p50 ps", "p50 ns", "p50 us", "p50 ms", "p50 s"],
  ["p90", "time", "Nine of ten messages take no longer.", RANK, "p90_ps"],
  ["p99", "time", "99 of 100 messages take no longer.", RANK, "p99_ps"],
  ["p99.9", "time", "999 of 1000 messages take no longer.", RANK, "p99.9_ps", "p999"],
  ["p99.99", "time", "9999 of 10,000 messages take no longer.", RANK, "p99.99_ps", "p9999"],
  ["max", "time", "The largest latency.", "The largest of all measured messages. One sample: another seed gives another.", "maxPs", "max_ps"],
  ["±", "time", "How sure a percentile is.", "The larger side of its confidence interval, of 95 % unless run.confidence says otherwise, from the ranks of order statistics (binomial), rounded up.", "interval", "low_ps", "high_ps"],
  ["floor", "time", "The latency with one message in flight.", "A walk over the program with nobody to wait for: mean draws, polls and clock edges half a period away, moderation timers run to their end. Not a lower bound: who finds a core awake is faster.", "floorPs", "floor_ps", "zero-load latency"],
  ["metric", "none", "The name of a latency: from a byte at one tap to a byte at another.", "Stated by the scenario under metrics; t2t: { from: gw.in@eof, to: gw.out@sof }. With stamps: gw.nic it is what the time stamps of that adapter say, in ticks of its stamp.resolution.", "latency"],
  ["band", "none", "The messages whose mean parts are shown: all, or those around a percentile.", "p50 is the messages between p49.5 and p50.5, p99 those between p98.5 and p99.5, of the sample of whole messages; the parts of a band add to its total exactly.", "breakdown"],
  ["warm-up", "messages", "Messages at the beginning that the latencies leave out.", "Stated by the scenario as run.warmup. MSER-5 judges afterwards whether it was long enough, and a warning says if not. Costs and resources count it."],
  ["closed loop", "none", "The source waits for answers before it sends again.", "A property of the traffic model. Percentiles then hide the stalls that the source waited out (coordinated omission).", "closedLoop"],
  ["stretch", "messages", "One of 32 equal parts of the run, by which differences between runs are judged.", "Measured messages in the order of completion, cut in 32; no stretches below 320 messages.", "sections"],
  ["replication", "runs", "One of several independent runs with other random numbers that are told as one.", "Its seed is derived from that of the first; intervals follow from how replications scatter.", "replications"],
]);
