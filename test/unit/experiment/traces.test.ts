// Goal: traces of 10,000 messages open in a reader, their slices nest without overlap, and their durations are the ledger's, to the picosecond.
// Method: two shipped scenarios with work off the path, interrupts and many tracks; the text of each trace is read back and set beside the
// table of messages of the same run.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { writePerfetto } from "../../../src/capture/index.js";
import { amountsOf, eachMessage, messageTables, Session, tracedTokens, type Amounts, type CompiledCase } from "../../../src/experiment/index.js";
import { CATALOGUE } from "../../../src/models/index.js";
import { openScenarioFile, readScenario } from "../../../src/scenario/index.js";
import { readTrace, tracksOf, type Slice } from "../../support/read-trace.js";

const TRACED = 10_000;

interface Follow {
  readonly id: string;
  readonly variant: string;
  readonly point: Readonly<Record<string, string>>;
  /** Ends of the metric, and what it counts less than the time between them: the frame that came in. */
  readonly metric: string;
  readonly from: string;
  readonly to: string;
  readonly edge: number;
}

const FOLLOWED: readonly Follow[] = [
  { id: "kernel-udp-t2t", variant: "base", point: { "ticks.rate": "200 kpps" }, metric: "t2t", from: "gw.in", to: "gw.out", edge: 94_400 },
  { id: "rdma-poll-byte", variant: "event", point: {}, metric: "notice", from: "posted", to: "seen", edge: 0 },
];

function caseOf({ id, variant, point }: Follow): CompiledCase {
  const { access, file } = openScenarioFile(`scenarios/${id}.yaml`);
  const scenario = readScenario(file, { access, catalogue: CATALOGUE });
  const { cases } = new Session({ catalogue: CATALOGUE, open: (other) => readScenario(`${other}.yaml`, { access, catalogue: CATALOGUE }) }).prepare(scenario, { variants: [variant] });
  const found = cases.find((one) => one.askedBy === "sweep" && Object.entries(point).every(([axis, value]) => one.point[axis] === value));
  if (found === undefined) throw new Error(`${id} has no such case`);
  return found;
}

/** The measured messages by number. */
async function rowsOf(one: CompiledCase, amounts: Amounts): Promise<ReadonlyMap<number, Float64Array>> {
  const rows = new Map<number, Float64Array>();
  await eachMessage(one.compiled, amounts, (_, row) => void rows.set(row[0] ?? -1, row.slice()), () => undefined);
  return rows;
}

/** Time of a message by label and kind. */
function byReason(row: Float64Array, reasons: readonly (string | undefined)[]): Map<string, number> {
  const sums = new Map<string, number>();
  reasons.forEach((reason, column) => {
    const ps = row[column] ?? 0;
    if (reason !== undefined && ps !== 0) sums.set(reason, (sums.get(reason) ?? 0) + ps);
  });
  return sums;
}

for (const follow of FOLLOWED) {
  describe(`a trace of ${TRACED} messages of ${follow.id}`, () => {
    const one = caseOf(follow);
    const amounts = amountsOf(one, { messages: TRACED + 1000 });
    const pieces: string[] = [];
    writePerfetto(tracedTokens(one.compiled, amounts, TRACED), (text) => pieces.push(text));
    const trace = readTrace(pieces.join(""));
    const messages = new Map<number, Slice[]>();
    for (const stay of trace.stays.filter(({ offPath }) => !offPath)) messages.set(stay.message, [...(messages.get(stay.message) ?? []), ...stay.slices]);

    test("has named tracks, and for each message one flow that begins before it ends", () => {
      assert.ok(trace.stays.length > 3 * TRACED);
      assert.ok(trace.stays.some(({ offPath }) => offPath), "there is work off the path");
      assert.equal(messages.size, TRACED);
      assert.equal(trace.flows.size, TRACED);
      for (const phases of trace.flows.values()) assert.match(phases, /^st*f$/u);
    });

    test("nests: slices of one track lie inside or beside each other", () => {
      const tracks = tracksOf(trace);
      assert.ok(tracks.length > 5);
      let compared = 0;
      for (const slices of tracks) {
        const ends: number[] = [];
        for (const { from, to } of slices) {
          while (ends.length > 0 && (ends.at(-1) ?? 0) <= from) ends.pop();
          assert.ok(to <= (ends.at(-1) ?? Infinity), "a slice reaches beyond the one it began in");
          ends.push(to);
          compared++;
        }
      }
      assert.ok(compared > 10 * TRACED);
    });

    test("has durations that are the ledger's segments and add to the latency of the table, to the picosecond", async () => {
      const rows = await rowsOf(one, amounts);
      const names = messageTables(one.compiled)[0]?.columns.map((column) => column.name) ?? [];
      const reasons = names.map((name) => /^[^/]+\/(.*)_ps$/u.exec(name)?.[1]);
      const [start, end, latency] = [follow.from, follow.to, follow.metric].map((name) => names.indexOf(`${name}_ps`)) as [number, number, number];
      let compared = 0;
      for (const [message, slices] of messages) {
        const row = rows.get(message);
        if (row === undefined) continue;
        const [from = NaN, to = NaN] = [row[start], row[end]];
        const inside = slices.reduce((sum, slice) => sum + Math.max(0, Math.min(slice.to, to) - Math.max(slice.from, from)), 0);
        assert.equal(inside - follow.edge, row[latency], `message ${message}`);
        const traced = new Map<string, number>();
        for (const slice of slices) traced.set(slice.reason, (traced.get(slice.reason) ?? 0) + slice.to - slice.from);
        assert.deepEqual([...traced].sort(), [...byReason(row, reasons)].sort(), `message ${message}`);
        compared++;
      }
      assert.equal(compared, TRACED);
    });
  });
}
