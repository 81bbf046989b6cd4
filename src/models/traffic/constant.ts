import { chosen, defineTraffic, eventRate, messageParams, percent, refuseTraffic, toNumber } from "../../modeling/index.js";

export default defineTraffic({
  name: "traffic/constant",
  title: "Messages at equal distances",
  about:
    "One message every 1/rate, each moved later by a random share of that distance when there is jitter. Without jitter and below saturation nothing " +
    "ever waits, which makes it the first thing to compare a model with.",
  closedLoop: false,
  params: {
    rate: eventRate("100 kpps", "messages per second", chosen("a quiet feed")),
    ...messageParams,
    jitter: percent("0%", "largest shift of a message, as a share of the distance between two; the shift is uniform", chosen("a steady clock")),
  },
  arrivals: ({ params }) => {
    const jitter = toNumber(params.jitter);
    if (jitter > 1) refuseTraffic("traffic-jitter", `a jitter of ${jitter * 100}% could put a message behind the next one`, "use at most 100%, or traffic/poisson");
    const { num, den } = params.rate.period;
    return { kind: "constant", num: Number(num), den: Number(den), jitter };
  },
});
