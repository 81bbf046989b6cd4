import { WirelatError } from "../errors/index.js";
import { asText, type Tree } from "./tree.js";
import type { TapByte, TapRef } from "./types.js";

const FORM = /^(?<tap>[A-Za-z0-9][A-Za-z0-9._-]*)?(?:@(?<at>[A-Za-z]+)(?::(?<byte>\d{1,9}))?)?$/u;
const MARKS: readonly string[] = ["sof", "sfd", "eof", "trigger"];
const REMEDY = "Write it like gw.in@eof, gw.out@sof, gw.in@byte:42, a tap of a path, or \"@intended\".";

/**
 * "gw.in@eof", "posted", "@intended". A tap on a wire that names no byte means the last at the start of a metric and the
 * first at its end. Throws `tap-malformed`.
 */
export function parseTap(tree: Tree, end: "from" | "to"): TapRef {
  const text = asText(tree, `\`${end}\` of a metric`, "gw.in@eof");
  const parts = FORM.exec(text)?.groups;
  const refuse = (why: string): never => {
    throw new WirelatError("tap-malformed", `"${text}" ${why}`, { place: tree.place, remedy: REMEDY });
  };
  if (parts === undefined) return refuse("is not a tap");
  const { tap, at, byte } = parts;
  if (at === "intended" && byte === undefined && tap === undefined) return { tap: "intended", byte: { at: "point" } };
  if (tap === undefined) return refuse("names no tap before the @");
  if (at === undefined) return { tap, byte: /\.(?:in|out)$/u.test(tap) ? { at: end === "from" ? "eof" : "sof" } : { at: "point" } };
  if (at === "byte" && byte !== undefined) return { tap, byte: { at: "byte", byte: Number(byte) } };
  if (byte !== undefined || !MARKS.includes(at)) return refuse(`has @${at}, which is none of @sof, @sfd, @eof, @trigger and @byte:n`);
  return { tap, byte: { at } as TapByte };
}
