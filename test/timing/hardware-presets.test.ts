import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { MODELS, TRAFFIC } from "../../src/models/index.js";
import { BUNDLED_FOLDER, compile, diskFolder, readScenario, type FileFolder } from "../../src/scenario/index.js";

const catalogue = { models: new Map(MODELS.map((model) => [model.name, model])), traffic: new Map(TRAFFIC.map((traffic) => [traffic.name, traffic])) };

/** A folder that holds one file, in memory. */
function only(text: string): FileFolder {
  return { label: (name) => name, has: (name) => name === "test.yaml", read: () => new TextEncoder().encode(text), list: () => [] };
}

const STREAMING = new Set(["nic/exanic-x10"]);

/** Time from the first bit at the host to the frame's visibility in memory, one message alone, in ps. */
function arrival(link: string, nic: string, bus = "bus/pcie-gen3-x8"): number {
  // One that streams has no interrupts to moderate and one kind of buffer.
  const streams = STREAMING.has(nic);
  const adapter = streams ? `{ use: ${nic} }` : `{ use: ${nic}, moderation: { mode: none } }`;
  const text = `
wirelat: 1
id: test
title: One frame
hosts:
  gw: { use: host/xeon-linux, bus: { use: ${bus} }, nic: ${adapter}, cores: { app: 3 } }
links:
  feed: { use: ${link}, length: 1 m }
traffic:
  ticks: { use: traffic/constant, rate: 1 kpps, payload: 64 B, path: in }
paths:
  in: [feed, { gw.nic.rx: ${streams ? "whole" : "user"} }, gw.nic.replenish, { tap: landed }]
metrics:
  in: { from: gw.in@sof, to: landed }
run: { messages: 1, seed: 1 }
`;
  return floorOf(text);
}

/** Latency of one message alone by the scenario's only metric, in ps. */
function floorOf(text: string): number {
  const scenario = readScenario("test.yaml", { access: { own: only(text), bundled: diskFolder(BUNDLED_FOLDER, "scenarios") }, catalogue });
  const floor = compile(scenario.cases[0]!.scenario, catalogue).paths[0]!.metrics[0]!.floor;
  assert.ok(floor !== null, "the metric has a floor");
  return floor;
}

const presets = (folder: string): string[] => readdirSync(join(BUNDLED_FOLDER, "hardware", folder)).map((file) => `${folder}/${file.replace(".yaml", "")}`);
/** From the last bit in the device to visibility: pipeline, payload and completion over gen3 x8, flight, landing. */
const inside = 150_000 + 17_012 + 5078 + 200_000;

describe("link presets", () => {
  /** Time of the 118 bytes and of the error correction. */
  const expected: Readonly<Record<string, number>> = {
    "link/1000base-t": 118 * 8000,
    "link/10gbase-r": 118 * 800,
    "link/25gbase-r": 118 * 320 + 204_800 + 45_000,
    "link/100gbase-r": 118 * 80 + 51_200 + 45_000,
    "link/400gbase-r": 118 * 20 + 25_600 + 45_000,
    "link/ib-sdr-1x": 118 * 4000,
    "link/ib-sdr-4x": 118 * 1000,
    "link/ib-fdr-4x": Math.round((118 * 8e6) / (4 * 14_062.5 * (64 / 66))),
    "link/ib-edr-4x": 118 * 80,
    "link/ib-hdr-4x": 118 * 40,
    "link/ib-ndr-4x": 118 * 20,
    "link/10base-t": 118 * 800_000,
    "link/100base-tx": 118 * 80_000,
    "link/40gbase-r": 118 * 200,
    "link/25gbase-cr-s": 118 * 320,
    // 32 blocks of 8 bytes in a codeword of the short code, 80 in one of the others.
    "link/25gbase-r-fc": 118 * 320 + 256 * 320 + 45_000,
    "link/50gbase-r": 118 * 160 + 640 * 160 + 45_000,
    "link/200gbase-r": 118 * 40 + 2 * 640 * 40 + 45_000,
    "link/800gbase-r": 118 * 10 + 4 * 640 * 10 + 45_000,
    "link/ib-sdr-12x": Math.round((118 * 1000) / 3),
    "link/ib-ddr-4x": 118 * 500,
    "link/ib-qdr-4x": 118 * 250,
    "link/ib-hdr-2x": 118 * 80,
    "link/ib-ndr-2x": 118 * 40,
  };

  for (const link of presets("link").filter((name) => !name.startsWith("link/sci-"))) {
    test(`${link} takes its time for a frame of 118 bytes`, () => {
      assert.ok(link in expected, "a preset without an expectation here");
      assert.equal(arrival(link, "nic/generic-10g"), 80_000 + expected[link]! + inside);
    });
  }
});

