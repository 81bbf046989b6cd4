import { WirelatError } from "../errors/index.js";
import { fromDecimal, toNumber } from "../units/index.js";
import { FUNCTIONS, type CheckFunction } from "./expectation-functions.js";
import { KINDS, kindName, literalOf, productKind, sumKind, withArticle, type Kind } from "./expectation-kinds.js";
import { nearest } from "./nearest.js";

/** What a function is asked of: `[kind "of"] [scenario ":"] name ["/" variant]`. */
export interface Reference {
  readonly of: string | null;
  readonly scenario: string | null;
  readonly name: string;
  readonly variant: string;
  /** Where the name begins in the text of the check. */
  readonly offset: number;
}

interface Typed {
  readonly kind: Kind;
}

export type Expression =
  | (Typed & { readonly node: "literal"; readonly value: number })
  | (Typed & { readonly node: "call"; readonly text: string; readonly name: string; readonly ref: Reference })
  | (Typed & { readonly node: "binary"; readonly operator: "+" | "-" | "*" | "/"; readonly left: Expression; readonly right: Expression });

export type Comparison = "<" | "<=" | "==" | ">=" | ">";

/** `a < b < c` or `a in low .. high`. */
export type Check =
  | { readonly form: "chain"; readonly operands: readonly Expression[]; readonly operators: readonly Comparison[] }
  | { readonly form: "range"; readonly value: Expression; readonly low: Expression; readonly high: Expression };

const LONGEST = 1000;
const DEEPEST = 32;
const NUMERAL = /^[+-]?\d+(?:_\d+)*(?:\.\d+(?:_\d+)*)?(?:[eE][+-]?\d+)?/u;
const UNIT = /^ ?([A-Za-zµμ%]+(?: ?\/ ?[A-Za-zµμ]+)?|\/ ?[A-Za-zµμ]+)/u;
const REFERENCE = /^(?:(?<of>[^():]+?) +of +)?(?:(?<scenario>[A-Za-z0-9][A-Za-z0-9_-]*): ?)?(?<name>[A-Za-z0-9][A-Za-z0-9._-]*)(?:\/(?<variant>[A-Za-z0-9][A-Za-z0-9_-]*))?$/u;

/** Fault of a check, at an offset of its text. */
export class CheckFault {
  constructor(readonly code: "expectation-syntax" | "expectation-types", readonly offset: number, readonly message: string, readonly remedy: string) {}
}

/** What a function of a reference is: depends on the metric, so the caller knows. */
export type KindOf = (fn: CheckFunction, ref: Reference) => Kind;

/** Parses a check and gives every part its kind. Answers a `CheckFault` instead of throwing, because faults carry offsets. */
export function parseCheck(text: string, kindOf: KindOf): Check | CheckFault {
  try {
    return new CheckParser(text, kindOf).check();
  } catch (error) {
    if (error instanceof Refusal) return error.fault;
    throw error;
  }
}

class Refusal extends Error {
  constructor(readonly fault: CheckFault) {
    super(fault.message);
  }
}

class CheckParser {
  #at = 0;
  #depth = 0;

  constructor(private readonly text: string, private readonly kindOf: KindOf) {
    if (text.length > LONGEST) this.#refuse("expectation-syntax", 0, `a check has at most ${LONGEST} characters, this one has ${text.length}`, "Write several checks.");
  }

  check(): Check {
    const first = this.#expression();
    const check = this.#word("in") ? this.#range(first) : this.#chain(first);
    this.#space();
    if (this.#at < this.text.length) this.#syntax("the end, an operator or a comparison");
    return check;
  }

  #range(value: Expression): Check {
    const low = this.#expression();
    if (!this.#sign("..")) this.#syntax('".." between the two ends of the range');
    const high = this.#expression();
    for (const end of [low, high]) this.#comparable(value, end);
    return { form: "range", value, low, high };
  }

  #chain(first: Expression): Check {
    const operands = [first];
    const operators: Comparison[] = [];
    for (let operator = this.#comparison(); operator !== null; operator = this.#comparison()) {
      operators.push(operator);
      const next = this.#expression();
      this.#comparable(operands.at(-1) ?? first, next);
      operands.push(next);
    }
    if (operators.length === 0) this.#syntax("a comparison (<, <=, ==, >=, >) or \"in\"");
    return { form: "chain", operands, operators };
  }

