import { createHash } from "node:crypto";
import { RESULT_SCHEMA, VERSION, type Result } from "../result/index.js";
import { DEFAULT_CONFIDENCE } from "../scenario/index.js";
import { LatencyRecorder } from "../stats/index.js";
import { latencyNumbers } from "./latency-numbers.js";

/** Latencies [ps] that somebody measured, as a result to set beside others: nothing is known of them but how long they took. */
export function measuredResult(name: string, latencies: Float64Array): Result {
  const recorder = new LatencyRecorder({ cap: Math.max(1, latencies.length) });
  for (const latency of latencies) recorder.record(latency);
  return {
    schema: RESULT_SCHEMA, version: VERSION,
    scenario: { id: name, title: `${name}, measured`, about: "Latencies read from a file.", level: "", source: [] },
    inputs: createHash("sha256").update(new Uint8Array(latencies.buffer, latencies.byteOffset, latencies.byteLength)).digest("hex"),
    seed: 0, theory: [], expectations: [], warnings: [],
    runs: [{
      variant: "measured", point: {}, seeds: [], confidence: DEFAULT_CONFIDENCE, messages: { sent: latencies.length, completed: latencies.length, measured: latencies.length, dropped: {} },
      durationPs: 0, fingerprint: "0", events: 0, ties: 0, costs: [], resources: [], precision: [], evidence: { estimated: 0, sources: [] },
      metrics: [{ name: "measured", from: "as measured", to: "as measured", closedLoop: false, floorPs: null, ...latencyNumbers(recorder), breakdowns: [], value: null }],
    }],
  };
}