describe("bus presets", () => {
  const TRANSFERS: Readonly<Record<string, number>> = { gen1: 2.5, gen2: 5, gen3: 8, gen4: 16, gen5: 32, gen6: 64 };

  /** Picoseconds of packets on a link, by its name: line code of 8b/10b, then 128b/130b, then flits of 256 B that hold 236 B. */
  function time(bus: string, bytes: number): number {
    const [, generation = "", lanes = ""] = /pcie-(gen\d)-x(\d+)/u.exec(bus) ?? [];
    const raw = 8000 / (TRANSFERS[generation]! * Number(lanes));
    if (generation === "gen6") return Math.round(raw * Math.ceil(bytes / 236) * 256);
    return Math.round(bytes * raw * (generation < "gen3" ? 10 / 8 : 130 / 128));
  }

  for (const bus of presets("bus").filter((name) => name.startsWith("bus/pcie-"))) {
    test(`${bus} takes its time for a frame and its completion entry`, () => {
      const header = bus.includes("gen6") ? 16 : 24;
      const moved = time(bus, 110 + header) + time(bus, 16 + header);
      assert.equal(arrival("link/10gbase-r", "nic/generic-10g", bus), 118 * 800 + 80_000 + 150_000 + moved + 200_000);
    });
  }

  test("the numbers that everybody quotes", () => {
    assert.equal(time("bus/pcie-gen3-x8", 1000), 126_953);
    assert.equal(time("bus/pcie-gen5-x8", 100_000), time("bus/pcie-gen4-x16", 100_000));
    assert.equal(time("bus/pcie-gen1-x1", 1), 4000);
  });
});

describe("presets of other buses", () => {
  /** Clocks of a frame of 110 bytes and of a completion entry of 16: arbitration, words and phases; and what lies behind the bus. */
  const pci = (word: number, megahertz: number, phases: number): number => [110, 16].reduce((sum, size) => sum + Math.round(2e6 / megahertz) + Math.round(((Math.ceil(size / word) + phases) * 1e6) / megahertz), 0);
  const csa = [110 - 64, 64, 16].reduce((sum, size) => sum + Math.round(((size + 8) * 1e6) / 266), 0) + 2 * 15_000;
  const expected: Readonly<Record<string, number>> = {
    "bus/pci-32-33": pci(4, 33, 6) + 500_000,
    "bus/pci-64-66": pci(8, 66, 6) + 350_000,
    "bus/pci-x-66": pci(8, 66, 8) + 300_000,
    "bus/pci-x-133": pci(8, 133, 8) + 300_000,
    "bus/csa-266": csa + 200_000,
    // Two lines and one: ten slots and five.
    "bus/cxl-1.1-x16": 5 * 1079 + 65_000,
    "bus/cxl-2.0-x8": 5 * 2158 + 65_000,
    "bus/cxl-3.1-x8": 2 * 4000 + 65_000,
  };

  for (const bus of presets("bus").filter((name) => /^bus[/](?:pci-|csa|cxl)/u.test(name))) {
    test(`${bus} takes its time for a frame and its completion entry`, () => {
      assert.ok(bus in expected, "a preset without an expectation here");
      assert.equal(arrival("link/10gbase-r", "nic/generic-10g", bus), 118 * 800 + 80_000 + 150_000 + expected[bus]!);
    });
  }
});

