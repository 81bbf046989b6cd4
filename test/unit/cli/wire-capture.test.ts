// Goal: a capture holds what passes a tap, framed as what is sent there, and says what it leaves out. Method: a path that comes by UDP and goes
// on by RDMA; Wireshark's dissectors read 10,000 packets where they are installed.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { frameLayout, invariantCrc, packetBytes, parseCapture, relativeTimes } from "../../../src/capture/index.js";
import { WireCapture } from "../../../src/cli/wire-capture.js";
import { eachMessage, type CompiledCase } from "../../../src/experiment/index.js";
import { CATALOGUE } from "../../../src/models/index.js";
import { compile } from "../../../src/scenario/index.js";
import { readText } from "../../support/read-text.js";
import { folderWith } from "../../support/small-scenario.js";

const MESSAGES = 10_000;
const RELAY = `wirelat: 1
id: relay
title: Comes by UDP, goes on by RDMA
hosts:
  gw: { use: host/xeon-linux, bus: { link: gen3 x16 }, nic: { use: nic/generic-10g }, hca: { use: hca/connectx-5 }, cores: { irq: 2, app: 3 }, cpu: { idle: poll } }
  db: { use: host/xeon-linux, bus: { link: gen3 x16 }, hca: { use: hca/connectx-5 }, cores: { app: 3 }, cpu: { idle: poll } }
links:
  feed: { use: link/10gbase-r, length: 3 m }
  ib: { use: link/ib-edr-4x, length: 3 m }
regions:
  db.mailbox: { bytes: 4 KiB, pinned: true, rights: [remote-write], numa: 0 }
traffic:
  ticks: { use: traffic/poisson, rate: 20 kpps, payload: 65 B, path: through }
paths:
  through:
    - feed
    - gw.nic.rx: { into: user }
    - gw.pmd.rx
    - gw.rdma.write: { to: db.mailbox, via: ib, inline: true, flag: last-byte }
    - db.poll: { watch: db.mailbox.flag, core: app, loop: 20 ns }
    - tap: seen
metrics:
  delay: { from: gw.in, to: seen }
run: { messages: ${MESSAGES}, seed: 1 }
`;

const folder = folderWith({});
const captures = new Map<string, WireCapture>();
const times = new Map<string, number[]>();
const at = (tap: string): string => join(folder, `${tap}.pcapng`);

before(async () => {
  const [first] = readText(RELAY).cases;
  assert.ok(first !== undefined);
  const one: CompiledCase = { ...first, compiled: compile(first.scenario, CATALOGUE) };
  for (const tap of ["gw.in", "gw.out", "db.in"]) captures.set(tap, new WireCapture(tap, one));
  captures.set("short", new WireCapture("gw.in", one, 1234));
  await eachMessage(one.compiled, { seed: 1, messages: MESSAGES, warmup: 0 }, (table, row) => {
    for (const capture of captures.values()) capture.add(table, row);
  }, () => undefined);
  for (const [tap, capture] of captures) {
    assert.equal(capture.write(at(tap)), at(tap));
    times.set(tap, [...relativeTimes(read(tap))]);
  }
});

const read = (tap: string): ReturnType<typeof parseCapture> => parseCapture(readFileSync(at(tap)), tap);

describe("a capture of a path that comes by UDP and goes on by RDMA", () => {
  test("has UDP where the frame comes from outside, and RoCEv2 with its CRC on both ends of the wire between the adapters", () => {
    for (const [tap, port] of [["gw.in", 40_001], ["gw.out", 4791], ["db.in", 4791]] as const) {
      const capture = read(tap);
      assert.equal(capture.count, MESSAGES);
      for (const packet of [0, 1, MESSAGES - 1]) {
        const bytes = Uint8Array.from(packetBytes(capture, packet));
        assert.equal(frameLayout(capture, packet)?.destinationPort, port, tap);
        if (port === 4791) assert.equal(new DataView(bytes.buffer).getUint32(bytes.length - 4, true), invariantCrc(bytes));
      }
    }
  });

  test("is in the order of time, in whole nanoseconds", () => {
    for (const list of times.values()) assert.ok(list.every((time, index) => time % 1000 === 0 && time >= (list[index - 1] ?? 0)));
    // Beyond 18 ms, 64 bits are too narrow for a careless product of picoseconds.
    assert.ok((times.get("gw.in")?.at(-1) ?? 0) > 0.4e12);
  });

  test("says how many frames it leaves out beyond its limit, and keeps to it", () => {
    assert.equal(captures.get("gw.in")?.shortage, null);
    assert.equal(read("short").count, 1234);
    assert.match(captures.get("short")?.shortage ?? "", /^holds the first 1,234 of 10,000 frames that pass gw\.in, by when their messages end; --csv and --parquet have all of them$/u);
    assert.deepEqual(times.get("short"), times.get("gw.in")?.slice(0, 1234));
  });

  const installed = spawnSync("tshark", ["--version"]).status === 0;
  test("is read by Wireshark: every packet, none malformed, at its time", { skip: installed ? false : "tshark is not installed" }, () => {
    const dissected = (tap: string, ...fields: readonly string[]): string[][] => spawnSync("tshark", ["-r", at(tap), "-o", "udp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE", "-T", "fields", ...fields.flatMap((field) => ["-e", field])], { encoding: "utf8", maxBuffer: 1 << 26 })
      .stdout.trimEnd().split("\n").map((line) => line.split("\t"));
    const common = ["frame.time_relative", "_ws.malformed", "_ws.expert.severity", "ip.checksum.status", "udp.checksum.status"];
    for (const [tap, field, value] of [["gw.in", "udp.length", "73"], ["gw.out", "infiniband.reth.dmalen", "65"], ["db.in", "infiniband.bth.opcode", "10"]] as const) {
      const rows = dissected(tap, field, ...common);
      assert.equal(rows.length, MESSAGES);
      rows.forEach(([found, time, malformed = "", severity = "", ...checksums], index) => {
        assert.deepEqual([found, malformed, severity, checksums], [value, "", "", ["1", "1"]], `packet ${index + 1} of ${tap}`);
        assert.equal(Math.round(Number(time) * 1e9) * 1000, times.get(tap)?.[index]);
      });
    }
  });
});
