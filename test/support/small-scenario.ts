import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after } from "node:test";

/** A scenario of a few parts that runs in a moment: two variants at two sweep points, two expectations that hold. */
export const SMALL = `wirelat: 1
id: small
title: A small pipeline

devices:
  box: { use: fpga/ull-10g }

links:
  feed: { use: link/10gbase-r, length: 3 m }
  order: { use: link/10gbase-r, length: 3 m }

traffic:
  ticks: { use: traffic/poisson, rate: 100 kpps, payload: 64 B, path: through }

paths:
  through: [feed, box.phy.rx, box.mac.rx, box.parse: { cycles: 2, trigger: payload + 20 B }, box.mac.tx, box.phy.tx, order]

metrics:
  delay: { from: box.in@trigger, to: box.out@sof }

run: { messages: 2000, warmup: 100, seed: 1 }

variants:
  slow: { box.parse.cycles: 6 }

sweep: { ticks.rate: [100 kpps, 200 kpps] }

expect:
  - { check: p50(delay/slow) > p50(delay), because: four cycles more take longer }
  - { check: copies(box) == 0, because: there is no processor }
`;

/** The small scenario with pieces of its text replaced; throws when a piece is not there, so that no test passes by accident. */
export function smallWith(...changes: readonly (readonly [from: string, to: string])[]): string {
  return changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the small scenario does not contain ${JSON.stringify(from)}`);
    return text.replace(from, to);
  }, SMALL);
}

/** A folder of its own with these files, removed after the tests of the file. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "wirelat-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
