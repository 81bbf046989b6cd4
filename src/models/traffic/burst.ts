import { chosen, defineTraffic, duration, gap, messageParams, number, refuseTraffic } from "../../modeling/index.js";

export default defineTraffic({
  name: "traffic/burst",
  title: "Bursts of messages, one right after the other",
  about:
    "So many messages at a fixed distance, then silence until the next period. With the gap `line-rate` they come as fast as the first link of " +
    "their path can carry them: the microburst against which every later stage is measured.",
  closedLoop: false,
  params: {
    count: number(50, "messages in a burst", chosen("updates to one book within one event")),
    gap: gap("line-rate", "time from one message to the next inside a burst, or line-rate", chosen("back to back")),
    period: duration("1 ms", "time from the start of a burst to the start of the next", chosen("a thousand bursts a second")),
    ...messageParams,
  },
  arrivals: ({ params, lineTime }) => {
    const count = params.count.of(0);
    const period = params.period.of(0);
    const distance = params.gap === "line-rate" ? lineTime : params.gap.of;
    const length = distance(params.payload.of(0)) * (count - 1);
    if (count < 1) refuseTraffic("traffic-burst", "a burst of no messages never sends anything", "use a count of at least 1");
    if (length >= period) refuseTraffic("traffic-burst", `a burst of ${count} messages lasts ${length} ps, its period is ${period} ps`, "send fewer messages, closer together or less often");
    return { kind: "burst", count, gap: distance, period };
  },
});
