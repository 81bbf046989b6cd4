// Goal: what a scenario says of a region matters, or is refused. Method: a process whose memory is read; keys that the read rests on, and keys that it does not.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { WirelatError, WirelatErrors } from "../../../src/errors/index.js";
import { Session } from "../../../src/experiment/index.js";
import { CATALOGUE } from "../../../src/models/index.js";
import { readScenario } from "../../../src/scenario/index.js";
import { memoryAccess } from "../../support/fake-catalogue.js";

const text = (region: string, step = "box.proc.read: { from: box.image }"): string => `wirelat: 1
id: region
title: A region
hosts:
  box: { cpu: { use: host/core, threads: { app: 1, victim: 2 } }, llc: { use: host/llc }, copier: { use: op/copy }, proc: { use: svc/proc } }
regions:
  box.image: { bytes: 64 KiB${region} }
traffic:
  asks: { use: traffic/constant, rate: 1 kpps, payload: 8 B, path: look }
paths:
  look: [tap: begin, box.run: { time: 100 ns, core: app }, ${step}, tap: finish]
metrics:
  look: { from: begin, to: finish }
run: { messages: 20, warmup: 0, seed: 1 }
`;

async function outcome(of: string): Promise<string[] | number> {
  try {
    const session = new Session({ catalogue: CATALOGUE });
    const result = await session.run(session.prepare(readScenario("main.yaml", { access: memoryAccess({ "main.yaml": of }), catalogue: CATALOGUE })));
    return result.runs[0]!.metrics[0]!.maxPs!;
  } catch (error) {
    if (error instanceof WirelatErrors) return error.errors.map((one) => `${one.code} ${one.message.split(" ")[0]!}`);
    if (error instanceof WirelatError) return [error.code];
    throw error;
  }
}

describe("what is said of a region", () => {
  test("is refused where nothing rests on it: each key by its name", async () => {
    assert.deepEqual(await outcome(text(", numa: 1, odp: true")), ["parameter-dead box.image.numa", "parameter-dead box.image.odp"]);
    assert.deepEqual(await outcome(text(", below: 4 GiB")), ["parameter-dead box.image.below"]);
    assert.deepEqual(await outcome(text("", "tap: here")), ["parameter-dead box.image.bytes"], "a region that nobody uses");
  });

  test("the owner must be a thread of the host", async () => {
    assert.equal(typeof (await outcome(text(", owner: victim"))), "number");
    assert.deepEqual(await outcome(text(", owner: nobody")), ["thread-unknown box.proc.read:"]);
  });

  test("where it begins decides over how many pages a read goes", async () => {
    const aligned = await outcome(text(", at: 0x1000"));
    const across = await outcome(text(", at: 0x1ffc"));
    assert.equal(Number(across) - Number(aligned), 150_000);
    assert.equal(aligned, await outcome(text("")));
  });
});
