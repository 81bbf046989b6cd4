import { defineConfig } from "eslint/config";
import { builtinRules } from "eslint/use-at-your-own-risk";
import tseslint from "typescript-eslint";

/** Code that runs inside the simulation or in a browser worker: its output depends on its input and the seed alone. */
const SIMULATED = ["random", "engine", "stats", "modeling", "models", "units", "result", "report", "html"].map((layer) => `src/${layer}/**/*.ts`);
/** Of these, the layers where every quantity is canonical; units, result and report translate to and from other units. */
const CANONICAL = ["random", "engine", "stats", "modeling", "models"].map((layer) => `src/${layer}/**/*.ts`);
/** The layers that wait for files, workers and the terminal; and the tests. Only these are linted with types, which is slow. */
const ASYNCHRONOUS = [
  ...["scenario", "experiment", "capture", "plugin", "chart", "cli"].map((layer) => `src/${layer}/**/*.ts`),
  "test/**/*.ts",
];
const CONFIGURATION = ["*.config.js", ".dependency-cruiser.mjs"];

const SYNTAX = {
  defaultExport: [
    { selector: "ExportDefaultDeclaration", message: "Export by name; only a model file has a default export." },
    { selector: "ExportSpecifier[exported.name='default']", message: "Export by name; only a model file has a default export." },
  ],
  vagueName: [
    {
      selector:
        ":matches(ClassDeclaration, FunctionDeclaration, TSInterfaceDeclaration, TSTypeAliasDeclaration, TSEnumDeclaration)[id.name=/(Manager|Helper|Helpers|Util|Utils|Base|Impl)$/]",
      message: "Name it after what it is: no Manager, Helper, Util, Base or Impl.",
    },
  ],
  asynchronous: [
    { selector: ":function[async=true]", message: "Simulated code is synchronous: nothing in it waits for the outside world." },
    { selector: "AwaitExpression", message: "Simulated code is synchronous: nothing in it waits for the outside world." },
  ],
  foreignUnit: [
    {
      selector:
        ":matches(Identifier, PrivateIdentifier)[name=/[a-z0-9](Ns|Us|Ms|Sec|Secs|Seconds|Millis|Micros|Nanos|Kbps|Mbps|Gbps|Tbps|Hz|Khz|KHz|Mhz|MHz|Ghz|GHz|KiB|MiB|GiB|Kib|Mib|Gib|KB|MB|GB)$/]",
      message: "Inside the simulator time is picoseconds, size bytes and rate picoseconds per byte: convert at the edge and drop the unit from the name.",
    },
  ],
};
const EVERYWHERE = [...SYNTAX.defaultExport, ...SYNTAX.vagueName];

const FORBIDDEN_GLOBALS = [
  ...["Date", "performance"].map((name) => [name, "Simulated time is the only time: take it as an argument."]),
  ...["setTimeout", "setInterval", "setImmediate", "clearTimeout", "clearInterval", "clearImmediate", "queueMicrotask", "requestAnimationFrame"].map(
    (name) => [name, "Simulated code schedules in the event calendar, never on the machine's clock."],
  ),
  ...["process", "console"].map((name) => [name, "Only src/cli reads the process and prints: return the value instead."]),
  ...["globalThis", "global", "window", "self"].map((name) => [name, "Reaching for globals hides a dependency on the machine: take it as an argument."]),
  ...["Promise", "fetch", "crypto", "Worker"].map((name) => [name, "Simulated code is synchronous and alone: do this in src/experiment or src/cli."]),
].map(([name, message]) => ({ name, message }));

const RANDOM_PROPERTY = { object: "Math", property: "random", message: "Draw from a keyed stream of src/random, so that the seed decides." };
const PROCESS_PROPERTIES = ["exit", "argv", "stdout", "stderr", "stdin"].map((property) => ({
  object: "process",
  property,
  message: "Only src/cli prints, exits or reads arguments: return the value, or throw a WirelatError.",
}));

const DESCRIBING = new Set(["describe", "suite"]);
const lengthRule = builtinRules.get("max-lines-per-function");
/** The core rule, except that the callback of `describe` is a chapter, not a function, and may be long. */
const functionLength = {
  meta: lengthRule.meta,
  create(context) {
    const isChapter = (node) => node.parent?.type === "CallExpression" && DESCRIBING.has(node.parent.callee.name);
    const report = (problem) => (isChapter(problem.node) ? undefined : context.report(problem));
    return lengthRule.create(Object.create(context, { report: { value: report } }));
  },
};

const restrictSyntax = (...groups) => ({ "no-restricted-syntax": ["error", ...EVERYWHERE, ...groups.flat()] });
const code = { skipBlankLines: true, skipComments: true };

export default defineConfig(
  { ignores: ["dist/", "node_modules/", "results/", "src/vendor/", ".wirelat-cache/", "test/**/output/"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  ...tseslint.configs.recommended.map((config) => ({ ...config, files: ["**/*.ts"] })),
  {
    files: ["**/*.{ts,js,mjs}"],
    plugins: { wirelat: { rules: { "max-lines-per-function": functionLength } } },
    rules: {
      eqeqeq: "error",
      "no-throw-literal": "error",
      "max-lines": ["error", { max: 300, ...code }],
      "wirelat/max-lines-per-function": ["error", { max: 60, ...code }],
      "max-params": ["error", 4],
      "max-depth": ["error", 3],
      ...restrictSyntax(),
    },
  },
  {
    files: ["**/*.ts"],
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
    },
  },
  { files: ["src/engine/**/*.ts", "src/random/**/*.ts", "test/**/*.ts"], rules: { "@typescript-eslint/no-non-null-assertion": "off" } },
  {
    files: ["src/**/*.ts"],
    ignores: ["src/cli/**"],
    rules: { "no-console": "error", "no-restricted-properties": ["error", RANDOM_PROPERTY, ...PROCESS_PROPERTIES] },
  },
  {
    files: SIMULATED,
    rules: { "no-restricted-globals": ["error", ...FORBIDDEN_GLOBALS], ...restrictSyntax(SYNTAX.asynchronous) },
  },
  { files: CANONICAL, rules: restrictSyntax(SYNTAX.asynchronous, SYNTAX.foreignUnit) },
  {
    // A model file is its default export.
    files: ["src/models/**/*.ts", "templates/**/*.ts", "examples/**/*.ts"],
    rules: { "no-restricted-syntax": ["error", ...SYNTAX.vagueName, ...SYNTAX.asynchronous, ...SYNTAX.foreignUnit] },
  },
  { files: CONFIGURATION, rules: { "no-restricted-syntax": "off" } },
  { files: ["**/*.{js,mjs}"], rules: { "no-unused-vars": "error" } },
  {
    files: ASYNCHRONOUS,
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-floating-promises": [
        "error",
        { allowForKnownSafeCalls: [{ from: "package", package: "node:test", name: ["test", "it", "describe", "suite", "before", "after", "beforeEach", "afterEach"] }] },
      ],
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: false }],
      "@typescript-eslint/only-throw-error": "error",
    },
  },
);
