import assert from "node:assert/strict";
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, describe, test } from "node:test";
import { arrivals, readCaptureFile } from "../../src/capture/index.js";
import { Session } from "../../src/experiment/index.js";
import { CATALOGUE } from "../../src/models/index.js";
import { openScenarioFile, readScenario } from "../../src/scenario/index.js";
import type { Result } from "../../src/result/index.js";

// Goal: arrivals of captures that others recorded drive every path of the opening burst. Method: each capture replaces
// the shipped one; all its packets must come through, in the time the capture spans, the fastest path staying the fastest.
const RECORDED = join(import.meta.dirname, "../../../shared/data/pcap");
const CAPTURES = [
  "tum-lowlatency/l2fwd-hw-pre-first20000.pcap",
  "rdma/oferby-rocev2-105pkts.pcap",
  "market-data/Nasdaq_Nasdaq.Equities.TotalView.Itch.v5.0_Multiple.Packets.pcap",
  "market-data/Cme_Mdp3.Sbe.v1.9_MdIncrementalRefreshBook.pcap",
];

async function drivenBy(capture: string, folder: string): Promise<Result> {
  const name = basename(capture);
  copyFileSync(join(RECORDED, capture), join(folder, name));
  const { count } = arrivals(readCaptureFile(join(folder, name)), {});
  const text = [
    "wirelat: 1", "id: recorded", "title: Recorded arrivals", "about: Arrivals of a recorded capture", "extends: opening-burst", "expect: []",
    `run: { messages: ${count}, warmup: 0, seed: 1 }`, "traffic:", `  ticks: { file: ${JSON.stringify(name)} }`,
  ].join("\n");
  writeFileSync(join(folder, "recorded.yaml"), text);
  const { access, file } = openScenarioFile(join(folder, "recorded.yaml"));
  const session = new Session({ catalogue: CATALOGUE });
  return session.run(session.prepare(readScenario(file, { access, catalogue: CATALOGUE })));
}

describe("recorded arrivals", { skip: existsSync(RECORDED) ? false : "the recorded captures are not here" }, () => {
  const folder = mkdtempSync(join(tmpdir(), "wirelat-recorded-"));
  after(() => rmSync(folder, { recursive: true }));

  for (const capture of CAPTURES) {
    test(`${capture} drives the kernel, the poll-mode driver and the FPGA`, async () => {
      const { count, times } = arrivals(readCaptureFile(join(RECORDED, capture)), {});
      const { runs } = await drivenBy(capture, folder);
      assert.deepEqual(runs.map((run) => run.variant), ["base", "dpdk", "fpga"]);
      for (const run of runs) {
        const dropped = Object.values(run.messages.dropped).reduce((sum, one) => sum + one, 0);
        assert.equal(run.messages.completed + dropped, count);
        assert.ok(run.durationPs >= (times[count - 1] ?? 0), "the run ended before the last packet came");
      }
      const [kernel = NaN, dpdk = NaN, fpga = NaN] = runs.map((run) => run.metrics[0]?.minPs ?? NaN);
      assert.ok(kernel > dpdk && dpdk > fpga, `${kernel} ${dpdk} ${fpga}`);
    });
  }
});
