import { EXIT, WirelatError } from "../errors/index.js";
import { generateSchema } from "../scenario/index.js";
import type { Context } from "./context.js";
import { Workbench } from "./workbench.js";

/** `wirelat schema`: prints the JSON Schema that editors check scenario files with. Answers the exit code. */
export function schemaCommand({ request, screen }: Context): number {
  if (request.inputs.length > 0) throw new WirelatError("option-value", "wirelat schema takes no names", { remedy: "Name plug-ins with --plugin." });
  const bench = new Workbench(request.values);
  screen.out(`${JSON.stringify(generateSchema(bench.catalogue, bench.presets()), null, 1)}\n`);
  return EXIT.ok;
}
