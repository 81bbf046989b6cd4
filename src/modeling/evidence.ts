/** Where a number comes from. `cite` names an entry of the bibliography (scenarios/hardware/sources.yaml). */
export type Evidence =
  | { readonly tag: "standard"; readonly cite: string }
  | { readonly tag: "published"; readonly cite: string }
  | { readonly tag: "estimated"; readonly basis: string; readonly range: readonly [string, string] }
  | { readonly tag: "chosen"; readonly basis: string };

/** Fixed by a standard, or arithmetic on one. */
export const standard = (cite: string): Evidence => ({ tag: "standard", cite });
/** Read in a public source. */
export const published = (cite: string): Evidence => ({ tag: "published", cite });
/** An engineering estimate, with the range in which the truth is expected. */
export const estimated = (basis: string, range: readonly [string, string]): Evidence => ({ tag: "estimated", basis, range });
/** Not a fact about hardware but a decision of whoever sets it up: a mode, a buffer size, a core number. */
export const chosen = (basis: string): Evidence => ({ tag: "chosen", basis });

/** A resolved parameter: which one, its text, and why it is believed. */
export interface Origin {
  /** Dotted path, e.g. `gw.nic.pipeline`. */
  readonly path: string;
  readonly text: string;
  readonly evidence: Evidence;
}
