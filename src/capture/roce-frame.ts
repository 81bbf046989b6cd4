import { udpFrame, type UdpEnd } from "./udp-frame.js";

/** An RDMA write of one packet over RoCEv2. */
export interface RoceWrite {
  readonly source: UdpEnd;
  readonly target: UdpEnd;
  readonly identification: number;
  /** Queue pair of the target and number of the packet, 24 bits each. */
  readonly queuePair: number;
  readonly sequence: number;
  readonly key: number;
  readonly payload: Uint8Array;
}

/** The port that stands for RoCEv2 (IANA). */
const ROCE_PORT = 4791;
const IPV4_OFFSET = 14;
const IPV4_BYTES = 20;
const BTH_BYTES = 12;
const RETH_BYTES = 16;
const ICRC_BYTES = 4;
/** RC RDMA WRITE Only. */
const WRITE_ONLY = 0x0a;
const DEFAULT_PARTITION = 0xffff;

/**
 * The write as an Ethernet frame without FCS: UDP to port 4791, base transport header, RDMA extended transport header, payload padded to
 * four bytes, invariant CRC.
 */
export function roceFrame(write: RoceWrite): Uint8Array {
  const { payload } = write;
  const padding = (4 - (payload.length % 4)) % 4;
  const packet = new Uint8Array(BTH_BYTES + RETH_BYTES + payload.length + padding + ICRC_BYTES);
  const view = new DataView(packet.buffer);
  view.setUint8(0, WRITE_ONLY);
  view.setUint8(1, padding << 4);
  view.setUint16(2, DEFAULT_PARTITION);
  view.setUint32(4, write.queuePair % 2 ** 24);
  view.setUint32(8, write.sequence % 2 ** 24);
  view.setUint32(BTH_BYTES + 8, write.key);
  view.setUint32(BTH_BYTES + 12, payload.length);
  packet.set(payload, BTH_BYTES + RETH_BYTES);
  const datagram = { source: write.source, target: { ...write.target, port: ROCE_PORT }, identification: write.identification };
  // The CRC covers the headers around it, and the UDP checksum covers the CRC: so the frame is made twice.
  view.setUint32(packet.length - ICRC_BYTES, invariantCrc(udpFrame({ ...datagram, payload: packet })), true);
  return udpFrame({ ...datagram, payload: packet });
}

/** Bytes of an IPv4 RoCEv2 frame that switches may change, which count as ones: TOS, TTL, both checksums, and the reserved byte of the BTH. */
const VARIANT = [1, 8, 10, 11, IPV4_BYTES + 6, IPV4_BYTES + 7, IPV4_BYTES + 8 + 4].map((offset) => IPV4_OFFSET + offset);

/**
 * The invariant CRC of a RoCEv2 frame over IPv4 (InfiniBand Architecture, annex A17): CRC-32 of Ethernet over 64 ones that stand for the local
 * routing header, then everything from the IP header on up to the CRC itself. Its least significant byte goes first.
 */
export function invariantCrc(frame: Uint8Array): number {
  const masked = Uint8Array.from(frame.subarray(0, frame.length - ICRC_BYTES));
  for (const offset of VARIANT) masked[offset] = 0xff;
  let crc = 0xffff_ffff;
  for (let ones = 0; ones < 8; ones++) crc = crcStep(crc, 0xff);
  for (let offset = IPV4_OFFSET; offset < masked.length; offset++) crc = crcStep(crc, masked[offset] ?? 0);
  return ~crc >>> 0;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb8_8320 : crc >>> 1;
  return crc;
});

function crcStep(crc: number, byte: number): number {
  return (crc >>> 8) ^ (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0);
}
