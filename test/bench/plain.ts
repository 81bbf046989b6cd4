import { basename, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Plugin } from "esbuild";

/** What was built is measured, where it lies and as it is. */
const COMPILED: Plugin = {
  name: "compiled",
  setup: ({ onResolve }) => onResolve({ filter: /^\..*\/dist\// }, ({ path, resolveDir }) => ({ path: pathToFileURL(resolve(resolveDir, path)).href, external: true })),
};

/**
 * What comes behind `node`, and before the script's own arguments, to run a TypeScript file of the benchmarks as plain JavaScript.
 * Under tsx it would be measured as no user runs it: tsx detaches array buffers, and from then on V8 asks at every access to a typed array
 * whether the buffer is still there.
 */
export async function plain(script: URL): Promise<readonly string[]> {
  // Not above, because the scripts that start themselves have this file within, and are to load nothing but what they measure.
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(script)], bundle: true, format: "esm", platform: "node", packages: "external", write: false,
    define: { "import.meta.url": JSON.stringify(script.href) },
    plugins: [COMPILED],
  });
  return ["--input-type=module", "--eval", outputFiles[0]!.text, basename(script.pathname)];
}
