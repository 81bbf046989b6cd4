import { WirelatErrors } from "../../src/errors/index.js";
import { memorySystem } from "./memory-system.js";
import { testModel, type Bench, type Written } from "./model-tester.js";

export type Params = Readonly<Record<string, Written>>;

/** Two hosts with an adapter each and a link between them, and what a test changes of that. */
export interface Pair {
  readonly a?: Params;
  readonly b?: Params;
  readonly link?: Bench["instances"][string];
  readonly regions?: Bench["regions"];
  readonly more?: Partial<Bench>;
}

const REGION: Params = { bytes: 4096, pinned: true, rights: ["remote-write", "remote-read", "remote-atomic"], numa: 0 };

export function rdmaHost(hca: Params): Bench["instances"][string] {
  return {
    components: {
      cpu: { model: "host/core", params: { threads: { irq: 2, app: 3 } } },
      ...memorySystem(),
      bus: { model: "bus/pcie", params: { link: "gen3 x16" } },
      hca: { model: "rdma/hca", params: hca },
      os: { model: "os/linux" },
    },
  };
}

export function pair({ a = {}, b = {}, link = { model: "link/infiniband" }, regions = {}, more = {} }: Pair, path: Bench["path"]): Bench {
  return {
    instances: { a: rdmaHost(a), b: rdmaHost(b), ib: link },
    regions: { "b.mailbox": { ...REGION, bytes: 1 << 20 }, ...regions },
    path: [{ tap: "posted" }, ...path, { tap: "seen" }],
    from: "posted",
    to: "seen",
    ...more,
  };
}

/** Messages at given times, all of one payload. */
export function at(times: readonly number[], payload = 64): NonNullable<Bench["traffic"]> {
  return { model: "traffic/capture", params: { file: "test.pcap" }, series: { times: Float64Array.from(times), payloads: Uint32Array.from(times, () => payload) } };
}

export const written: Bench["path"] = [["a.rdma.write", { to: "b.mailbox", via: "ib", flag: "last-byte" }], ["b.poll", { watch: "b.mailbox.flag" }]];
export const sentTo: Bench["path"] = [["a.rdma.send", { to: "b", via: "ib" }], ["b.poll", { watch: "cq" }]];

/** Codes of the errors with which a bench is refused. */
export function refusedWith(bench: Bench): string[] {
  try {
    testModel(bench);
  } catch (error) {
    if (error instanceof WirelatErrors) return error.errors.map((each) => each.code);
    throw error;
  }
  return [];
}
