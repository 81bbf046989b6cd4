import { chosen, choice, defineTraffic, flag, messageParams, number, percent, refuseTraffic, text } from "../../modeling/index.js";

export default defineTraffic({
  name: "traffic/capture",
  title: "The arrivals of a recorded packet capture",
  about:
    "Replays times and payload sizes of a pcap or pcapng file. A capture stamps the first or the last bit of a frame, whichever its tap did; " +
    "messages are sent so that that bit passes at the recorded time. Where frames overlap, the wire sends one after the other.",
  closedLoop: false,
  params: {
    file: text(null, "capture file, relative to the scenario", chosen("whatever was recorded")),
    speed: percent("100%", "200% replays twice as fast", chosen("as recorded")),
    loop: flag(false, "begin again when the capture is at its end, one mean gap later; otherwise sending ends there", chosen("once through")),
    stamp: choice(["sof", "eof"], "sof", "which bit of a frame the recorded time means: the first or the last", chosen("most capture cards stamp the first")),
    "filter.transport": choice(["any", "udp", "tcp"], "any", "packets to use", chosen("all of them")),
    "filter.destination-address": text("any", "packets to use, by the address they go to", chosen("all of them")),
    "filter.destination-port": number(0, "packets to use, by the port they go to; 0 for all", chosen("all of them")),
    stack: messageParams.stack,
  },
  arrivals: ({ params, lineTime, series }) => {
    if (series === null || series.times.length === 0) return refuseTraffic("traffic-capture", `no packet of ${params.file} is left to send`, "check the file and the filter");
    const times = params.stamp === "sof" ? series.times : firstBits(series.times, series.payloads, lineTime);
    return { kind: "series", times, payloads: series.payloads, loop: params.loop ? turn(times) : 0 };
  },
});

/** Start of each frame whose end was recorded, counted from the start of the first; never before the start of the one ahead. */
function firstBits(ends: Float64Array, payloads: Uint32Array, lineTime: (payload: number) => number): Float64Array {
  const lead = lineTime(payloads[0] ?? 0);
  let latest = 0;
  return ends.map((end, row) => {
    latest = Math.max(latest, end + lead - lineTime(payloads[row] ?? 0));
    return latest;
  });
}

/** Time from one run through the capture to the next: its length and one mean gap more. */
function turn(times: Float64Array): number {
  const length = times[times.length - 1] ?? 0;
  return Math.max(1, length + Math.round(length / Math.max(1, times.length - 1)));
}
