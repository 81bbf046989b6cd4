import { WirelatError } from "../../src/errors/index.js";
import {
  bytes, choice, chosen, cycleCount, defineModel, defineTraffic, duration, estimated, eventRate, flag, frequency, length, list, number, percent, standard, text, threads, timing,
  type Model, type Traffic,
} from "../../src/modeling/index.js";
import type { Catalogue, FileAccess, FileFolder } from "../../src/scenario/index.js";

// A small catalogue that is only as rich as reading scenarios needs: nothing of it runs.

const any = chosen("for tests");

const link: Model = defineModel({
  name: "link/wire", title: "A wire", about: "", provides: "link",
  params: { rate: eventRate("1 Mpps", "how fast", any), length: length("1 m", "how long", any) },
  parts: () => ({}),
  operations: (operation) => ({ traverse: operation({ meaning: "from end to end", steps: () => [] }) }),
});

const nic: Model = defineModel({
  name: "nic/model", title: "An adapter", about: "", provides: "interrupts",
  params: {
    numa: number(0, "node", any),
    "rx.pipeline": timing("150 ns", "first bit in to first write", estimated("typical", ["80 ns", "250 ns"])),
    "rx.ring": number(1024, "slots", any),
    "moderation.mode": choice(["none", "timer-from-first", "throttle"], "none", "law", any),
    "moderation.time": duration("8 us", "timer", any),
    "moderation.frames": number(32, "count", any),
    "tx.mode": choice(["ring", "inline"], "ring", "how a frame gets there", any),
  },
  parts: () => ({}),
  operations: (operation) => ({
    rx: operation({ meaning: "in", args: { into: choice(["kernel", "user"], "kernel", "where to", any) }, steps: () => [] }),
    tx: operation({ meaning: "out", steps: () => [] }),
  }),
});

const core: Model = defineModel({
  name: "host/core", title: "Cores", about: "", provides: "cpu",
  params: { threads: threads("which thread runs where", any), idle: choice(["poll", "c1", "c6"], "poll", "how it sleeps", any), clock: frequency("3 GHz", "clock", any) },
  parts: () => ({}),
  operations: () => ({}),
});

const os: Model = defineModel({
  name: "os/model", title: "A kernel", about: "",
  params: { busy_poll: duration("0 us", "how long it spins", any), offloads: list([], "what the adapter does", any), "stack.rx": timing("1 us", "receive path", any) },
  parts: () => ({}),
  operations: (operation) => ({
    run: operation({ meaning: "user code", args: { time: timing(null, "how long", any), core: text("app", "thread", any) }, main: "time", steps: () => [] }),
    wake: operation({ meaning: "wake a thread", args: { thread: text(null, "which", any) }, main: "thread", steps: () => [] }),
    poll: operation({ meaning: "look at a byte", args: { watch: text(null, "what", any), loop: duration("20 ns", "one turn", any) }, steps: () => [] }),
    irq: operation({ meaning: "interrupt", steps: () => [] }),
  }),
});

const logic: Model = defineModel({
  name: "fpga/model", title: "A pipeline", about: "",
  params: { clock: frequency("322.265625 MHz", "clock", any), "mac.cycles": cycleCount("3 cycles", "MAC", any), "mac.start": choice(["late", "early"], "late", "when to send", any), checked: flag(true, "whether it checks", any), fifo: bytes("4 KiB", "buffer", standard("ieee-802-3")) },
  parts: () => ({}),
  operations: (operation) => ({
    mac: operation({ meaning: "out", args: { cycles: cycleCount("3 cycles", "MAC", any), start: choice(["late", "early"], "late", "when to send", any) }, steps: () => [] }),
  }),
});

const poisson: Traffic = defineTraffic({
  name: "traffic/poisson", title: "Poisson", about: "", closedLoop: false,
  params: { rate: eventRate("100 kpps", "how often", any), payload: bytes("64 B", "how much", any), jitter: percent("0%", "how uneven", any) },
  arrivals: () => { throw new WirelatError("traffic-capture", "nothing of this catalogue runs"); },
});

