import { chosen, defineTraffic, messageParams, number, refuseTraffic, thinkTime, timing } from "../../modeling/index.js";

export default defineTraffic({
  name: "traffic/pingpong",
  title: "Request and answer, one at a time",
  about:
    "What a latency test of two machines does: each of its clients keeps so many messages on the way and sends the next when one has come back. " +
    "A closed loop, so its percentiles hide stalls; half a round trip is the one-way time only if both ways are alike.",
  closedLoop: true,
  params: {
    clients: number(1, "independent pairs", chosen("one pair, as such tests do")),
    outstanding: number(1, "messages that a client keeps on the way", chosen("one, as such tests do")),
    think: timing("0 ps", "time from an answer to the next request", chosen("at once")),
    ...messageParams,
  },
  arrivals: ({ params }) => {
    const population = params.clients.of(0) * params.outstanding.of(0);
    if (population < 1) refuseTraffic("traffic-population", "without a client and an outstanding message nothing is ever sent", "use at least 1 of both");
    return { kind: "closed", population, think: thinkTime(params.think) };
  },
});
