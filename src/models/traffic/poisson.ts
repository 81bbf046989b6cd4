import { chosen, defineTraffic, eventRate, exponentialGap, messageParams } from "../../modeling/index.js";

export default defineTraffic({
  name: "traffic/poisson",
  title: "Messages at random, independent of each other",
  about:
    "A Poisson process: many independent senders, none of which knows of the others. Gaps are exponential, so that two messages may come at " +
    "almost the same time, and queueing theory has closed forms to compare with.",
  closedLoop: false,
  params: {
    rate: eventRate("100 kpps", "messages per second on average", chosen("a quiet feed")),
    ...messageParams,
  },
  arrivals: ({ params }) => ({ kind: "renewal", gap: exponentialGap(params.rate) }),
});
