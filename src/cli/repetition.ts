import { WirelatError } from "../errors/index.js";
import { PERCENTILES, type PrecisionGoal, type RepetitionOptions } from "../experiment/index.js";
import { percentileName } from "../result/index.js";
import { parsePercent, toNumber } from "../units/index.js";
import { many, whole, type Values } from "./options.js";

const MOST_REPLICATIONS = 10_000;
const MOST_MESSAGES = 1_000_000_000_000;
const FORM = /^\s*(?:([^\s:=,]+):)?(?:(mean)|p(\d+(?:\.\d+)?))\s*=\s*(\S.*?)\s*$/u;

/** How often each run is repeated, from --replications, --precision and --max-messages. Throws `option-value`. */
export function repetitionOf(values: Values): RepetitionOptions {
  const replications = whole(values, "replications", 1, MOST_REPLICATIONS) ?? undefined;
  const mostMessages = whole(values, "max-messages", 1, MOST_MESSAGES) ?? undefined;
  const precision = many(values, "precision").flatMap((text) => text.split(",")).map(goalOf);
  if (new Set(precision.map(({ metric, of }) => `${metric ?? ""}:${of}`)).size < precision.length) throw new WirelatError("option-value", "--precision asks twice for the same statistic", { remedy: "Ask for each once." });
  if (mostMessages !== undefined && precision.length === 0) {
    throw new WirelatError("option-value", "--max-messages bounds what --precision may take, which is not given", { remedy: "Add --precision, as in --precision p99=2%, or use --messages." });
  }
  return { replications, mostMessages, precision };
}

/** The same for a comparison, whose precision is that of differences. Throws `option-value`. */
export function differenceRepetitionOf(values: Values): RepetitionOptions {
  const repetition = repetitionOf(values);
  for (const { metric, of } of repetition.precision ?? []) {
    if (metric !== undefined) throw new WirelatError("option-value", `--precision names the metric ${metric}, but paths are compared by one metric alone`, { remedy: `Write it without, and add --metric ${metric}.` });
    if (of !== "mean" && of !== 0.5 && of !== 0.99) throw new WirelatError("option-value", `--precision asks for ${percentileName(of)}, but differences are told of mean, p50 and p99`, { remedy: "Ask for one of these." });
  }
  return repetition;
}

/** Reads "p99=2%", "mean=1%" or, of one metric, "t2t:p99=2%". */
function goalOf(text: string): PrecisionGoal {
  const [, metric, mean, percentile, amount] = FORM.exec(text) ?? [];
  const q = PERCENTILES.find((one) => Number((one * 100).toFixed(6)) === Number(percentile));
  if (amount === undefined || (mean === undefined && q === undefined)) throw refused(text);
  return { metric, of: q ?? "mean", share: shareOf(text, amount) };
}

function shareOf(text: string, amount: string): number {
  try {
    const share = toNumber(parsePercent(amount));
    if (share > 0 && share < 1) return share;
  } catch (cause) {
    throw refused(text, cause);
  }
  throw refused(text);
}

function refused(text: string, cause?: unknown): WirelatError {
  const names = PERCENTILES.map(percentileName).join(", ");
  return new WirelatError("option-value", `--precision ${text}: expected mean, ${names}, then = and a share between 0 % and 100 %`, {
    remedy: "Write it like --precision p99=2%, --precision mean=1%,p99=5%, or of one metric --precision t2t:p99=2%.", ...(cause === undefined ? {} : { cause }),
  });
}