  #comparison(): Comparison | null {
    return (["<=", ">=", "==", "<", ">"] as const).find((one) => this.#sign(one)) ?? null;
  }

  #expression(): Expression {
    let left = this.#term();
    for (;;) {
      const at = this.#at;
      const operator = (["+", "-"] as const).find((one) => this.#sign(one));
      if (operator === undefined) return left;
      const right = this.#term();
      const kind = sumKind(left.kind, right.kind);
      if (kind === null) return this.#refuse("expectation-types", at, `${withArticle(left.kind)} and ${withArticle(right.kind)} cannot be ${operator === "+" ? "added" : "subtracted"}`, mismatchRemedy(left.kind, right.kind));
      left = { node: "binary", operator, left, right, kind };
    }
  }

  #term(): Expression {
    let left = this.#factor();
    for (;;) {
      const operator = (["*", "/"] as const).find((one) => this.#sign(one));
      if (operator === undefined) return left;
      const right = this.#factor();
      left = { node: "binary", operator, left, right, kind: productKind(left.kind, right.kind, operator) };
    }
  }

  #factor(): Expression {
    this.#space();
    const rest = this.text.slice(this.#at);
    if (NUMERAL.test(rest)) return this.#literal(rest);
    if (rest.startsWith("(")) return this.#inBrackets();
    const name = /^[A-Za-z][A-Za-z0-9.-]*/u.exec(rest)?.[0];
    if (name === undefined) return this.#syntax("a number, a function or \"(\"");
    return this.#call(name);
  }

  #inBrackets(): Expression {
    if (++this.#depth > DEEPEST) this.#refuse("expectation-syntax", this.#at, `brackets lie more than ${DEEPEST} deep inside each other`, "Write several checks.");
    this.#at += 1;
    const inner = this.#expression();
    if (!this.#sign(")")) this.#syntax('")"');
    this.#depth -= 1;
    return inner;
  }

  #literal(rest: string): Expression {
    const at = this.#at;
    const numeral = NUMERAL.exec(rest)?.[0] ?? "";
    const after = rest.slice(numeral.length);
    const negative = numeral.startsWith("-");
    const size = numeral.replace(/^[+-]/u, "");
    for (const unit of unitsAt(after)) {
      const literal = this.#quantity(at, size, unit);
      if (literal === null) continue;
      this.#at += numeral.length + unit.length;
      return { node: "literal", value: negative ? -literal.value : literal.value, kind: literal.kind };
    }
    this.#at += numeral.length;
    if (/^ ?[A-Za-zµμ%]/u.test(after) && !/^ +in\b/u.test(after)) return this.#refuse("expectation-syntax", this.#at, `${JSON.stringify((/^ ?([^ ]*)/u.exec(after)?.[1] ?? after).slice(0, 20))} is not a unit that a check knows`, "Use a unit of time, size, rate, share or money, such as us, KiB, MB/s, % or USD.");
    return { node: "literal", value: toNumber(fromDecimal(numeral)), kind: KINDS.number };
  }

