/** The layers of src/, bottom to top, and what each may import. Every layer rule below is generated from this one table. */
export const SEES = {
  errors: [],
  units: ["errors"],
  random: ["errors"],
  engine: ["errors", "random"],
  stats: ["errors"],
  modeling: ["errors", "units", "random", "engine"],
  models: ["modeling"],
  result: [],
  capture: ["errors", "units", "stats"],
  scenario: ["errors", "units", "random", "engine", "modeling", "models", "capture", "result"],
  experiment: ["errors", "units", "random", "stats", "engine", "scenario", "result"],
  plugin: ["errors", "modeling", "scenario"],
  contract: ["errors", "units", "engine", "modeling", "scenario"],
  report: ["errors", "units", "stats", "result"],
  chart: ["errors", "units", "stats", "result"],
  html: ["errors", "units", "result", "scenario", "experiment", "report", "chart"],
  page: ["units", "chart", "html"],
  cli: [
    "errors", "units", "random", "engine", "stats", "modeling", "models", "result", "scenario", "experiment", "capture", "plugin", "contract", "report", "chart", "html",
  ],
};

/** Layers that must run in a browser worker as well as in Node, and so use no built-in and no package. */
const CORE = "^src/(contract|errors|units|random|engine|stats|modeling|models|result|report)/";
/** The few files outside the command line that may touch the machine. */
const MACHINE_FILES = ["^src/capture/(read|write)[^/]*\\.ts$", "^src/scenario/read[^/]*\\.ts$", "^src/plugin/read[^/]*\\.ts$", "^src/chart/render[^/]*\\.ts$"];
const DOOR = "(^|/)index\\.ts$";
/** Files that are no model: what a large one is made of, or several of a family have in common. */
const MODEL_PARTS = "^src/models/parts/";
const PACKAGES = ["npm", "npm-dev", "npm-optional", "npm-peer", "npm-bundled", "npm-no-pkg", "npm-unknown"];

/** One rule a layer: a dependency into src/ that is neither its own folder nor in its row of SEES is forbidden. */
function layerRules() {
  return Object.entries(SEES).map(([layer, seen]) => ({
    name: `layer-${layer}`,
    severity: "error",
    comment:
      `src/${layer} may import ${seen.length === 0 ? "no other layer" : seen.map((name) => `src/${name}`).join(", ")}. ` +
      "Move the code to the layer that owns it, or pass what you need in as an argument; do not widen the table SEES for one import.",
    from: { path: `^src/${layer}/` },
    to: { path: "^src/", pathNot: [layer, ...seen].map((name) => `^src/${name}/`) },
  }));
}

const structure = [
  {
    name: "front-door-only",
    comment: "Import another layer through its index.ts. If what you need is not exported there, export it by name, or ask whether it is internal for a reason.",
    from: { path: "^src/([^/]+)/" },
    to: { path: "^src/[^/]+/.+", pathNot: ["^src/$1/", "^src/[^/]+/index\\.ts$"] },
  },
  {
    name: "api-through-front-doors",
    comment: "src/index.ts is the public API: re-export from each layer's index.ts.",
    from: { path: "^src/index\\.ts$" },
    to: { path: "^src/[^/]+/.+", pathNot: "^src/[^/]+/index\\.ts$" },
  },
  {
    name: "models-are-strangers",
    comment: "A model never imports another model: they meet in a scenario, through a role in `needs`. What models share belongs in src/modeling, what one is made of in src/models/parts.",
    from: { path: "^src/models/", pathNot: DOOR },
    to: { path: "^src/models/", pathNot: MODEL_PARTS },
  },
  {
    name: "no-cycles",
    comment: "These files import each other in a ring. Move what both need into a third file, or turn one of the imports into an argument.",
    from: {},
    to: { circular: true },
  },
  {
    name: "no-orphans",
    comment: "Nothing imports this file and it imports nothing: wire it in or delete it.",
    from: { orphan: true, path: "^src/", pathNot: "^src/vendor/" },
    to: {},
  },
  {
    name: "everything-is-reachable",
    comment: "No path of imports leads here from src/index.ts, the command line, the script of pages or a worker: wire the file in or delete it.",
    from: { path: "^src/(index|cli/main|page/main|[^/]+/worker)\\.ts$" },
    to: { path: "^src/", pathNot: ["^src/vendor/", "^src/(index|cli/main|page/main|[^/]+/worker)\\.ts$"], reachable: false },
  },
];

const outside = [
  {
    name: "core-runs-anywhere",
    comment: "The simulated core runs in a browser worker too, so it uses no Node built-in. Do the work in src/cli, src/experiment or a read/write/render file and pass the data in.",
    from: { path: [CORE, "^src/(scenario|chart|html|page)/"], pathNot: MACHINE_FILES },
    to: { dependencyTypes: ["core"] },
  },
  {
    name: "core-has-no-packages",
    comment: "The simulated core has no npm dependency: write the few lines, or move the use up to scenario, chart's renderer or cli.",
    from: { path: CORE, pathNot: MACHINE_FILES },
    to: { dependencyTypes: PACKAGES },
  },
  {
    name: "charts-are-plain-data",
    comment: "A chart's configuration is written without running a package; types of chart.js are welcome (import type). Drawing belongs in the render files.",
    from: { path: "^src/chart/", pathNot: MACHINE_FILES },
    to: { dependencyTypes: PACKAGES, dependencyTypesNot: ["type-only"] },
  },
  {
    name: "yargs-only-in-cli",
    comment: "Only the command line parses arguments: take the parsed value as a parameter.",
    from: { path: "^src/", pathNot: "^src/cli/" },
    to: { path: "(^|/)yargs(/|$)" },
  },
  {
    name: "files-are-touched-in-few-places",
    comment: "Files are read and written in src/cli and in read*, write* and render* files of scenario, capture and chart. Take the content as an argument instead.",
    from: { path: "^src/", pathNot: ["^src/cli/", ...MACHINE_FILES] },
    to: { path: "^(node:)?fs(/promises)?$" },
  },
  {
    name: "src-never-sees-test",
    comment: "Shipped code imports neither tests nor build scripts: move what it needs into src.",
    from: { path: "^src/" },
    to: { path: "^(test|scripts)/" },
  },
  {
    name: "no-dev-dependency-in-src",
    comment: "A development dependency is absent where the package is installed: move it to `dependencies`, or do without.",
    from: { path: "^src/" },
    to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"], pathNot: "node_modules/@types/" },
  },
  {
    name: "everything-resolves",
    comment: "This import leads nowhere: correct the path (with its .js ending), or declare the package in package.json.",
    from: { path: "^src/" },
    to: { couldNotResolve: true },
  },
];

const required = [
  {
    name: "every-model-defines-itself",
    severity: "error",
    comment: "A file in a family of src/models is one model: import defineModel from ../../modeling/index.js and default-export its result.",
    module: { path: "^src/models/", pathNot: [DOOR, MODEL_PARTS] },
    to: { path: "^src/modeling/index\\.ts$" },
  },
];

export default {
  forbidden: [...layerRules(), ...[...structure, ...outside].map((rule) => ({ ...rule, severity: "error" }))],
  required,
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^src/vendor/" },
    // Type-only imports are dependencies too: a layer that needs another's types knows that layer.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "node", "default"] },
  },
};
