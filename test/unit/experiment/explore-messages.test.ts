// Goal: the messages that a page shows are those at p50, p99 and the end of the distribution. Method: a small scenario, whose messages are all
// followed by `explainJourneys` as well, ranked by hand.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { explainJourneys, exploreMessages, Session } from "../../../src/experiment/index.js";
import { CATALOGUE } from "../../../src/models/index.js";
import { openScenarioFile, readScenario } from "../../../src/scenario/index.js";

const { file, access } = openScenarioFile("scenarios/kernel-udp-t2t.yaml");
const scenario = readScenario(file, { access, catalogue: CATALOGUE });
const session = new Session({ catalogue: CATALOGUE });

describe("messages to look at", () => {
  const asked = { messages: 400, seed: 3 };
  const explored = exploreMessages(session.prepare(scenario), asked);

  test("come from the first three variants, at their first sweep point", () => {
    assert.deepEqual(explored.map(({ name }) => name), scenario.variants.slice(0, 3).map((variant) => `${variant}, ticks.rate = 1 kpps`));
  });

  test("are those at p50 and p99 of all that were measured, and the slowest", () => {
    for (const { name, of, messages } of explored) {
      const variant = name.slice(0, name.indexOf(","));
      const all = explainJourneys(scenario, CATALOGUE, { variant, select: { kind: "worst", count: 400 }, metric: null, ...asked }).journeys;
      assert.equal(of, all.length);
      assert.equal(of, 380, "the warm-up is left out");
      const rising = all.map(({ latencyPs }) => latencyPs).reverse();
      const expected = [rising[Math.ceil(0.5 * of) - 1], rising[Math.ceil(0.99 * of) - 1], ...all.slice(0, 4).map(({ latencyPs }) => latencyPs)];
      assert.deepEqual(messages.map(({ journey }) => journey.latencyPs), expected);
      assert.deepEqual(messages.map(({ why }) => why), ["p50", "p99", "slowest", "slowest but 1", "slowest but 2", "slowest but 3"]);
      for (const { journey } of messages) assert.equal(journey.pieces.reduce((sum, { ps }) => sum + ps, 0), journey.latencyPs);
    }
  });

  test("are of the very run that they explain: fewer messages are its beginning", () => {
    const shorter = exploreMessages(session.prepare(scenario), { ...asked, messages: 1000 });
    assert.equal(shorter[0]?.of, 950);
    assert.deepEqual(exploreMessages(session.prepare(scenario), { ...asked, messages: 50_000 })[0]?.messages, shorter[0]?.messages, "a longer run is cut at a thousand messages");
  });
});
