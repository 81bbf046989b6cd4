// The gate of the imports: prints every violation with what to do about it, and exits 1 if there is one.
import { readdirSync } from "node:fs";
import { format } from "dependency-cruiser";
import { cruiseSources } from "./cruise-sources.mjs";

const files = readdirSync("src", { recursive: true }).map((file) => file.replaceAll("\\", "/"));
const sources = files.filter((file) => file.endsWith(".ts") && !file.startsWith("vendor/"));
const { result } = await cruiseSources(process.cwd(), Math.max(1, sources.length));
const { output, exitCode } = await format(result, { outputType: "err-long" });
process.stdout.write(output);
process.exitCode = exitCode === 0 ? 0 : 1;
