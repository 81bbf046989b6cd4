import { WirelatError, WirelatErrors, type ErrorCode, type SourcePlace } from "../errors/index.js";
import { printable } from "./source-text.js";

/** One mistake hides others behind it; beyond this many nobody reads on. */
const MOST_SHOWN = 50;

/** Collects what is wrong, so that one pass over a file names every error. */
export class Faults {
  readonly #found = new Map<string, WirelatError>();

  get count(): number {
    return this.#found.size;
  }

  add(code: ErrorCode, place: SourcePlace, message: string, remedy?: string): void {
    this.keep(new WirelatError(code, message, { place, ...(remedy === undefined ? {} : { remedy }) }));
  }

  /** The same error at the same place counts once, however many variants meet it. */
  keep(error: WirelatError): void {
    const { place } = error;
    this.#found.set([error.code, place?.file, place?.line, place?.column, place?.path, error.message].join("\n"), onOneLine(error));
  }

  /** Runs `action`; an error that it throws is kept, said to lie at `place` unless it knows better, and null comes back. */
  attempt<T>(place: SourcePlace, action: () => T): T | null {
    try {
      return action();
    } catch (error) {
      if (error instanceof WirelatErrors) error.errors.forEach((one) => this.keep(one));
      else if (error instanceof WirelatError) this.keep(error.place === undefined ? error.at(place) : error);
      else throw error;
      return null;
    }
  }

  /** Takes over what others found. */
  takeAll(errors: readonly WirelatError[]): void {
    for (const error of errors) this.keep(error);
  }

  /** In the order of the files and of the lines. */
  get errors(): readonly WirelatError[] {
    const files = [...new Set([...this.#found.values()].map((error) => error.place?.file))];
    const rank = (error: WirelatError): readonly number[] => [files.indexOf(error.place?.file), error.place?.line ?? 0, error.place?.column ?? 0];
    const sorted = [...this.#found.values()].sort((one, other) => difference(rank(one), rank(other)));
    return sorted.slice(0, MOST_SHOWN);
  }

  /** Throws `WirelatErrors` with all of them, if there are any. */
  throwIfAny(): void {
    if (this.count > 0) throw new WirelatErrors(this.errors);
  }
}

const LONGEST_MESSAGE = 2000;

/** Texts of a file end up in messages: none may break the line, move the cursor, or fill the screen. */
function onOneLine(error: WirelatError): WirelatError {
  const message = shown(error.message);
  const remedy = error.remedy === undefined ? undefined : shown(error.remedy);
  if (message === error.message && remedy === error.remedy) return error;
  return new WirelatError(error.code, message, { ...(error.place === undefined ? {} : { place: error.place }), ...(remedy === undefined ? {} : { remedy }) });
}

function shown(text: string): string {
  return printable(text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE)}…` : text);
}

function difference(one: readonly number[], other: readonly number[]): number {
  const first = one.findIndex((value, index) => value !== other[index]);
  return first < 0 ? 0 : (one[first] ?? 0) - (other[first] ?? 0);
}
