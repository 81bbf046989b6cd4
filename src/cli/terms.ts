import { GLOSSARY, type Term } from "../report/index.js";
import { FUNCTIONS, type CheckFunction } from "../scenario/index.js";

const UNITS: Readonly<Record<string, string>> = { time: "time", share: "share", count: "count", size: "bytes", "data rate": "bits per second", money: "dollars" };
const SUBJECTS: Readonly<Record<CheckFunction["subject"], string>> = {
  metric: "Of a metric, e.g. {name}(t2t/unmoderated).",
  "metric or part": "Of a metric, a host, a device or a part, e.g. {name}(t2t) or {name}(gw).",
  part: "Of a host, a device or a part, e.g. {name}(gw/unmoderated).",
  account: "Of an account or a reason, of one owner or of all.",
};

/** The functions that expectations are written with, as terms. */
const functionTerms = [...FUNCTIONS.values()].map((one): Term => ({
  name: `${one.name}()`, also: [one.name], group: "Functions of expectations", unit: UNITS[one.gives] ?? one.gives,
  meaning: `${one.meaning.charAt(0).toUpperCase()}${one.meaning.slice(1)}.`,
  how: `${(one.needsOf === true ? "Written like {name}(copy of t2t)." : SUBJECTS[one.subject]).replaceAll("{name}", one.name)}${one.account === undefined ? "" : ` The account ${one.account} per completed message.`}`,
}));

/** All that is shown anywhere, with what it means. */
export const TERMS: readonly Term[] = [...GLOSSARY, ...functionTerms];
