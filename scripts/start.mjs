// `npm start`: from a fresh clone to a comparison of four paths. Options after `--` are passed on, e.g. `npm start -- --seed 7`.
import { build, install, node } from "./steps.mjs";

const COMMAND = [
  "compare",
  "scenarios/kernel-udp-t2t.yaml@base",
  "scenarios/kernel-udp-t2t.yaml@unmoderated",
  "scenarios/dpdk-t2t.yaml",
  "scenarios/rdma-poll-byte.yaml",
  "scenarios/fpga-t2t.yaml",
  "--out",
  "results",
];

install();
const built = build();
process.exitCode = built === 0 ? node(["dist/cli/main.js", ...COMMAND, ...process.argv.slice(2)]) : built;
