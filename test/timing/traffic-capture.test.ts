import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { arrivalTimes, arrivalsOf, trafficNamed } from "../support/arrival-times.js";

const traffic = trafficNamed("traffic/capture");
const lineTime = (payload: number): number => (payload + 66) * 800;
const file = { file: "some.pcap" };

function seriesOf(...arrivals: readonly (readonly [time: number, payload: number])[]) {
  return { times: Float64Array.from(arrivals, ([time]) => time), payloads: Uint32Array.from(arrivals, ([, payload]) => payload) };
}

describe("a replayed capture", () => {
  const series = seriesOf([0, 64], [1_000, 64], [250_000, 100], [250_000, 30]);

  test("sends at the recorded times, and ends with the recording", () => {
    assert.deepEqual(arrivalTimes(traffic, file, { messages: 100, series }), [0, 1_000, 250_000, 250_000]);
  });

  test("sends the recorded payloads", () => {
    const arrivals = arrivalsOf(traffic, file, { series });
    assert.ok(arrivals.kind === "series");
    assert.deepEqual([...arrivals.payloads], [64, 64, 100, 30]);
  });

  test("begins again one mean gap after its end", () => {
    const looped = seriesOf([0, 64], [300, 64], [900, 64]);
    assert.deepEqual(arrivalTimes(traffic, { ...file, loop: true }, { messages: 7, series: looped }), [0, 300, 900, 1_350, 1_650, 2_250, 2_700]);
  });

  test("whose times are those of last bits starts each frame by its own length earlier", () => {
    const ends = seriesOf([0, 64], [1_000_000, 100], [2_000_000, 64]);
    assert.deepEqual(arrivalTimes(traffic, { ...file, stamp: "eof" }, { messages: 3, series: ends, lineTime }), [0, 1_000_000 - 36 * 800, 2_000_000]);
  });

  test("never starts a frame before the one ahead of it, whatever the stamps say", () => {
    const ends = seriesOf([0, 64], [0, 1_400], [1, 64]);
    assert.deepEqual(arrivalTimes(traffic, { ...file, stamp: "eof" }, { messages: 3, series: ends, lineTime }), [0, 0, 1]);
  });

  test("without a packet is refused", () => {
    assert.throws(() => arrivalsOf(traffic, file), { code: "traffic-capture" });
    assert.throws(() => arrivalsOf(traffic, file, { series: seriesOf() }), { code: "traffic-capture" });
  });
});
