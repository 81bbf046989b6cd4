// Goal: copies and movements are those that one counts by hand on a sheet of paper, path by path, and none can be left out.
// Method: twelve canonical paths on shipped presets, one message each; the table below was counted, not printed. Then each path
// without its copy must be refused before it runs.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WirelatErrors } from "../../src/errors/index.js";
import { Machine, runToEnd } from "../../src/engine/index.js";
import { CATALOGUE } from "../../src/models/index.js";
import { BUNDLED_FOLDER, compile, diskFolder, readScenario, type FileFolder } from "../../src/scenario/index.js";

interface Canonical {
  readonly steps: readonly string[];
  /** Movements and copies by whom, counted by hand: every change of place, and which of them a processor makes. */
  readonly movements: Readonly<Record<string, number>>;
  readonly copies: Readonly<Record<string, number>>;
  readonly stack?: string;
}

const UP = ["feed", "gw.nic.rx", "gw.irq"];
const DOWN = ["gw.nic.tx", "out"];
const COPY = "{ gw.copy: { to: user } }";
const RUN = "{ gw.run: 1 us }";

const PATHS: Readonly<Record<string, Canonical>> = {
  "kernel, in and out": { steps: [...UP, "gw.udp.rx", "{ gw.wake: app }", COPY, RUN, "gw.udp.tx", ...DOWN], movements: { gw: 4, feed: 1, out: 1 }, copies: { gw: 2 } },
  "kernel, in": { steps: [...UP, "gw.udp.rx", "{ gw.wake: app }", COPY, RUN], movements: { gw: 2, feed: 1 }, copies: { gw: 1 } },
  "kernel between two hosts, the five movements of the textbook": {
    steps: ["{ b.run: { time: 0 ns, core: app } }", "b.udp.tx", "b.nic.tx", "feed", "gw.nic.rx", "gw.irq", "gw.udp.rx", "{ gw.wake: app }", COPY, RUN], movements: { b: 2, feed: 1, gw: 2 }, copies: { b: 1, gw: 1 },
  },
  "TCP, in and out": { steps: [...UP, "gw.tcp.rx", "gw.tcp.recv", COPY, RUN, "gw.tcp.tx", ...DOWN], movements: { gw: 4, feed: 1, out: 1 }, copies: { gw: 2 }, stack: "tcp" },
  "TCP, mapped in and lent out": { steps: [...UP, "gw.tcp.rx", "gw.tcp.recv", "gw.pages.map", RUN, "gw.zerocopy.tx", ...DOWN], movements: { gw: 2, feed: 1, out: 1 }, copies: { gw: 0 }, stack: "tcp" },
  "TCP, copied in and lent out": { steps: [...UP, "gw.tcp.rx", "gw.tcp.recv", COPY, RUN, "gw.uring.tx", ...DOWN], movements: { gw: 3, feed: 1, out: 1 }, copies: { gw: 1 }, stack: "tcp" },
  "file, read and written": { steps: ["gw.sendfile.read", "gw.tcp.tx", ...DOWN], movements: { gw: 3, out: 1 }, copies: { gw: 2 }, stack: "tcp" },
  "file, sendfile": { steps: ["gw.sendfile.tx", ...DOWN], movements: { gw: 1, out: 1 }, copies: { gw: 0 }, stack: "tcp" },
  "copy-on-write, written again": { steps: ["{ gw.run: { time: 0 ns, core: app } }", "{ gw.cow.tx: { touched: 100% } }", ...DOWN], movements: { gw: 2, out: 1 }, copies: { gw: 1 }, stack: "tcp" },
  "program in the driver": { steps: [...UP, "gw.xdp", ...DOWN], movements: { gw: 2, feed: 1, out: 1 }, copies: { gw: 0 } },
  "poll-mode driver": { steps: ["feed", "{ gw.nic.rx: user }", "gw.pmd.rx", RUN, "gw.pmd.tx", ...DOWN], movements: { gw: 2, feed: 1, out: 1 }, copies: { gw: 0 } },
  "Plan 9, in and out": { steps: ["feed", "p9.nic.rx", "p9.irq", "p9.il.rx", "{ p9.wake: app }", "{ p9.copy: { to: user } }", "{ p9.run: 1 us }", "p9.il.tx", "p9.nic.tx", "out"], movements: { p9: 4, feed: 1, out: 1 }, copies: { p9: 2 } },
  "remote write, the three movements of the textbook": { steps: ["{ gw.rdma.write: { via: ib, to: b.mailbox, flag: last-byte } }", "{ b.poll: { watch: b.mailbox.flag, core: app } }", "{ b.run: 1 us }"], movements: { gw: 1, ib: 1, b: 1 }, copies: { gw: 0, b: 0 } },
};

