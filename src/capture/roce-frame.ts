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
export const ROCE_PORT = 4791;
const BTH_BYTES = 12;
const RETH_BYTES = 16;
const ICRC_BYTES = 4;
/** RC RDMA WRITE Only. */
const WRITE_ONLY = 0x0a;
const DEFAULT_PARTITION = 0xffff;

/**
 * The write as an Ethernet frame without FCS: UDP to port 4791, base transport header, RDMA extended transport header, payload padded to
 * four bytes, invariant CRC. The CRC is left zero: dissectors show it and do not check it.
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
  return udpFrame({ source: write.source, target: { ...write.target, port: ROCE_PORT }, identification: write.identification, payload: packet });
}
