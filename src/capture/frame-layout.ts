import { packetBytes, type Capture } from "./capture.js";

/** Where the headers of a packet end and its payload begins. */
export interface FrameLayout {
  readonly transport: "udp" | "tcp";
  /** Link header with its VLAN tags (or what the capture has in its place), bytes. */
  readonly linkBytes: number;
  /** IPv4 header with options, or IPv6 header with extension headers, bytes. */
  readonly networkBytes: number;
  /** UDP or TCP header with options, bytes. */
  readonly transportBytes: number;
  /** What the application sent in this packet, bytes; from the IP header, so link padding does not count. */
  readonly payloadBytes: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** 4 or 16 bytes, a view into the capture. */
  readonly destinationAddress: Uint8Array;
}

/** Link layers whose header has a fixed length: bytes in front of the EtherType or of the IP header. */
interface Link {
  readonly headerBytes: number;
  /** Where the EtherType lies, or null where the IP version tells what follows. */
  readonly etherTypeAt: number | null;
}

/** LINKTYPE_ values of the public registry: NULL, ETHERNET, RAW, LOOP, LINUX_SLL, IPV4, IPV6, LINUX_SLL2. */
const LINKS: ReadonlyMap<number, Link> = new Map([
  [0, { headerBytes: 4, etherTypeAt: null }],
  [1, { headerBytes: 14, etherTypeAt: 12 }],
  [101, { headerBytes: 0, etherTypeAt: null }],
  [108, { headerBytes: 4, etherTypeAt: null }],
  [113, { headerBytes: 16, etherTypeAt: 14 }],
  [228, { headerBytes: 0, etherTypeAt: null }],
  [229, { headerBytes: 0, etherTypeAt: null }],
  [276, { headerBytes: 20, etherTypeAt: 0 }],
]);

const VLAN_ETHER_TYPES: ReadonlySet<number> = new Set([0x8100, 0x88a8, 0x9100]);
const MOST_VLAN_TAGS = 4;
/** Hop-by-hop options, routing header, destination options. */
const IPV6_EXTENSIONS: ReadonlySet<number> = new Set([0, 43, 60]);
const MOST_IPV6_EXTENSIONS = 8;
const TCP = 6;
const UDP = 17;

/** Bytes of link header of a link type, or null where it is not one that is understood. */
export function linkHeaderBytes(linkType: number): number | null {
  return LINKS.get(linkType)?.headerBytes ?? null;
}

/**
 * Headers and payload of packet `index`: Ethernet II (or a Linux cooked, loopback or raw link) with up to four VLAN tags, IPv4 or IPv6, UDP or TCP.
 * Null for everything else: other protocols, later fragments, headers that the capture cut off or that contradict each other. Never throws.
 */
export function frameLayout(capture: Capture, index: number): FrameLayout | null {
  const linkType = capture.interfaces[capture.interfaceOf[index] ?? 0]?.linkType;
  const link = linkType === undefined ? undefined : LINKS.get(linkType);
  if (link === undefined) return null;
  const bytes = packetBytes(capture, index);
  const packet: Packet = {
    bytes,
    view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    originalBytes: capture.originalBytes[index] ?? 0,
  };
  const linkBytes = networkOffset(packet, link);
  const network = linkBytes === null ? null : networkLayer(packet, linkBytes);
  return network === null ? null : transportLayer(packet, network);
}

interface Packet {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly originalBytes: number;
}

interface Network {
  readonly linkBytes: number;
  readonly headerBytes: number;
  readonly protocol: number;
  /** Where the IP packet ends, without padding. */
  readonly end: number;
  readonly destinationAddress: Uint8Array;
}

function networkOffset(packet: Packet, link: Link): number | null {
  const { view } = packet;
  if (view.byteLength < link.headerBytes) return null;
  if (link.etherTypeAt === null) return link.headerBytes;
  let etherType = view.getUint16(link.etherTypeAt);
  let offset = link.headerBytes;
  for (let tags = 0; tags < MOST_VLAN_TAGS && VLAN_ETHER_TYPES.has(etherType); tags += 1) {
    if (view.byteLength < offset + 4) return null;
    etherType = view.getUint16(offset + 2);
    offset += 4;
  }
  return etherType === 0x0800 || etherType === 0x86dd ? offset : null;
}

function networkLayer(packet: Packet, start: number): Network | null {
  if (packet.view.byteLength < start + 1) return null;
  const version = packet.view.getUint8(start) >>> 4;
  if (version === 4) return ipv4(packet, start);
  return version === 6 ? ipv6(packet, start) : null;
}

function ipv4(packet: Packet, start: number): Network | null {
  const { view, bytes } = packet;
  if (view.byteLength < start + 20) return null;
  const headerBytes = (view.getUint8(start) & 0x0f) * 4;
  const fragmentOffset = view.getUint16(start + 6) & 0x1fff;
  if (headerBytes < 20 || fragmentOffset !== 0) return null;
  // A sender that leaves segmentation to its NIC writes a total length of 0.
  const totalBytes = view.getUint16(start + 2) || packet.originalBytes - start;
  return {
    linkBytes: start,
    headerBytes,
    protocol: view.getUint8(start + 9),
    end: start + totalBytes,
    destinationAddress: bytes.subarray(start + 16, start + 20),
  };
}

function ipv6(packet: Packet, start: number): Network | null {
  const { view, bytes } = packet;
  if (view.byteLength < start + 40) return null;
  let protocol = view.getUint8(start + 6);
  let offset = start + 40;
  for (let seen = 0; seen < MOST_IPV6_EXTENSIONS && IPV6_EXTENSIONS.has(protocol); seen += 1) {
    if (view.byteLength < offset + 2) return null;
    protocol = view.getUint8(offset);
    offset += 8 * (view.getUint8(offset + 1) + 1);
  }
  const statedBytes = view.getUint16(start + 4);
  return {
    linkBytes: start,
    headerBytes: offset - start,
    protocol,
    end: statedBytes === 0 ? packet.originalBytes : start + 40 + statedBytes,
    destinationAddress: bytes.subarray(start + 24, start + 40),
  };
}

function transportLayer(packet: Packet, network: Network): FrameLayout | null {
  const { view } = packet;
  const { protocol, linkBytes, headerBytes: networkBytes } = network;
  const start = linkBytes + networkBytes;
  if (protocol !== UDP && protocol !== TCP) return null;
  if (view.byteLength < start + (protocol === UDP ? 8 : 20)) return null;
  const transportBytes = protocol === UDP ? 8 : (view.getUint8(start + 12) >>> 4) * 4;
  const payloadBytes = network.end - start - transportBytes;
  if ((protocol === TCP && transportBytes < 20) || payloadBytes < 0 || network.end > packet.originalBytes) return null;
  return {
    transport: protocol === UDP ? "udp" : "tcp",
    linkBytes,
    networkBytes,
    transportBytes,
    payloadBytes,
    sourcePort: view.getUint16(start),
    destinationPort: view.getUint16(start + 2),
    destinationAddress: network.destinationAddress,
  };
}
