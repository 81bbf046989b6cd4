import { isScalar, visit, type Document, type YAMLError } from "yaml";
import { WirelatError } from "../errors/index.js";
import type { SourceText } from "./source-text.js";

/** What the library's error codes mean to somebody who writes scenarios, and what to do. */
const SENTENCES: Readonly<Record<string, readonly [message: string, remedy: string]>> = {
  BAD_DQ_ESCAPE: ["unknown escape in a text in double quotes", "Write the backslash twice, or use single quotes."],
  BAD_INDENT: ["the indentation does not fit what stands above", "Let keys of one map begin in the same column, and close every [ and { before going on."],
  BAD_SCALAR_START: ["a text may not begin with this character", "Put the text in quotes."],
  BLOCK_AS_IMPLICIT_KEY: ["a second \": \" in one line", "Put a text that has a colon and a space in quotes, or write the inner map on lines of its own."],
  BLOCK_IN_FLOW: ["an indented map or list inside { } or [ ]", "Write it in { } or [ ] as well, or write the outer one on indented lines."],
  COMMENT_SPACE: ["a comment without a space before its #", "Put a space before the #, or quotes around a text that has one."],
  KEY_OVER_1024_CHARS: ["a key of more than 1024 characters", "Check the quotes and colons above."],
  MISSING_CHAR: ["a comma, a quote or a bracket is missing", "Close what was opened; separate the items inside { } and [ ] by commas."],
  MULTILINE_IMPLICIT_KEY: ["a key that runs over several lines", "Check the colons and the indentation of these lines."],
  TAB_AS_INDENT: ["a tab used as indentation", "Indent with spaces."],
  UNEXPECTED_TOKEN: ["something stands here that does not belong to the value before it", "Check quotes, commas and brackets just before this place."],
};

/**
 * The syntax errors of a document in the words of this project. What is left open is shown where it was opened, and
 * indentation that seems wrong only because of an error above it is passed over.
 */
export function syntaxFaults(document: Document.Parsed, source: SourceText): readonly WirelatError[] {
  const first = document.errors[0];
  const own = document.errors.filter((error) => error === first || error.code !== "BAD_INDENT");
  return own.map((error) => openQuote(error, document, source) ?? syntaxFault(error, source));
}

/** A quote that nothing closes: the library notices at the end of the file. */
function openQuote(error: YAMLError, document: Document.Parsed, source: SourceText): WirelatError | null {
  if (error.code !== "MISSING_CHAR" || error.pos[0] < source.text.trimEnd().length) return null;
  let opened: number | null = null;
  visit(document, {
    Scalar: (_, node) => {
      if (isScalar(node) && /^QUOTE/u.test(node.type ?? "") && (node.range?.[1] ?? 0) >= error.pos[0]) opened = node.range?.[0] ?? null;
    },
  });
  return opened === null ? null : new WirelatError("yaml-syntax", "the quote that opens here is never closed", { place: source.place(opened, ""), remedy: "Close it, or leave the quotes out." });
}

/** One error at its place. */
function syntaxFault(error: YAMLError, source: SourceText): WirelatError {
  const known = SENTENCES[error.code];
  const said = (error.message.split("\n")[0] ?? "").replace(/ at line .*$/u, "");
  const [message, remedy] = known ?? [`not well-formed YAML: ${said}`, "Correct the text here or just before."];
  return new WirelatError("yaml-syntax", message, { place: source.place(error.pos[0], ""), remedy });
}