/** A page goes in one frame: each frame of a message is a movement of its own. */
const JUMBO = "os: { mtu: 9000 B }, tcp: { mss: 8948 B }";
const host = (use: string): string => `{ use: ${use}, ${use === "host/xeon-linux" ? `${JUMBO}, ` : ""}nic: { use: nic/generic-10g, moderation: { mode: none } }, cores: { irq: 2, app: 3 } }`;
const withAdapter = `{ use: host/xeon-linux, nic: { use: nic/generic-10g, moderation: { mode: none } }, hca: { use: hca/connectx-5 }, cores: { irq: 2, app: 3 } }`;

/** Totals of an account after one message along the path. */
function countsOf(steps: readonly string[], stack = "udp"): (owner: string, account: string) => number {
  const used = (name: string): boolean => steps.some((step) => new RegExp(`\\b${name}\\b`).test(step));
  const remote = used("ib");
  const hosts = [["gw", remote ? withAdapter : host("host/xeon-linux")], ["b", remote ? withAdapter : host("host/xeon-linux")], ["p9", host("host/plan9-server")]] as const;
  const links = [["feed", "link/10gbase-r"], ["out", "link/10gbase-r"], ["ib", "link/ib-edr-4x"]] as const;
  const text = `
wirelat: 1
id: test
title: One message
hosts:
${hosts.filter(([name]) => used(name)).map(([name, of]) => `  ${name}: ${of}`).join("\n")}
links:
${links.filter(([name]) => used(name)).map(([name, use]) => `  ${name}: { use: ${use}, length: 3 m }`).join("\n")}
${remote ? "regions:\n  b.mailbox: { bytes: 64 KiB, pinned: true, rights: [remote-write] }" : ""}
traffic:
  one: { use: traffic/constant, rate: 1 pps, payload: 4 KiB, stack: ${stack}, path: way }
paths:
  way:
${["{ tap: begin }", ...steps, "{ tap: end }"].map((step) => `    - ${step}`).join("\n")}
metrics:
  way: { from: begin, to: end }
run: { messages: 1, seed: 1 }
`;
  const own: FileFolder = { label: (name) => name, has: (name) => name === "test.yaml", read: () => new TextEncoder().encode(text), list: () => [] };
  const scenario = readScenario("test.yaml", { access: { own, bundled: diskFolder(BUNDLED_FOLDER, "scenarios") }, catalogue: CATALOGUE });
  const compiled = compile(scenario.cases[0]!.scenario, CATALOGUE);
  const machine = new Machine(compiled.program, { seed: 1, messages: 1, warmup: 0, sampleLimit: 100, sinks: compiled.paths.map((path) => path.metrics.map(() => ({ record: () => undefined }))) });
  runToEnd(machine);
  assert.equal(machine.completed, 1);
  return (owner, account) => machine.counts[compiled.program.accounts.indexOf(`${owner}/${account}`)] ?? 0;
}

describe("the copy table", () => {
  for (const [name, { steps, movements, copies, stack }] of Object.entries(PATHS)) {
    test(`${name}: as counted by hand`, () => {
      const counts = countsOf(steps, stack);
      const found = (of: Readonly<Record<string, number>>, account: string): Record<string, number> => Object.fromEntries(Object.keys(of).map((owner) => [owner, counts(owner, account)]));
      assert.deepEqual(found(movements, "movements"), movements);
      assert.deepEqual(found(copies, "copies"), copies);
    });
  }

  test("has at least the twelve canonical paths", () => assert.ok(Object.keys(PATHS).length >= 12));
});

describe("a path without its copy", () => {
  const copying = Object.entries(PATHS).flatMap(([name, { steps, stack }]) =>
    steps.flatMap((step, at) => (/\.copy:|\.pages\.map/.test(step) ? [[name, [...steps.slice(0, at), ...steps.slice(at + 1)], stack] as const] : [])));

  test("is what several of the canonical paths can become", () => assert.ok(copying.length >= 6, String(copying.length)));

  for (const [name, steps, stack] of copying) {
    test(`${name}: is refused before it runs, because the data are in kernel memory`, () => {
      assert.throws(() => countsOf(steps, stack), (error) => error instanceof WirelatErrors && error.errors.some(({ code, message }) => code === "location-mismatch" && message.includes("kernel memory")));
    });
  }
});
