/** An end of a UDP flow; the IPv4 address as four bytes. */
export interface UdpEnd {
  readonly mac: readonly number[];
  readonly address: readonly number[];
  readonly port: number;
}

/** A UDP datagram to be framed. */
export interface UdpDatagram {
  readonly source: UdpEnd;
  readonly target: UdpEnd;
  /** IPv4 identification field, modulo 2^16. */
  readonly identification: number;
  readonly payload: Uint8Array;
}

const ETHERNET_BYTES = 14;
const IPV4_BYTES = 20;
const UDP_BYTES = 8;
const UDP = 17;
/** Without the 4 bytes of FCS, which captures leave out. */
const SHORTEST_FRAME_BYTES = 60;

/** The MAC address of an IPv4 multicast group: 01:00:5e and the low 23 bits (RFC 1112, section 6.4). */
export function multicastMac(address: readonly number[]): readonly number[] {
  return [0x01, 0x00, 0x5e, (address[1] ?? 0) & 0x7f, address[2] ?? 0, address[3] ?? 0];
}

/** The datagram as an Ethernet II frame without FCS, padded to 60 bytes, with correct IPv4 and UDP checksums. */
export function udpFrame(datagram: UdpDatagram): Uint8Array {
  const { source, target, payload } = datagram;
  const udpBytes = UDP_BYTES + payload.length;
  const frame = new Uint8Array(Math.max(SHORTEST_FRAME_BYTES, ETHERNET_BYTES + IPV4_BYTES + udpBytes));
  const view = new DataView(frame.buffer);
  frame.set(target.mac, 0);
  frame.set(source.mac, 6);
  view.setUint16(12, 0x0800);

  const ip = ETHERNET_BYTES;
  view.setUint8(ip, 0x45);
  view.setUint16(ip + 2, IPV4_BYTES + udpBytes);
  view.setUint16(ip + 4, datagram.identification % 65_536);
  view.setUint16(ip + 6, 0x4000);
  view.setUint8(ip + 8, 16);
  view.setUint8(ip + 9, UDP);
  frame.set(source.address, ip + 12);
  frame.set(target.address, ip + 16);
  view.setUint16(ip + 10, checksum(view, ip, IPV4_BYTES, 0));

  const udp = ip + IPV4_BYTES;
  view.setUint16(udp, source.port);
  view.setUint16(udp + 2, target.port);
  view.setUint16(udp + 4, udpBytes);
  frame.set(payload, udp + UDP_BYTES);
  // The pseudo-header is the two addresses, the protocol and the length. A sum of 0 is sent as ffff, because 0 means none (RFC 768).
  const pseudoHeader = sumOfWords(view, ip + 12, 8) + UDP + udpBytes;
  view.setUint16(udp + 6, checksum(view, udp, udpBytes, pseudoHeader) || 0xffff);
  return frame;
}

/** The internet checksum (RFC 1071) of a part of the frame, on top of `initial`. */
function checksum(view: DataView, offset: number, length: number, initial: number): number {
  let sum = initial + sumOfWords(view, offset, length);
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x1_0000);
  return ~sum & 0xffff;
}

function sumOfWords(view: DataView, offset: number, length: number): number {
  let sum = 0;
  for (let index = 0; index + 1 < length; index += 2) sum += view.getUint16(offset + index);
  return length % 2 === 0 ? sum : sum + view.getUint8(offset + length - 1) * 256;
}
