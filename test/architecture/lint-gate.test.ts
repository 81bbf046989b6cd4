// Goal: every rule of eslint.config.js fires. Method: lint a planted fault under a virtual path, and beside it the nearest
// correct text, which must pass: a rule that fires on everything is as useless as one that never does.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ESLint } from "eslint";

const eslint = new ESLint();

async function rulesBrokenBy(filePath: string, text: string): Promise<readonly string[]> {
  const [result] = await eslint.lintText(text, { filePath });
  assert.ok(result, `${filePath} was not linted at all`);
  return result.messages.map((message) => message.ruleId ?? message.message);
}

const lines = (count: number, line: string) => `${line}\n`.repeat(count);

interface Plant {
  readonly says: string;
  readonly rule: string;
  readonly path: string;
  readonly fault: string;
  readonly correct: string;
  /** Where `correct` stands when it is the path that makes it so. */
  readonly correctPath?: string;
}

const SIMULATION: readonly Plant[] = [
  ...["random", "engine", "stats", "modeling", "models/nic", "units", "result", "report"].map((folder) => ({
    says: `src/${folder} has no clock`,
    rule: "no-restricted-globals",
    path: `src/${folder}/planted.ts`,
    fault: "export const now = Date.now();",
    correct: "export const now = (time: number) => time;",
  })),
  ...["performance.now()", "setTimeout(() => 1, 2)", "process.pid", "console.table([])", "globalThis.name", "fetch('x')"].map((fault) => ({
    says: `the engine does not use ${fault}`,
    rule: "no-restricted-globals",
    path: "src/engine/planted.ts",
    fault: `export const planted = ${fault};`,
    correct: `export const planted = ${fault};`,
    correctPath: "scripts/planted.mjs",
  })),
  {
    says: "random numbers come from the seed",
    rule: "no-restricted-properties",
    path: "src/models/nic/planted.ts",
    fault: "export const draw = Math.random();",
    correct: "export const draw = Math.max(1, 2);",
  },
  {
    says: "simulated code does not wait",
    rule: "no-restricted-syntax",
    path: "src/stats/planted.ts",
    fault: "export const wait = async () => 1;",
    correct: "export const wait = () => 1;",
  },
  ...["waitNs", "delayUs", "spanMs", "rateGbps", "sizeKiB", "clockMHz"].map((name) => ({
    says: `the unit of ${name} is foreign to the engine and at home in units`,
    rule: "no-restricted-syntax",
    path: "src/engine/planted.ts",
    fault: `export const ${name} = 1;`,
    correct: `export const ${name} = 1;`,
    correctPath: "src/units/planted.ts",
  })),
  {
    says: "a plural or a word that ends like a unit is no unit",
    rule: "no-restricted-syntax",
    path: "src/modeling/planted.ts",
    fault: "export const totalNs = 1;",
    correct: "export const [tokens, status, bonus, items, columns] = [1, 2, 3, 4, 5];",
  },
];

const EVERYWHERE: readonly Plant[] = [
  {
    says: "only an error is thrown",
    rule: "no-throw-literal",
    path: "src/units/planted.ts",
    fault: 'export function refuse() { throw "no"; }',
    correct: 'export function refuse() { throw new Error("no"); }',
  },
  {
    says: "a file ends at 300 lines of code",
    rule: "max-lines",
    path: "src/units/planted.ts",
    fault: lines(301, "export {};"),
    correct: lines(300, "export {};") + lines(100, "// a comment"),
  },
  {
    says: "a function ends at 60 lines of code",
    rule: "wirelat/max-lines-per-function",
    path: "src/units/planted.ts",
    fault: `export function long(f: () => void) {\n${lines(59, "f();")}}`,
    correct: `export function long(f: () => void) {\n${lines(58, "f();")}}`,
  },
  {
    says: "a chapter of tests may be longer, a test may not",
    rule: "wirelat/max-lines-per-function",
    path: "scripts/planted.mjs",
    fault: `test("x", () => {\n${lines(60, "f();")}});`,
    correct: `describe("x", () => {\n${lines(60, "f();")}});`,
  },
  {
    says: "a function takes four parameters at most",
    rule: "max-params",
    path: "src/engine/planted.ts",
    fault: "export const f = (a: number, b: number, c: number, d: number, e: number) => a + b + c + d + e;",
    correct: "export const f = (a: number, b: number, c: number, d: number) => a + b + c + d;",
  },
  {
    says: "blocks nest three deep at most",
    rule: "max-depth",
    path: "src/engine/planted.ts",
    fault: "export function f(a: boolean) { if (a) { while (a) { if (a) { if (a) { f(a); } } } } }",
    correct: "export function f(a: boolean) { if (a) { while (a) { if (a) { f(a); } } } }",
  },
  {
    says: "only a model has a default export",
    rule: "no-restricted-syntax",
    path: "src/engine/planted.ts",
    fault: "export default 1;",
    correct: "export default 1;",
    correctPath: "src/models/nic/planted.ts",
  },
  {
    says: "nothing is any",
    rule: "@typescript-eslint/no-explicit-any",
    path: "src/units/planted.ts",
    fault: "export const a: any = 1;",
    correct: "export const a: unknown = 1;",
  },
  {
    says: "absence is denied with ! only where arrays are typed",
    rule: "@typescript-eslint/no-non-null-assertion",
    path: "src/stats/planted.ts",
    fault: "export const f = (a: readonly number[]) => a[0]!;",
    correct: "export const f = (a: readonly number[]) => a[0]!;",
    correctPath: "src/engine/planted.ts",
  },
  {
    says: "types are named after what they are",
    rule: "no-restricted-syntax",
    path: "src/units/planted.ts",
    fault: "export class QueueManager {}",
    correct: "export class Queue {}",
  },
  {
    says: "only the command line prints",
    rule: "no-console",
    path: "src/index.ts",
    fault: 'console.log("x"); export {};',
    correct: 'console.log("x"); export {};',
    correctPath: "scripts/planted.mjs",
  },
  {
    says: "only the command line exits",
    rule: "no-restricted-properties",
    path: "src/index.ts",
    fault: "process.exit(1); export {};",
    correct: "process.exit(1); export {};",
    correctPath: "scripts/planted.mjs",
  },
  {
    // Linted with types, which takes a file that exists.
    says: "a promise is awaited",
    rule: "@typescript-eslint/no-floating-promises",
    path: "test/support/spawn-cli.ts",
    fault: "export async function f(): Promise<void> {}\nf();",
    correct: "export async function f(): Promise<void> {}\nawait f();",
  },
];

for (const [chapter, plants] of Object.entries({ "simulated code": SIMULATION, "all code": EVERYWHERE })) {
  describe(`the lint gate over ${chapter}`, () => {
    for (const { says, rule, path, fault, correct, correctPath } of plants) {
      test(says, async () => {
        assert.ok((await rulesBrokenBy(path, fault)).includes(rule), `${rule} did not fire in ${path} on:\n${fault}`);
        assert.deepEqual(await rulesBrokenBy(correctPath ?? path, correct), []);
      });
    }
  });
}
