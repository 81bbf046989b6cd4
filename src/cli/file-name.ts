import { runName, type RunResult } from "../result/index.js";

/** A name that any file system takes, of a text or of a run. */
export function fileName(of: string | Pick<RunResult, "variant" | "point">): string {
  const text = typeof of === "string" ? of : runName(of);
  return text.toLowerCase().replaceAll(/[^a-z0-9.]+/gu, "-").replaceAll(/^-|-$/gu, "");
}
