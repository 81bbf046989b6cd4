import { arrivals, DEFAULT_LIMITS, parseCapture, type ArrivalSeries, type Capture, type PacketFilter } from "../capture/index.js";
import { WirelatError } from "../errors/index.js";
import { parseCount, parsePercent } from "../units/index.js";
import { listed } from "./check-keys.js";
import { writtenParams } from "./check-params.js";
import type { Faults } from "./faults.js";
import type { LoadedFiles } from "./loaded-files.js";
import { nearest } from "./nearest.js";
import type { Shelf } from "./presets.js";
import { asMap, asText, keyPlace, type Tree } from "./tree.js";
import type { RawValue, TrafficSpec } from "./types.js";

interface TrafficShop {
  readonly shelf: Shelf;
  readonly files: LoadedFiles;
  readonly faults: Faults;
  readonly paths: readonly string[];
  /** Captures read so far, by file and place. */
  readonly captures: Map<string, Capture>;
}

/** Checks one entry of `traffic`. Null after a fault that leaves nothing to go on with. */
export function checkTraffic(name: string, tree: Tree, shop: TrafficShop): TrafficSpec | null {
  const { shelf, faults } = shop;
  const example = `\`${name}: { use: traffic/poisson, rate: 20 kpps, payload: 64 B, path: … }\``;
  const map = faults.attempt(tree.place, () => asMap(tree, `the traffic ${name}`, example));
  if (map === null) return null;
  const use = map.entries.get("use");
  if (use === undefined) {
    faults.add("key-missing", keyPlace(map), `the traffic ${name} does not say what it is`, `Write it like ${example}.`);
    return null;
  }
  const used = faults.attempt(use.place, () => shelf.use(asText(use, `\`use\` of ${name}`, "`use: traffic/poisson`"), use.place));
  if (used === null) return null;
  if (used.kind !== "traffic" || used.model === null) {
    faults.add("preset-unknown", use.place, `${used.name} is not traffic`, "Use one of traffic/…; `wirelat models` lists them.");
    return null;
  }
  const of = { subject: used.name, declared: used.model.params, reserved: ["use", "path"], instance: name };
  const params = Object.fromEntries([...used.params, ...writtenParams(map, of, faults)].filter(([, raw]) => raw.value !== null));
  const path = pathOf(name, map.entries.get("path"), shop);
  if (path === null) return null;
  const series = used.model.name === "traffic/capture" ? faults.attempt(params["file"]?.place ?? keyPlace(map), () => seriesOf(params, shop)) : null;
  return { name, model: used.model.name, params, path, place: keyPlace(map), series };
}

/** Which path the messages follow; a scenario with one path need not say it. */
function pathOf(name: string, tree: Tree | undefined, { paths, faults }: TrafficShop): string | null {
  if (tree === undefined || (tree.kind === "scalar" && tree.value === null)) {
    const [only, second] = paths;
    if (only !== undefined && second === undefined) return only;
    if (only === undefined) return null;
    throw new WirelatError("key-missing", `the traffic ${name} does not say which path its messages follow`, { ...(tree === undefined ? {} : { place: tree.place }), remedy: `Add \`path\` with one of ${listed(paths)}.` });
  }
  const path = faults.attempt(tree.place, () => asText(tree, `\`path\` of ${name}`, "`path: t2t`"));
  if (path === null || paths.includes(path)) return path;
  const near = nearest(path, paths);
  faults.add("path-unknown", tree.place, `the traffic ${name} follows the path "${path}", which is not declared`, near === null ? `Paths are ${listed(paths) || "none"}.` : `Did you mean "${near}"?`);
  return null;
}

/** The arrivals of a capture, chosen and scaled as the parameters say. */
function seriesOf(params: Readonly<Record<string, RawValue>>, shop: TrafficShop): TrafficSpec["series"] {
  const { file, speed } = params;
  if (file === undefined || typeof file.value !== "string") return null;
  const capture = captureOf(file.value, file, shop);
  const factor = speed === undefined ? undefined : parsePercent(speed.value);
  const series = arrivals(capture, { filter: filterOf(params), ...(factor === undefined ? {} : { speed: factor }) });
  return { times: series.times, payloads: payloadsOf(series) };
}

function captureOf(path: string, file: RawValue, { files, captures }: TrafficShop): Capture {
  const ref = files.named(path, file.place);
  const label = ref.folder.label(ref.name);
  const known = captures.get(label);
  if (known !== undefined) return known;
  const capture = parseCapture(files.bytes(path, file.place, DEFAULT_LIMITS.fileBytes), label);
  captures.set(label, capture);
  return capture;
}

function filterOf(params: Readonly<Record<string, RawValue>>): PacketFilter {
  const value = (name: string): unknown => params[`filter.${name}`]?.value;
  const transport = value("transport");
  const port = value("destination-port");
  const address = value("destination-address");
  const number = port === undefined ? 0 : parseCount(port);
  return {
    ...(transport === "udp" || transport === "tcp" ? { transport } : {}),
    ...(number === 0 ? {} : { destinationPort: number }),
    ...(typeof address === "string" && address !== "any" ? { destinationAddress: address } : {}),
  };
}

const ETHERNET_BYTES = 18;

/** Payload bytes; what is neither UDP nor TCP counts as payload right behind the Ethernet header. */
function payloadsOf(series: ArrivalSeries): Uint32Array {
  return Uint32Array.from(series.payloadBytes, (bytes, row) => (bytes >= 0 ? bytes : (series.frameBytes[row] ?? ETHERNET_BYTES) - ETHERNET_BYTES));
}