describe("FireWire presets", () => {
  /** Bytes of the largest packet, and how many times as long as at S400 each takes. */
  const speeds: Readonly<Record<string, readonly [number, number]>> = { s100: [512, 4], s200: [1024, 2], s400: [2048, 1] };

  /** Latency of one read of the largest packet's data over the bus and the controllers of a speed. */
  function read(speed: string, data: number): number {
    const controller = `{ use: host/xeon-linux, cores: { app: 3 }, firewire: { use: firewire/${speed} } }`;
    const text = `
wirelat: 1
id: test
title: One read
hosts: { dbg: ${controller}, target: ${controller} }
links: { fw: { use: bus/firewire-${speed} } }
regions: { target.image: { bytes: 4 MiB, pinned: true, below: 4 GiB } }
traffic: { ask: { use: traffic/constant, rate: 1 kpps, payload: ${data} B, path: ask } }
paths: { ask: [{ tap: ask }, { dbg.firewire.read: { via: fw, from: target.image } }, { tap: got }] }
metrics: { ask: { from: ask, to: got } }
run: { messages: 1, seed: 1 }
`;
    return floorOf(text);
  }

  test("are those that ship", () => {
    assert.deepEqual(presets("firewire"), Object.keys(speeds).map((speed) => `firewire/${speed}`));
    assert.deepEqual(presets("bus").filter((name) => name.startsWith("bus/firewire-")), Object.keys(speeds).map((speed) => `bus/firewire-${speed}`));
  });

  for (const [speed, [largest, factor]] of Object.entries(speeds)) {
    test(`${speed} has its byte time`, () => {
      const pcie = (bytes: number): number => Math.round(bytes * 126.953125) * 2;
      const more = read(speed, largest) - read(speed, largest - 256);
      // 256 B more on the bus, read from one memory and written to the other, one more completion and write packet each.
      assert.ok(Math.abs(more - (256 * factor * 15_625_000) / 768 - pcie(256 + 22)) <= 2, `${more}`);
    });
  }
});

describe("presets of remote shared memory", () => {
  test("are those that ship, and take 2 us for a store, of which the ring is a tenth", () => {
    assert.deepEqual([presets("rsm"), presets("link").filter((name) => name.startsWith("link/sci-"))], [["rsm/sci-pci"], ["link/sci-500"]]);
    const host = "{ use: host/xeon-linux, cores: { app: 3 }, rsm: { use: rsm/sci-pci } }";
    const text = `
wirelat: 1
id: test
title: One store
hosts: { a: ${host}, b: ${host} }
links: { ring: { use: link/sci-500 } }
regions: { b.segment: { bytes: 4 KiB, pinned: true, rights: [remote-write] } }
traffic: { put: { use: traffic/constant, rate: 1 kpps, payload: 64 B, path: put } }
paths: { put: [{ tap: ask }, { a.rsm.put: { to: b.segment, via: ring } }, { tap: got }] }
metrics: { put: { from: ask, to: got } }
run: { messages: 1, seed: 1 }
`;
    assert.equal(floorOf(text), 150_000 + 2 * Math.round(88 * 126.953125) + 150_000 + 500_000 + 70_000 + 25_000 + 160_000 + 500_000 + 180_000);
  });
});

describe("adapter presets", () => {
  const onBus = (bytes: number): number => Math.round((bytes + 24) * 126.953125);
  /** PHY, pipeline, completion entry and what of the check sequence goes to memory, each in its own unit. */
  const by = (phy: number, pipeline: number, completion = 16, frame = 110): number => phy + pipeline + onBus(frame) + onBus(completion) + 200_000;
  const expected: Readonly<Record<string, number>> = {
    "nic/intel-82540em": by(300_000, 500_000),
    "nic/intel-i210": by(448_000, 250_000),
    "nic/intel-i225": by(1_485_000, 250_000),
    "nic/intel-82599": by(155_000, 676_000),
    "nic/intel-x552": by(155_000, 416_000),
    "nic/intel-x710": by(155_000, 750_000),
    // A lone frame waits for three more, and then four entries go at once.
    "nic/intel-x710-packed": by(155_000, 750_000, 64) + 32_000_000,
    "nic/intel-e810": by(155_000, 1_090_000, 32),
    "nic/connectx-4-lx": by(80_000, 150_000, 64),
    "nic/connectx-5-en": by(80_000, 150_000, 64),
    // A chunk of 128 B, and no completion entry.
    "nic/exanic-x10": 40_000 + 30_000 + onBus(128) + 200_000,
    "nic/solarflare-x2522": by(40_000, 17_000, 8, 106),
    "nic/solarflare-x2522-25g": by(40_000, 17_000, 8, 106),
    "nic/generic-10g": 80_000 + inside,
    "nic/generic-25g": 80_000 + inside,
    // A completion entry of 64 B instead of 16.
    "nic/generic-100g": 80_000 + inside - 5078 + Math.round(88 * 126.953125),
    "nic/generic-1g": 300_000 + inside + 100_000,
  };

  for (const nic of presets("nic")) {
    test(`${nic} takes its time from the last bit to memory`, () => {
      assert.ok(nic in expected, "a preset without an expectation here");
      assert.equal(arrival("link/10gbase-r", nic), 118 * 800 + expected[nic]!);
    });
  }
});

