import { join } from "node:path";
import ts from "typescript";
import { PROJECT } from "./spawn-cli.js";

const OPTIONS: ts.CompilerOptions = {
  strict: true, noEmit: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext,
  skipLibCheck: true, types: [], paths: { wirelat: [join(PROJECT, "dist/index.d.ts")] },
};

/** Lines with an error, counted from 0, for each text, as a third party's compiler would find them; one program for all of them. */
export function errorLines(texts: readonly string[]): number[][] {
  const files = new Map(texts.map((text, index) => [join(PROJECT, `snippet-${index}.mts`), text]));
  const host = ts.createCompilerHost(OPTIONS);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (path) => files.has(path) || fileExists(path);
  host.readFile = (path) => files.get(path) ?? readFile(path);
  host.getSourceFile = (path, version, ...rest) => {
    const text = files.get(path);
    return text === undefined ? getSourceFile(path, version, ...rest) : ts.createSourceFile(path, text, version);
  };
  const program = ts.createProgram([...files.keys()], OPTIONS, host);
  return [...files.keys()].map((path) => {
    const source = program.getSourceFile(path);
    if (source === undefined) throw new Error(`${path} was not read`);
    const lines = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(({ start }) => source.getLineAndCharacterOfPosition(start ?? 0).line);
    return [...new Set(lines)].sort((one, other) => one - other);
  });
}
