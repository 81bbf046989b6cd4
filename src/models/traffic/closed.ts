import { chosen, defineTraffic, messageParams, number, refuseTraffic, thinkTime, timing } from "../../modeling/index.js";

export default defineTraffic({
  name: "traffic/closed",
  title: "A fixed number of clients, each of which waits for its answer",
  about:
    "Each client sends, waits until its message has reached the end of the path, thinks, and sends again. Throughput and latency then obey " +
    "R = N/X - Z exactly. Percentiles of such a source hide stalls, because a client that waits does not send.",
  closedLoop: true,
  params: {
    population: number(1, "clients", chosen("one user")),
    think: timing("0 ps", "time from an answer to the next message of the same client", chosen("as fast as the answers come")),
    ...messageParams,
  },
  arrivals: ({ params }) => {
    const population = params.population.of(0);
    if (population < 1) refuseTraffic("traffic-population", "no client never sends anything", "use a population of at least 1");
    return { kind: "closed", population, think: thinkTime(params.think) };
  },
});
