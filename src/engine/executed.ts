import { fuse } from "./fuse.js";
import type { Program } from "./program.js";
import { prune } from "./prune.js";
import { specialise } from "./specialise.js";
import { instrumented } from "./trace.js";

/** The program as the machine will execute it. */
export function executed(written: Program, { fused, traced }: { readonly fused: boolean; readonly traced: boolean }): Program {
  if (traced) return instrumented(written);
  return fused ? fuse(prune(specialise(written))) : written;
}
