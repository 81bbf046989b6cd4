import { createHash } from "node:crypto";
import { VERSION } from "../result/index.js";
import type { CheckedScenario } from "../scenario/index.js";

/** Where something is written changes no result. */
const PLACES = new Set(["place", "places"]);

/** SHA-256 of what results rest on: every resolved case (presets, overrides, captures and samples are in it) and the version, hexadecimal. */
export function inputsHash(cases: readonly (Omit<CheckedScenario, "run"> & { readonly run: object })[]): string {
  const hash = createHash("sha256").update(VERSION);
  for (const one of cases) hash.update("\n").update(JSON.stringify(one, canonical));
  return hash.digest("hex");
}

function canonical(key: string, value: unknown): unknown {
  if (PLACES.has(key)) return undefined;
  if (value instanceof Map) return [...value];
  return ArrayBuffer.isView(value) ? digestOf(value) : value;
}

function digestOf(view: ArrayBufferView): string {
  return createHash("sha256").update(new Uint8Array(view.buffer, view.byteOffset, view.byteLength)).digest("hex");
}
