// The browser of the tests of pages: Debian's own, which playwright-core drives. Nothing else needs one.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

export const CHROMIUM = "/usr/bin/chromium";
const APT = "/usr/bin/apt-get";
const STEPS = [
  { args: ["-qq", "update"], seconds: 60 },
  { args: ["-qq", "-y", "--no-install-recommends", "install", "chromium"], seconds: 240 },
];

/** Installs the browser where that can be done without asking anybody: as root, on a system with apt-get. Tests that need it skip without. */
export function installChromium() {
  if (existsSync(CHROMIUM) || process.getuid?.() !== 0 || !existsSync(APT)) return;
  console.log("Installing chromium with apt-get, for the tests of pages …");
  for (const { args, seconds } of STEPS) {
    const { status } = spawnSync(APT, args, { stdio: "ignore", timeout: seconds * 1000, env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
    if (status !== 0) break;
  }
  if (!existsSync(CHROMIUM)) console.log("It could not be installed; the tests that need it will be skipped.");
}
