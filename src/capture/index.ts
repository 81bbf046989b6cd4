export { arrivals, type ArrivalOptions, type ArrivalSeries } from "./arrivals.js";
export {
  DEFAULT_LIMITS, packetBytes, type Capture, type CaptureFormat, type CaptureInterface, type CaptureLimits, type Timestamp,
} from "./capture.js";
export { frameLayout, type FrameLayout } from "./frame-layout.js";
export { hgrmText, type HgrmSummary, type RankedLatency } from "./hgrm.js";
export { parseLatencies } from "./latencies.js";
export type { OutgoingPacket, WriteOptions } from "./outgoing.js";
export type { PacketFilter } from "./packet-filter.js";
export { parseCapture } from "./parse.js";
export { readCaptureFile, readWhole } from "./read-file.js";
export { invariantCrc, roceFrame, type RoceWrite } from "./roce-frame.js";
export { summariseArrivals, type ArrivalSummary, type PeakRate } from "./summary.js";
export { writePerfetto, type TextSink, type TraceSlice, type TraceToken } from "./perfetto.js";
export { relativeTimes } from "./times.js";
export { multicastMac, udpFrame, type UdpDatagram, type UdpEnd } from "./udp-frame.js";
export { writePcap, type PcapWriteOptions } from "./write-pcap.js";
export { pcapngPieces, writePcapng, type PcapngWriteOptions } from "./write-pcapng.js";