const capture: Traffic = defineTraffic({
  name: "traffic/capture", title: "Replay", about: "", closedLoop: false,
  params: { file: text(null, "capture", any), speed: percent("100%", "how fast", any), "filter.destination-port": number(0, "port", any) },
  arrivals: () => { throw new WirelatError("traffic-capture", "nothing of this catalogue runs"); },
});

export const FAKE: Catalogue = {
  models: new Map([link, nic, core, os, logic].map((model) => [model.name, model])),
  traffic: new Map([poisson, capture].map((traffic) => [traffic.name, traffic])),
};

/** Presets and a scenario to extend, as the package would bring them. */
export const BUNDLED: Readonly<Record<string, string>> = {
  "hardware/link/ten.yaml": "preset: link/ten\nmodel: link/wire\ntitle: Ten\nparams:\n  rate: { value: 14.88 Mpps, tag: S, cite: ieee-802-3 }\n",
  "hardware/nic/plain.yaml":
    "preset: nic/plain\nmodel: nic/model\ntitle: Plain adapter\nparams:\n" +
    "  rx.pipeline: { value: 120 ns, tag: E, range: [80 ns, 180 ns], note: like others }\n" +
    "  moderation: { mode: { value: timer-from-first, tag: C }, time: { value: 16 us, tag: V, cite: linux-mlx5-en-h } }\n",
  "hardware/nic/fancy.yaml": "preset: nic/fancy\nextends: nic/plain\ntitle: Fancy adapter\nparams:\n  moderation.mode: { value: none, tag: C }\n",
  "hardware/host/server.yaml":
    "preset: host/server\ntitle: A server\ncomponents:\n  cpu: { use: host/core, clock: { value: 2.5 GHz, tag: V, cite: memory-latency-checker } }\n  os: { use: os/model }\n" +
    "aliases: { cores: cpu.threads, llc: os }\n",
  "hardware/host/big.yaml": "preset: host/big\nextends: host/server\ntitle: A big server\ncomponents:\n  cpu: { idle: c1 }\n  nic: { use: nic/plain, numa: 1 }\n",
  "hardware/fpga/card.yaml": "preset: fpga/card\nmodel: fpga/model\ntitle: Card\n",
  "plain.yaml": "",
};

/** The scenario that tests begin from. */
export const PLAIN = `wirelat: 1
hosts:
  gw:
    use: host/server
    nic: { use: nic/plain }
    cores: { irq: 2, app: 3 }
links:
  feed: { use: link/ten, length: 5 m }
  order: { use: link/ten, length: 5 m }
traffic:
  ticks: { use: traffic/poisson, rate: 20 kpps, payload: 64 B, path: t2t }
paths:
  t2t:
    - feed
    - gw.nic.rx
    - gw.run: 1 us
    - tap: done
    - gw.nic.tx
    - order
metrics:
  t2t: { from: gw.in@eof, to: gw.out@sof }
`;

/** A folder that exists only in memory. */
export function memoryFolder(files: Readonly<Record<string, string | Uint8Array>>, label = ""): FileFolder {
  return {
    label: (name) => label + name,
    has: (name) => Object.hasOwn(files, name),
    list: (folder, ending) => Object.keys(files).filter((name) => name.startsWith(folder === "" ? "" : `${folder}/`) && name.endsWith(ending)).sort(),
    read: (name, limit) => {
      const content = Object.hasOwn(files, name) ? files[name] : undefined;
      if (content === undefined) throw new WirelatError("file-unreadable", `${label}${name} cannot be read: there is no such file`, { remedy: "Check the path." });
      const read = typeof content === "string" ? new TextEncoder().encode(content) : content;
      if (read.length > limit) throw new WirelatError("file-unreadable", `${label}${name} is too large`, { remedy: "Shorten it." });
      return read;
    },
  };
}

/** Access to some files beside a scenario, and to what the fake package brings. */
export function memoryAccess(own: Readonly<Record<string, string | Uint8Array>>): FileAccess {
  return { own: memoryFolder(own), bundled: memoryFolder({ ...BUNDLED, "plain.yaml": PLAIN }, "bundled/") };
}
