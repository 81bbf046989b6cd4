// `npm run docs`: writes the pages that are made from the code. A test fails while one of them is out of step.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { generatedPages } from "./pages.js";

for (const [path, content] of generatedPages()) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  console.log(`wrote ${path}`);
}
