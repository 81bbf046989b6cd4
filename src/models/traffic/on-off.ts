import { chosen, defineTraffic, duration, eventRate, messageParams, refuseTraffic, toNumber } from "../../modeling/index.js";

export default defineTraffic({
  name: "traffic/on-off",
  title: "A busy state and a quiet state that take turns",
  about:
    "A Markov-modulated Poisson process with two states. How long a state lasts is exponential, and while it lasts messages come at its own rate. " +
    "The bursts make the tail of the latency; the average rate does not show them.",
  closedLoop: false,
  params: {
    busy: eventRate("1 Mpps", "messages per second while busy", chosen("a burst around a trade")),
    quiet: eventRate("1 kpps", "messages per second while quiet", chosen("the time between bursts")),
    "busy-time": duration("100 us", "how long the busy state lasts on average", chosen("bursts of a hundred messages")),
    "quiet-time": duration("1 ms", "how long the quiet state lasts on average", chosen("a burst every millisecond")),
    ...messageParams,
  },
  arrivals: ({ params }) => {
    const sojourns = [params["busy-time"].of(0), params["quiet-time"].of(0)];
    if (sojourns.every((time) => time === 0)) refuseTraffic("traffic-states", "neither the busy nor the quiet state lasts", "give one of them a time above zero");
    return { kind: "on-off", rates: [toNumber(params.busy.period), toNumber(params.quiet.period)], sojourns };
  },
});
