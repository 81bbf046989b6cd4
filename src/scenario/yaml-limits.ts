import { Lexer, Parser, type CST } from "yaml";
import { WirelatError } from "../errors/index.js";
import type { SourceText } from "./source-text.js";

/** Files are not trusted. These bounds keep reading within a second whatever the bytes, and are far above any file a person writes. */
export const LIMITS = { bytes: 1 << 20, tokens: 200_000, values: 20_000, depth: 32 } as const;

/** A value costs at most three marks: itself, its indicator and a comma. */
const MARKS = 3 * LIMITS.values;
/** The syntax nests a little deeper than the values do. */
const SYNTAX_DEPTH = 2 * LIMITS.depth;

/**
 * The syntax tokens of a text within the limits. The library composes recursively and can exhaust the stack inside a
 * regular expression, which ends the process; so depth is judged on its token tree, which it builds without recursion.
 */
export function boundedTokens(source: SourceText): readonly CST.Token[] {
  if (source.text.length > LIMITS.bytes) throw beyond(source, 0, `the file has ${source.text.length} characters; at most ${LIMITS.bytes} are read`);
  const lexemes = lexemesOf(source);
  const parser = new Parser();
  const tokens = [...lexemes.flatMap((lexeme) => [...parser.next(lexeme)]), ...parser.end()];
  const pending = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { token, depth } = next;
    if (depth > SYNTAX_DEPTH) throw beyond(source, "offset" in token ? token.offset : 0, `values lie more than ${LIMITS.depth} deep inside each other`);
    for (const child of childrenOf(token)) pending.push({ token: child, depth: depth + 1 });
  }
  return tokens;
}

/** The texts of which a file consists, counted before anything is made of them. */
function lexemesOf(source: SourceText): readonly string[] {
  const lexemes: string[] = [];
  let marks = 0;
  for (const lexeme of new Lexer().lex(source.text)) {
    lexemes.push(lexeme);
    if (!/^[ \n\r\t#]/u.test(lexeme)) marks += 1;
    if (lexemes.length > LIMITS.tokens || marks > MARKS) throw beyond(source, 0, `the file has more than ${LIMITS.values} values, or as many lines and marks`);
  }
  return lexemes;
}

function childrenOf(token: CST.Token): readonly CST.Token[] {
  if (token.type === "document") return token.value === undefined ? [] : [token.value];
  if (!("items" in token)) return [];
  return token.items.flatMap((item) => [item.key, item.value]).filter((child) => child !== undefined && child !== null);
}

export function beyond(source: SourceText, offset: number, message: string): WirelatError {
  return new WirelatError("yaml-limit", message, { place: source.place(offset, ""), remedy: "Split the scenario into several that extend one another." });
}