  #quantity(at: number, numeral: string, unit: string): ReturnType<typeof literalOf> {
    try {
      return literalOf(numeral, unit.trim());
    } catch (error) {
      if (!(error instanceof WirelatError)) throw error;
      return this.#refuse("expectation-syntax", at, error.message, error.remedy ?? "Correct the quantity.");
    }
  }

  #call(name: string): Expression {
    const at = this.#at;
    const fn = FUNCTIONS.get(name);
    const open = this.text.indexOf("(", at);
    const between = open < 0 ? "x" : this.text.slice(at + name.length, open);
    if (fn === undefined || between.trim() !== "") {
      const near = nearest(name, FUNCTIONS.keys());
      return this.#refuse("expectation-syntax", at, fn === undefined ? `there is no function "${name}"` : `the function ${name} needs what it is asked of, in brackets`, near !== null && fn === undefined ? `Did you mean "${near}"?` : `Functions are ${[...FUNCTIONS.keys()].join(", ")}; they are written like p50(t2t/unmoderated).`);
    }
    const close = this.text.indexOf(")", open);
    if (close < 0) return this.#refuse("expectation-syntax", open, "a bracket is not closed", "Add \")\".");
    const ref = this.#reference(open + 1, close);
    if ((ref.of === null) === (fn.needsOf === true)) {
      const why = ref.of === null ? `${name} is of a kind of time within a metric` : `${name} takes no "of"`;
      return this.#refuse("expectation-syntax", open + 1, why, ref.of === null ? `Write it like ${name}(copy of t2t).` : `Write it like ${name}(${ref.name}).`);
    }
    this.#at = close + 1;
    return { node: "call", text: this.text.slice(at, close + 1), name, ref, kind: this.kindOf(fn, ref) };
  }

  #reference(from: number, to: number): Reference {
    const inner = this.text.slice(from, to);
    const lead = inner.length - inner.trimStart().length;
    const parts = REFERENCE.exec(inner.trim())?.groups;
    const name = parts?.["name"];
    if (parts === undefined || name === undefined) return this.#refuse("expectation-syntax", from + lead, `"${inner.trim()}" is not a name, with the scenario before a colon or the variant behind a slash`, "Write it like t2t, t2t/unmoderated or kernel-udp-t2t:t2t/base.");
    return { of: parts["of"] ?? null, scenario: parts["scenario"] ?? null, name, variant: parts["variant"] ?? "base", offset: from + inner.indexOf(name, (parts["of"] ?? "").length) };
  }

  #comparable(left: Expression, right: Expression): void {
    if (sumKind(left.kind, right.kind) !== null) return;
    this.#refuse("expectation-types", 0, `${withArticle(left.kind)} is compared with ${withArticle(right.kind)}`, mismatchRemedy(left.kind, right.kind));
  }

  #space(): void {
    while (this.text[this.#at] === " " || this.text[this.#at] === "\n") this.#at += 1;
  }

  #sign(sign: string): boolean {
    this.#space();
    if (!this.text.startsWith(sign, this.#at)) return false;
    this.#at += sign.length;
    return true;
  }

  #word(word: string): boolean {
    this.#space();
    return /\s|\d|\(/u.test(this.text[this.#at + word.length] ?? " ") && this.#sign(word);
  }

  #syntax(expected: string): never {
    this.#space();
    const here = this.text.slice(this.#at, this.#at + 20);
    return this.#refuse("expectation-syntax", this.#at, `${here === "" ? "the end" : JSON.stringify(here)} stands where ${expected} was expected`, "Write it like p50(t2t) in 7 us .. 9 us.");
  }

  #refuse(code: CheckFault["code"], offset: number, message: string, remedy: string): never {
    throw new Refusal(new CheckFault(code, offset, message, remedy));
  }
}

/** The texts after a number that may be its unit, longest first: in "1 MB/s" that is " MB/s" and then " MB". */
function unitsAt(after: string): readonly string[] {
  const longest = UNIT.exec(after)?.[0];
  if (longest === undefined) return [];
  const slash = longest.indexOf("/");
  const short = slash > 0 ? longest.slice(0, slash).trimEnd() : "";
  // A word with a bracket behind it is a function.
  return [longest, short].filter((unit) => unit.trim() !== "" && !/^ *\(/u.test(after.slice(unit.length)));
}

function mismatchRemedy(left: Kind, right: Kind): string {
  const names = [kindName(left), kindName(right)];
  if (names.includes("share") && (names.includes("plain number") || names.includes("count"))) return "Write a share with %, such as 2%.";
  if (names.includes("time") && names.includes("plain number")) return "Give the number a unit, such as 7 us.";
  return "Compare like with like.";
}