describe("switch presets", () => {
  /** From first bit to first bit at the speed at which it was published, in ps. */
  const expected: Readonly<Record<string, readonly [link: string, ps: number]>> = {
    "switch/nexus-3548": ["link/10gbase-r", 250_000],
    "switch/nexus-3548-warp": ["link/10gbase-r", 190_000],
    "switch/arista-7150": ["link/10gbase-r", 380_000],
    "switch/mellanox-switchx": ["link/40gbase-r", 230_000],
    "switch/generic-100g": ["link/25gbase-cr-s", 42 * 320 + 500_000],
    "switch/generic-1g-store-forward": ["link/1000base-t", 118 * 8000 + 2_000_000],
    "switch/infiniband": ["link/ib-edr-4x", 110_640],
    "switch/quantum-2": ["link/ib-ndr-4x", 150_000],
    "switch/l1-crosspoint": ["link/10gbase-r", 5000],
    "switch/metamux": ["link/10gbase-r", 39_000],
  };

  function portToPort(preset: string, link: string): number {
    const text = `
wirelat: 1
id: test
title: One frame
links:
  feed: { use: ${link}, length: 1 m }
  order: { use: ${link}, length: 1 m }
switches:
  tor: { use: ${preset} }
traffic:
  ticks: { use: traffic/constant, rate: 1 kpps, payload: 64 B, path: through }
paths:
  through: [feed, tor, order]
metrics:
  hop: { from: tor.in@sof, to: tor.out@sof }
run: { messages: 1, seed: 1 }
`;
    const scenario = readScenario("test.yaml", { access: { own: only(text), bundled: diskFolder(BUNDLED_FOLDER, "scenarios") }, catalogue });
    const floor = compile(scenario.cases[0]!.scenario, catalogue).paths[0]!.metrics[0]!.floor;
    assert.ok(floor !== null, "the metric has a floor");
    return floor;
  }

  for (const preset of presets("switch")) {
    test(`${preset} takes the time that was published for it`, () => {
      const [link, ps] = expected[preset] ?? assert.fail("a preset without an expectation here");
      assert.equal(portToPort(preset, link), ps);
    });
  }
});

describe("presets of adapters for remote memory access", () => {
  for (const preset of presets("hca")) {
    test(`${preset} sends between two hosts over the link that it needs`, () => {
      const stream = /iwarp|toe|t5/.test(preset);
      const floor = floorOf(`
wirelat: 1
id: test
title: One message
hosts:
  a: { use: host/xeon-linux, hca: { use: ${preset} }, cores: { app: 3 } }
  b: { use: host/xeon-linux, hca: { use: ${preset} }, cores: { app: 3 } }
links:
  net: { use: ${stream ? "link/40gbase-r" : "link/ib-edr-4x"}, length: 1 m }
traffic:
  pings: { use: traffic/constant, rate: 1 kpps, payload: 64 B, path: out }
paths:
  out: [{ tap: posted }, { a.rdma.send: { to: b, via: net } }, { b.poll: { watch: cq, core: app } }, { tap: seen }]
metrics:
  send: { from: posted, to: seen }
run: { messages: 1, seed: 1 }
`);
      assert.ok(floor > 700_000 && floor < 6_000_000, String(floor));
    });
  }
});

describe("presets of adapters with processors", () => {
  for (const preset of presets("dpu")) {
    test(`${preset} works on a packet between two links`, () => {
      const floor = floorOf(`
wirelat: 1
id: test
title: One packet
devices:
  dpu: { use: ${preset} }
links:
  feed: { use: link/100gbase-r, length: 1 m }
  out: { use: link/100gbase-r, length: 1 m }
traffic:
  ticks: { use: traffic/constant, rate: 1 kpps, payload: 64 B, path: through }
paths:
  through: [feed, dpu.process, out]
metrics:
  through: { from: dpu.in@eof, to: dpu.out@sof }
run: { messages: 1, seed: 1 }
`);
      assert.ok(floor > 500_000 && floor < 2_500_000, String(floor));
    });
  }
});
