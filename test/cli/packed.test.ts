// Goal: what is published works where it is installed: wirelat with nothing but the files of its package, and the worked example as a
// package of its own beside it. Method: the lists of files that npm would pack are copied into a folder node_modules; nothing is fetched.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { folderWith } from "../support/small-scenario.js";
import { PROJECT } from "../support/spawn-cli.js";

const EXAMPLE = join(PROJECT, "examples/risk-gateway");
const { NODE_TEST_CONTEXT: _, ...ENVIRONMENT } = process.env;

/** What a user of the library would write, with a scenario and a chart of the package. */
const PROGRAM = `import { CATALOGUE, chartsFor, openScenarioFile, plainStyle, readScenario, renderChart, reportText, runScenario } from "wirelat";
const { file, access } = openScenarioFile("node_modules/wirelat/scenarios/rss-imbalance.yaml");
const result = await runScenario(readScenario(file, { access, catalogue: CATALOGUE }), { catalogue: CATALOGUE, messages: 200 });
const [chart] = chartsFor(result);
const drawn = reportText(result, { columns: 80, style: plainStyle }).includes("rss-imbalance") && (await renderChart(chart, "png")).length > 5000;
console.log(\`\${result.scenario.id}, \${result.runs.length} runs, \${drawn ? "report and pictures" : "no pictures"}\`);
`;

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function ran(command: string, args: readonly string[], cwd: string): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...ENVIRONMENT, NO_COLOR: "1" }, stdio: ["ignore", "pipe", "pipe"] });
    const output = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (output.stdout += chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (output.stderr += chunk));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...output }));
  });
}

/** Copies what npm would pack of a package, its bundled packages aside. */
async function install(folder: string, into: string): Promise<number> {
  const listed = await ran("npm", ["pack", "--dry-run", "--json", "--ignore-scripts", "--offline"], folder);
  const [pack] = JSON.parse(listed.stdout) as { files: { path: string }[] }[];
  const files = (pack?.files ?? []).map((file) => file.path).filter((path) => !path.includes("node_modules"));
  for (const path of files) {
    mkdirSync(dirname(join(into, path)), { recursive: true });
    cpSync(join(folder, path), join(into, path));
  }
  return files.length;
}

/** A project with wirelat, what wirelat depends on, and the example installed. */
async function installed(): Promise<string> {
  const project = folderWith({ "package.json": '{ "name": "desk", "private": true }' });
  const modules = join(project, "node_modules");
  assert.ok((await install(PROJECT, join(modules, "wirelat"))) > 300);
  assert.ok((await install(EXAMPLE, join(modules, "acme-risk-gateway"))) >= 4);
  const own = realpathSync(join(PROJECT, "node_modules"));
  for (const name of readdirSync(own)) if (!name.startsWith(".") && name !== "wirelat") symlinkSync(join(own, name), join(modules, name));
  return project;
}

describe("the worked example", () => {
  test("runs from its folder and passes its own tests", async () => {
    const folder = folderWith({});
    cpSync(EXAMPLE, join(folder, "risk-gateway"), { recursive: true });
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(PROJECT, join(folder, "node_modules/wirelat"), "dir");
    const own = await ran(process.execPath, ["--test", "--test-reporter=tap"], join(folder, "risk-gateway"));
    assert.equal(own.code, 0, own.stdout);
    assert.match(own.stdout, /# pass 6\n/u);
  });

  test("and wirelat work as installed packages, and the model keeps the contract", async () => {
    const project = await installed();
    const wirelat = join(project, "node_modules/wirelat/dist/cli/main.js");
    assert.ok(readdirSync(join(project, "node_modules/wirelat/dist/page")).includes("page.js"), "pages would have no script: run npm run build");
    const scenario = readFileSync(join(EXAMPLE, "risk-gateway.yaml"), "utf8").replace("[./risk-gateway.ts]", "[acme-risk-gateway]");
    writeFileSync(join(project, "desk.yaml"), scenario.replace("id: risk-gateway", "id: desk"));
    writeFileSync(join(project, "program.mjs"), PROGRAM);
    const [run, refused, checked, made, program] = await Promise.all([
      ran(process.execPath, [wirelat, "run", "desk.yaml", "--all", "--allow-plugins"], project),
      ran(process.execPath, [wirelat, "run", "desk.yaml", "--all"], project),
      ran(process.execPath, [wirelat, "check", "acme-risk-gateway"], project),
      ran(process.execPath, [wirelat, "new", "scenario", "mine"], project),
      ran(process.execPath, ["program.mjs"], project),
    ]);
    assert.equal(run.code, 0, run.stdout + run.stderr);
    assert.match(run.stdout, /4 of 4 held/u);
    assert.match(refused.stderr, /\[plugin-consent\]/u);
    assert.equal(checked.code, 0, checked.stdout + checked.stderr);
    assert.match(checked.stdout, /^acme\/risk-gateway\n/u);
    assert.equal(made.code, 0, made.stderr);
    assert.deepEqual([program.code, program.stdout], [0, "rss-imbalance, 4 runs, report and pictures\n"], program.stderr);
  });
});
