import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { describe, test, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { frameLayout, parseCapture, relativeTimes, type Capture } from "../../../src/capture/index.js";

/** Real captures, outside the project; their expected values were computed by another program. */
const FOLDER = fileURLToPath(new URL("../../../../shared/data/pcap/", import.meta.url));
const ABSENT = existsSync(FOLDER) ? false : "the folder of recorded captures is absent";
const DECOMPRESSED_BYTES = 2 ** 26;

interface Expected {
  readonly format: "pcap" | "pcapng";
  readonly endian?: "LE" | "BE";
  readonly unit?: "us" | "ns";
  readonly linktype?: number;
  readonly snaplen?: number;
  readonly packets: number;
  readonly timestamped?: number;
  readonly first_ts_ns: string | null;
  readonly last_ts_ns: string | null;
  readonly min_ts_ns?: string;
  readonly max_ts_ns?: string;
  readonly backward_steps?: number;
  readonly equal_steps?: number;
  readonly captured_bytes: number;
  readonly wire_bytes: number;
  readonly min_len?: number;
  readonly max_len?: number;
  readonly truncated_tail?: boolean;
  readonly blocks?: Readonly<Record<string, number>>;
  readonly last_section_interfaces?: readonly { readonly linktype: number; readonly snaplen: number; readonly ticks_per_s: number; readonly tsoffset: number }[];
}

/** The capture, decompressed with the zstd command where need be; null, with the test skipped, where there is none. */
function load(context: TestContext, name: string): Capture | null {
  if (!name.endsWith(".zst")) return parseCapture(readFileSync(FOLDER + name), name);
  const run = spawnSync("zstd", ["-dcq", FOLDER + name], { maxBuffer: DECOMPRESSED_BYTES });
  if (run.error === undefined && run.status === 0) return parseCapture(run.stdout, name);
  context.skip("the zstd command is not installed");
  return null;
}

function sum(column: Iterable<number>): number {
  let total = 0;
  for (const value of column) total += value;
  return total;
}

/** Times of the packets that have one, ns, in the order of the file. */
function nanoseconds(capture: Capture): readonly bigint[] {
  return [...capture.seconds].flatMap((second, index) =>
    Number.isNaN(second) ? [] : [(BigInt(second) * 1_000_000_000_000n + BigInt(capture.picoseconds[index] ?? NaN)) / 1000n],
  );
}

function check(capture: Capture, expected: Expected): void {
  const times = nanoseconds(capture);
  const ordered = [...times].sort((one, other) => (one < other ? -1 : Number(one > other)));
  const text = (time: bigint | undefined): string | null => (time === undefined ? null : String(time));
  assert.equal(capture.format, expected.format);
  assert.equal(capture.count, expected.packets);
  assert.equal(capture.timed, expected.timestamped ?? expected.packets);
  assert.equal(text(times[0]), expected.first_ts_ns);
  assert.equal(text(times.at(-1)), expected.last_ts_ns);
  assert.equal(sum(capture.capturedBytes), expected.captured_bytes);
  assert.equal(sum(capture.originalBytes), expected.wire_bytes);
  assert.equal(capture.truncatedAt !== null, expected.truncated_tail ?? false);
  if (expected.format === "pcapng") return checkSections(capture, expected);
  assert.equal(text(ordered[0]), expected.min_ts_ns);
  assert.equal(text(ordered.at(-1)), expected.max_ts_ns);
  assert.equal(capture.backwardSteps, expected.backward_steps);
  assert.equal(capture.zeroGaps, expected.equal_steps);
  assert.equal(capture.linkType, expected.linktype);
  assert.equal(capture.interfaces[0]?.snapLength, expected.snaplen);
  assert.equal(capture.interfaces[0]?.ticksPerSecond, expected.unit === "us" ? 1_000_000n : 1_000_000_000n);
  assert.deepEqual([capture.originalBytes.toSorted()[0], capture.originalBytes.toSorted().at(-1)], [expected.min_len, expected.max_len]);
}

function checkSections(capture: Capture, expected: Expected): void {
  assert.deepEqual(capture.blocks, expected.blocks);
  const lastSection = (capture.blocks["SHB"] ?? 0) - 1;
  const interfaces = capture.interfaces
    .filter((from) => from.section === lastSection)
    .map((from) => ({ linktype: from.linkType, snaplen: from.snapLength, ticks_per_s: Number(from.ticksPerSecond), tsoffset: Number(from.offsetSeconds) }));
  assert.deepEqual(interfaces, expected.last_section_interfaces);
}

describe("recorded captures read as another program read them:", { skip: ABSENT }, () => {
  const table = ABSENT === false ? (JSON.parse(readFileSync(`${FOLDER}EXPECTED.json`, "utf8")) as Readonly<Record<string, Expected>>) : {};

  test("the table is not empty", () => assert.ok(Object.keys(table).length >= 50));

  for (const [name, expected] of Object.entries(table)) {
    test(name, (context) => {
      const capture = load(context, name);
      if (capture !== null) check(capture, expected);
    });
  }
});

test("the conformance suite for pcapng has the blocks that its own texts say", { skip: ABSENT }, () => {
  const names = ["basic/test001", "basic/test008", "basic/test018", "advanced/test102", "difficult/test200", "difficult/test201", "difficult/test202"];
  for (const name of names) {
    const file = `${FOLDER}pcapng-suite-le/${name}`;
    const counts = [...readFileSync(`${file}.txt`, "utf8").matchAll(/^\s+([A-Z]+): (\d+)$/gm)].map(([, kind, count]) => [kind, Number(count)]);
    assert.ok(counts.length > 0);
    assert.deepEqual(parseCapture(readFileSync(`${file}.pcapng`), name).blocks, Object.fromEntries(counts));
  }
});

test("times to the nanosecond are those that tcpdump printed", { skip: ABSENT }, () => {
  const capture = parseCapture(readFileSync(`${FOLDER}tcpdump/tcp-handshake-nano.pcap`), "handshake");
  const printed = [...readFileSync(`${FOLDER}tcpdump/tcp-handshake-nano-tt.out`, "utf8").matchAll(/ (\d{10})\.(\d{9}) IP/g)];
  assert.equal(printed.length, 3);
  assert.deepEqual(nanoseconds(capture), printed.map(([, seconds, fraction]) => BigInt(`${seconds}${fraction}`)));
});

test("the flows of a capture have the packets and IP bytes that Zeek counted", { skip: ABSENT }, () => {
  const PACKETS_AND_BYTES = [16, 17, 18, 19];
  for (const name of ["ssh", "concurrent-range-requests"]) {
    const rows = readFileSync(`${FOLDER}zeek/${name}.pcap.conn.log`, "utf8").split("\n").filter((line) => line !== "" && !line.startsWith("#")).map((line) => line.split("\t"));
    const [packetsOut, bytesOut, packetsIn, bytesIn] = PACKETS_AND_BYTES.map((column) => sum(rows.map((row) => Number(row[column]))));
    const capture = parseCapture(readFileSync(`${FOLDER}zeek/${name}.pcap`), name);
    const layouts = Array.from({ length: capture.count }, (_, index) => frameLayout(capture, index)).filter((layout) => layout !== null);
    assert.ok(rows.length > 0);
    assert.equal(layouts.length, (packetsOut ?? NaN) + (packetsIn ?? NaN));
    assert.equal(sum(layouts.map((layout) => layout.networkBytes + layout.transportBytes + layout.payloadBytes)), (bytesOut ?? NaN) + (bytesIn ?? NaN));
  }
});

test("the two sides of a forwarding device differ by the latencies published for it", { skip: ABSENT }, (context) => {
  const before = load(context, "tum-lowlatency/l2fwd-hw-pre.pcap.zst");
  const after = before === null ? null : load(context, "tum-lowlatency/l2fwd-hw-post.pcap.zst");
  if (before === null || after === null) return;
  // Both clocks are one: the second file's first packet is not its zero, so the offset between the two is added again.
  const origin = (capture: Capture): number => (capture.seconds[0] ?? NaN) * 1e12 + (capture.picoseconds[0] ?? NaN);
  const offset = origin(after) - origin(before);
  const entered = relativeTimes(before);
  const latencies = relativeTimes(after).map((time, index) => time + offset - (entered[index] ?? NaN)).sort();
  // The table counts ranks from 0, so that its 99.9 % has 300 values from it on, of 300,000.
  const quantile = (share: number): number | undefined => latencies[Math.floor(share * latencies.length)];
  assert.deepEqual([latencies[0], quantile(0.5), quantile(0.99), quantile(0.999), latencies.at(-1)], [3037e3, 3137e3, 3362e3, 7700e3, 13_550e3]);
  assert.equal(Math.round(sum(latencies) / latencies.length), 3_146_945);
});
