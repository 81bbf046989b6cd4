import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { WirelatError, type ErrorCode } from "../../../src/errors/index.js";
import { confinedName, diskFolder, openScenarioFile, readScenario, type Scenario } from "../../../src/scenario/index.js";
import { writePcap } from "../../../src/capture/index.js";
import { BUNDLED, FAKE, PLAIN } from "../../support/fake-catalogue.js";
import { read, refused } from "./reading.js";

const root = mkdtempSync(join(tmpdir(), "wirelat-scenario-"));
after(() => rmSync(root, { recursive: true, force: true }));

/** Writes files below the root and gives the path of the first. */
function write(files: Readonly<Record<string, string | Uint8Array>>): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(root, name, ".."), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  return join(root, Object.keys(files)[0] ?? "");
}

write(Object.fromEntries(Object.entries({ ...BUNDLED, "plain.yaml": PLAIN }).map(([name, text]) => [`package/${name}`, text])));
const bundled = join(root, "package");

function readFrom(path: string): Scenario {
  const { file, access } = openScenarioFile(path, bundled);
  return readScenario(file, { access, catalogue: FAKE });
}

function codeOf(action: () => unknown): ErrorCode | "none" {
  try {
    action();
  } catch (error) {
    if (error instanceof WirelatError) return error.code;
    throw error;
  }
  return "none";
}

describe("a scenario on disk", () => {
  test("is read with what lies beside it and what the package brings", () => {
    const path = write({ "one/main.yaml": "wirelat: 1\nextends: parts/child.yaml\n", "one/parts/child.yaml": "wirelat: 1\nextends: plain\nrun: { seed: 4 }\n" });
    assert.equal(readFrom(path).cases[0]?.scenario.run.seed, 4);
  });

  test("of the package reads the rest of it from any folder", () => {
    const path = write({ "package/questions/first.yaml": "wirelat: 1\nextends: ../plain.yaml\n" });
    assert.equal(readFrom(path).cases.length, 1);
    assert.ok([...readFrom(path).inputs.keys()].some((name) => name.endsWith("package/plain.yaml")));
  });

  test("does not read what lies outside its folder", () => {
    write({ "secret.yaml": PLAIN });
    refused("file-outside", () => readFrom(write({ "two/main.yaml": "wirelat: 1\nextends: ../secret.yaml\n" })));
    refused("file-outside", () => readFrom(write({ "two/main.yaml": `wirelat: 1\nextends: ${root}/secret.yaml\n` })));
    symlinkSync(join(root, "secret.yaml"), join(root, "two/link.yaml"));
    refused("file-outside", () => readFrom(write({ "two/main.yaml": "wirelat: 1\nextends: link.yaml\n" })));
    symlinkSync(root, join(root, "two/up"));
    refused("file-outside", () => readFrom(write({ "two/main.yaml": "wirelat: 1\nextends: up/secret.yaml\n" })));
  });

  test("is not read where it is no file, no text, or too large", () => {
    assert.equal(refused("file-unreadable", () => readFrom(join(root, "nowhere.yaml"))).message.endsWith("there is no such file"), true);
    refused("file-unreadable", () => readFrom(bundled));
    refused("file-unreadable", () => readFrom(write({ "three/latin.yaml": Uint8Array.of(0x61, 0x3a, 0x20, 0xe9) })));
    refused("file-unreadable", () => readFrom(write({ "three/large.yaml": "#".repeat((1 << 20) + 1) })));
  });

  test("lists files by their ending, sorted", () => {
    assert.deepEqual(diskFolder(bundled, "package").list("hardware/nic", ".yaml"), ["hardware/nic/fancy.yaml", "hardware/nic/plain.yaml"]);
    assert.deepEqual(diskFolder(bundled, "package").list("nowhere", ".yaml"), []);
  });
});

describe("a path inside a scenario", () => {
  const place = { file: "main.yaml", line: 1, column: 1 };

  test("is relative to the file that it is written in", () => {
    assert.equal(confinedName("deep/main.yaml", "parts/../other.csv", place), "deep/other.csv");
    assert.equal(confinedName("deep/main.yaml", "../other.csv", place), "other.csv");
    assert.equal(confinedName("main.yaml", "./a//b.csv", place), "a/b.csv");
  });

  for (const path of ["", "..", "../x", "a/../../x", "/etc/passwd", "~/x", "C:\\x", "a\\b", "x\u0000y", "file:x", ".", "a/.."]) {
    test(`may not be ${JSON.stringify(path)}`, () => assert.equal(codeOf(() => confinedName("main.yaml", path, place)), "file-outside"));
  }
});

describe("arrivals of a capture", () => {
  /** Ethernet, IPv4 and UDP to port 10, as far as the reader looks at them. */
  const frame = (payload: number): Uint8Array => {
    const headers = [...new Array<number>(12).fill(2), 8, 0, 0x45, 0, 0, 28 + payload, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0, 9, 0, 10, 0, 8 + payload, 0, 0];
    return Uint8Array.from([...headers, ...new Array<number>(payload).fill(0)]);
  };
  const capture = writePcap([0, 3, 5].map((us, index) => ({ seconds: 10, picoseconds: us * 1_000_000, bytes: frame(20 + index) })));
  const scenario = (more: string): string => PLAIN.replace("{ use: traffic/poisson, rate: 20 kpps, payload: 64 B, path: t2t }", `{ use: traffic/capture, file: a.pcap, path: t2t${more} }`);
  const series = (more = ""): readonly (readonly number[])[] => {
    const found = read(scenario(more), { "a.pcap": capture }).cases[0]?.scenario.traffic[0]?.series;
    return [[...(found?.times ?? [])], [...(found?.payloads ?? [])]];
  };

  test("are read, counted from the first, with their payloads", () => assert.deepEqual(series(), [[0, 3_000_000, 5_000_000], [20, 21, 22]]));
  test("are scaled by their speed", () => assert.deepEqual(series(", speed: 200%")[0], [0, 1_500_000, 2_500_000]));
  test("are chosen by a filter", () => assert.match(refused("capture-empty", () => series(", filter: { destination-port: 99 }")).message, /passes the filter/u));

  test("vary with the sweep", () => {
    const { cases } = read(`${scenario("")}sweep: { ticks.speed: [100%, 50%] }\n`, { "a.pcap": capture });
    assert.deepEqual(cases.map((one) => one.scenario.traffic[0]?.series?.times[2]), [5_000_000, 10_000_000]);
  });

  test("may also be samples of a distribution", () => {
    const text = PLAIN.replace("nic/plain }", "nic/plain, rx.pipeline: { empirical: wake.csv } }");
    const checked = read(text, { "wake.csv": "# measured\n1 us\n\n3 us\r\n2.5 us\n" }).cases[0]?.scenario;
    const raw = checked?.instances[0]?.children.find((child) => child.name === "gw.nic")?.params["rx.pipeline"]?.value;
    assert.ok(raw instanceof Map);
    assert.deepEqual([...((raw.get("samples") as { value: Float64Array }).value)], [1_000_000, 3_000_000, 2_500_000]);
  });
});
