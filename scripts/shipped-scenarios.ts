import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("../scenarios/", import.meta.url));

/** A scenario that comes with the package: `file` is its path in scenarios/, with forward slashes. */
export interface Shipped {
  readonly id: string;
  readonly file: string;
}

/** Every scenario that ships, those of scenarios/questions included; what is below hardware/ are presets. */
export function shippedScenarios(): readonly Shipped[] {
  const found = readdirSync(FOLDER, { recursive: true, encoding: "utf8" }).map((name) => name.replaceAll("\\", "/"));
  const files = found.filter((name) => name.endsWith(".yaml") && !name.startsWith("hardware/")).sort();
  return files.map((file) => ({ id: basename(file, ".yaml"), file }));
}

/** Where one lies on disk. */
export const shippedPath = (shipped: Shipped): string => join(FOLDER, shipped.file);
