import { terms, type Term } from "./term.js";

/** Columns and lines of the report of a run. */
const RUN_TERMS = terms("Report of a run", [
  ["variant", "none", "The variant of the scenario: base, or a name under variants.", "As the scenario calls it."],
  ["point", "none", "The sweep point: the value of each axis.", "As written under sweep; a column for each axis where there is room."],
  ["from", "none", "Where a latency starts: a tap and a byte of the frame there.", "sof is the first bit, eof the end of the last, trigger the byte that starts the answer."],
  ["to", "none", "Where a latency ends: a tap and a byte of the frame there.", "As from."],
  ["step", "none", "The step of the path, by instance, component and operation.", "Left empty where it is that of the line above."],
  ["what", "none", "What happened there, in the model's words.", "The label of the segment or instruction."],
  ["kind", "none", "What kind of time it is, or what kind of part.", "One of the segment kinds; of resources the kind of part."],
  ["%", "%", "A part's share of the whole of its column; of a difference, the change relative to before.", "Part divided by total; empty where the total is not above zero, of which a share would mean nothing."],
  ["total", "time", "The sum of all parts.", "Equal to the mean latency of the band, exactly: checked in every run."],
  ["Σ segments", "ps", "The sum of all segments of all messages of a band.", "Whole picoseconds; it must equal the sum of the latencies, or the run ends with a fault."],
  ["by kind", "% or time", "The parts of a band summed by kind of segment.", "Sums of the kind divided by the band's total; as times where the total is not above zero."],
  ["drops", "messages", "Messages that did not come to the end, by reason.", "Over the whole run. They have no latency and are never averaged in.", "dropped"],
  ["sent", "messages", "Messages that the sources sent.", "Over the whole run, warm-up included."],
  ["completed", "messages", "Messages that came to the end of their path.", "Over the whole run, warm-up included; costs per message divide by it."],
  ["expectation", "none", "A claim of the scenario and whether it held.", "Both sides are worked out from the runs it names; found shows what they came to. One that fails ends the run with exit code 1."],
  ["found", "as the claim", "What both sides of an expectation came to.", "From the result of the run."],
  ["estimated share", "%", "How much of the latency without load rests on estimates.", "Times of the zero-load budget whose parameters are tagged as estimates, divided by all; absolute values, so that an overlap counts.", "evidence share", "estimated"],
  ["value of time", "dollars per message", "What the mean latency costs.", "Mean latency times the metric's price of time.", "meanDollars"],
  ["seed", "none", "The number that all draws rest on.", "A draw is a function of seed, component, message and index. The same seed gives the same result, byte for byte."],
  ["inputs", "none", "A hash of everything that went in.", "SHA-256 of the resolved scenario, presets, captures and plug-ins; its first 12 digits in reports."],
  ["fingerprint", "none", "A hash of what every message did.", "64 bits, summed over all tokens, so that the order of execution does not matter."],
  ["simulated time", "time", "How long the run lasted in the simulated world.", "From zero until the last token ended.", "durationPs"],
  ["events", "events", "Events that the calendar executed.", "Steps that need no event are not among them."],
  ["ties", "events", "Events at the time of the one before.", "Ordered by message, so that no result rests on the order of scheduling."],
]);

/** What `compare` shows. */
const COMPARISON_TERMS = terms("Comparison", [
  ["path", "none", "A run of a scenario, a variant of a result, or latencies that were measured.", "Named by scenario, and by variant where there are several."],
  ["× faster", "times", "How many times shorter the median is than that of the first path.", "Median of the first divided by the path's own; none where one is not above zero."],
  ["before", "time", "What the baseline takes.", "Mean, percentile or mean part of the baseline."],
  ["after", "time", "What the other takes.", "As before, of the other."],
  ["difference", "time", "After less before.", "Rounded to whole picoseconds. ~ where the interval reaches across zero."],
  ["interval of the difference", "time", "Between what the true difference lies with a confidence of 95 %, or of the baseline's run.confidence.", "From how the replications of both differ pair by pair (Student's t), or, without, 32 equal stretches of both runs. With one seed both meet the same arrivals, so that what they share falls out."],
  ["~", "none", "A difference that is not to be told from chance.", "Its interval reaches across zero.", "distinct"],
  ["change", "time per message", "What one place adds to or takes from the mean.", "Mean part after less before; the lines add to the difference of the means exactly.", "change ps", "change ns", "change us", "change ms", "change s"],
  ["baseline", "none", "What the others are set against.", "The first path, or the one that --baseline names; of several sweep points that at the same point.", "against"],
  ["difference of p99", "% of the baseline's value", "How narrow the interval of a difference was to be, and became.", "Its larger side as a share of what the baseline takes.", "difference of p50", "difference of mean"],
]);

/** What `explain` shows. */
const EXPLANATION_TERMS = terms("Explanation", [
  ["pc", "none", "The number of an instruction in the program of a path.", "Counted from the beginning of the program."],
  ["does", "none", "The instruction.", "One of the engine's instructions, see the architecture."],
  ["values", "as named", "The operands of the instruction; below it each number that it rests on.", "by says whether the scenario or a default gave it, then the tag of its evidence."],
  ["time", "time", "A line of the zero-load budget.", "The instruction's time with one message in flight; \"mean\" marks what varies."],
  ["at", "time", "When a piece of a message's latency began.", "Since the start of the latency."],
  ["took", "time", "How long the piece lasted.", "In simulated time; the pieces add to the latency exactly."],
  ["waited for", "none", "The message that had last what this one needed.", "Its own number where work on its own behalf had it."],
  ["slack", "time", "How much longer a branch could have taken for free.", "The time between the end of the branch and that of the last one, at a join."],
]);

/** What `models` and `check` show. */
const MODEL_TERMS = terms("Models", [
  ["parameter", "none", "A number or choice that a preset sets.", "Dotted below the component in scenarios."],
  ["value", "as written", "What the preset sets it to.", "As written in the preset."],
  ["evidence", "none", "Why a number is believed.", "standard or published with a citation, estimated with a range, or chosen; with the reason."],
  ["name", "none", "The name by which scenarios use it.", "Family and model, or family and preset."],
  ["serves as", "none", "The role in which other components ask for it.", "cpu, memory, bus, interrupts, link and so on."],
  ["loop", "none", "open: sends by its own clock. closed: waits for answers.", "A property of the traffic model."],
  ["what it is", "none", "A model or preset in a few words.", "Its title.", "what it sends"],
  ["model", "none", "The model whose parameters a preset sets.", "host for a preset of a whole host."],
]);

export const REPORT_TERMS: readonly Term[] = [...RUN_TERMS, ...COMPARISON_TERMS, ...EXPLANATION_TERMS, ...MODEL_TERMS];
