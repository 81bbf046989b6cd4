// Goal: the search along the moderation profile walks, turns, parks and tires as the kernel's does.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AT_REST, judge, PROFILES, searching, searchOn, type Measured, type Search } from "../../../src/models/parts/dynamic-moderation.js";

const measured = (bytes: number, frames = bytes, interrupts = 100): Measured => ({ bytes, frames, interrupts });
const walked = (...found: readonly Measured[]): Search[] => {
  const way: Search[] = [];
  for (const one of found) way.push(searchOn(way[way.length - 1] ?? AT_REST, one));
  return way;
};
const steps = (way: readonly Search[]): number[] => way.map(({ step }) => step);

describe("a measurement", () => {
  test("is judged by bytes, then frames, then interrupts, each to within a tenth", () => {
    assert.equal(judge(measured(111), measured(100)), 1);
    assert.equal(judge(measured(110), measured(100)), 0, "ten per cent is no difference");
    assert.equal(judge(measured(89, 200), measured(100, 100)), -1, "fewer bytes outweigh more frames");
    assert.equal(judge(measured(100, 120), measured(100, 100)), 1);
    assert.equal(judge(measured(100, 100, 80), measured(100, 100, 100)), 1, "fewer interrupts for the same are better");
    assert.equal(judge(measured(100, 100, 120), measured(100, 100, 100)), -1);
    assert.equal(judge(measured(1), measured(0)), 1);
    assert.equal(judge(measured(0), measured(0)), 0);
  });
});

describe("the search", () => {
  test("sets out to the left at the first traffic, and parks at the end of the profile", () => {
    const way = walked(measured(100), measured(200));
    assert.deepEqual(steps(way), [0, 0]);
    assert.deepEqual(way.map(({ moving }) => moving), ["left", "parked"]);
  });

  test("turns round when a step has brought nothing, and goes on while each brings something", () => {
    const way = walked(measured(100), measured(100), measured(100, 100, 80), measured(100, 100, 60), measured(100, 100, 40), measured(100, 100, 30));
    assert.deepEqual(steps(way), [0, 1, 2, 3, 4, 4]);
    assert.equal(way[5]!.moving, "parked", "at the far end");
  });

  test("parks on top: one step back from where it got worse", () => {
    const up = [measured(100), measured(100), measured(100, 100, 80), measured(100, 100, 60)];
    const way = walked(...up, measured(100, 100, 90), measured(100, 100, 60));
    // Worse at 3: back to 2, and that is where it was best.
    assert.deepEqual(steps(way).slice(3), [3, 2, 2]);
    assert.equal(way[5]!.moving, "parked");
  });

  test("stays parked while nothing changes, and sets out again when something does", () => {
    const parked: Search = { ...AT_REST, step: 3, before: measured(100) };
    assert.equal(searchOn(parked, measured(105)), parked);
    assert.deepEqual([searchOn(parked, measured(150))].map(({ step, moving }) => [step, moving]), [[2, "left"]]);
    assert.deepEqual([searchOn({ ...parked, step: 0 }, measured(150))].map(({ step, moving }) => [step, moving]), [[1, "right"]]);
  });

  test("that never settles tires after ten steps, rests, and starts again", () => {
    // Traffic that grows and falls by turns makes each step look good, then bad.
    const way = walked(...Array.from({ length: 60 }, (_, at) => measured(at % 3 === 0 ? 200 : 100)));
    assert.ok(way.every(({ step, tired }) => step >= 0 && step < 5 && tired <= 10));
    const hunting: Search = { step: 2, moving: "right", left: 0, right: 2, tired: 10, before: measured(100) };
    const tired = searchOn(hunting, measured(200));
    assert.deepEqual([tired.moving, tired.step], ["parked-tired", 2]);
    let rested = tired;
    for (let rest = 0; rest < 9; rest++) rested = searchOn(rested, measured(200));
    assert.equal(rested.moving, "parked-tired");
    assert.deepEqual([searchOn(rested, measured(200))].map(({ step, moving }) => [step, moving]), [[1, "left"]]);
  });
});

describe("the policy", () => {
  test("begins at the second step of its profile", () => {
    assert.deepEqual([searching("event")().time, searching("event")().count], [8e6, 256]);
    assert.deepEqual([searching("completion")().time, searching("completion")().count], [8e6, 128]);
    assert.equal(PROFILES.event.length, PROFILES.completion.length);
  });

  test("measures over 64 interrupts, not fewer", () => {
    const policy = searching("event")();
    for (let interrupt = 1; interrupt < 64; interrupt++) policy.served(1, 106, interrupt * 1e7);
    assert.equal(policy.time, 8e6);
    policy.served(1, 106, 64e7);
    assert.equal(policy.time, 1e6, "the first traffic makes it set out");
  });
});
