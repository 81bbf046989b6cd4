import {
  type Amount, amountOf, bus, bytes, choice, chosen, duration, estimated, flag, multiply, number, order, percent, pool, published, Rate, rational, server, standard, timing, type PartOf, type Values,
} from "../../modeling/index.js";
import { byteTime, bytesOnLink, GENERATIONS, linkOf, overheads, packetShare, WIDTHS, type PacketOverheads } from "./pcie-packets.js";

const LINKS = GENERATIONS.flatMap((generation) => WIDTHS.map((width) => `${generation} ${width}` as const));
const CREDIT_BYTES = 16;

/** The smallest write that devices make: an interrupt message. */
export const INTERRUPT_BYTES = 4;
const base = standard("pcie-base-specification");

/** What can be set of a PCI Express link. */
export const PCIE_PARAMS = {
  link: choice(LINKS, "gen3 x8", "generation and number of lanes", chosen("what 10 to 40 Gbit/s adapters use")),
  payload: bytes("256 B", "largest data of one write or completion packet (MPS)", published("pcie-bench-data")),
  request: bytes("512 B", "largest read that one request may ask for (MRRS)", published("pcie-bench-data")),
  boundary: bytes("64 B", "read completion boundary (RCB): completions of one read end at its multiples", base),
  completions: choice(["payload", "boundary"], "payload", "whether the root answers reads with the largest packets or splits at every boundary, as older chipsets do", published("pcie-bench-model")),
  address: choice(["64 bit", "32 bit"], "64 bit", "address size in the header of writes and reads", chosen("buffers lie anywhere in memory")),
  ecrc: flag(false, "whether packets carry the optional end-to-end check of 4 B", chosen("off in servers")),
  dllp: flag(false, "whether acknowledgements, flow-control updates and SKIP sets are taken off the rate", chosen("they matter for throughput, hardly for a single message")),
  tags: number(32, "reads that may be under way at once", base, 1),
  "posted.headers": number(64, "credits for headers of writes (PH), 0 for no limit", estimated("root ports advertise 32 to 128", ["32", "128"])),
  "posted.data": bytes("64 KiB", "credits for data of writes (PD), 0 for no limit", estimated("root ports advertise a few KiB to 64 KiB", ["4 KiB", "64 KiB"])),
  "nonposted.headers": number(64, "credits for headers of reads and atomics (NPH), 0 for no limit", estimated("root ports advertise 32 to 128", ["32", "128"])),
  "nonposted.data": bytes("1 KiB", "credits for data of atomics (NPD), 0 for no limit", estimated("one unit for each header", ["64 B", "2 KiB"])),
  "completion.headers": number(0, "credits for headers of completions (CplH), 0 for no limit", base),
  "completion.data": bytes("0 B", "credits for data of completions (CplD), 0 for no limit", base),
  "credit.return": duration("200 ns", "from the end of a packet until its credits can be used again", estimated("processing at the root and a flow-control update", ["100 ns", "500 ns"])),
  upstream: timing("180 ns", "flight of a write from device to root complex", estimated("two PHYs, link layers and the root complex", ["150 ns", "200 ns"])),
  landing: duration("20 ns", "from the root complex until the line can be read from the last-level cache", estimated("one trip over the processor's mesh", ["10 ns", "50 ns"])),
  downstream: timing("150 ns", "flight of a store from core to device", estimated("write buffer, root complex, two PHYs", ["150 ns", "300 ns"])),
  read: timing("600 ns", "from a device's read request to the first data of its first completion", published("pcie-bench-data")),
  load: timing("790 ns", "read of a device register by a core, which stands still meanwhile", published("pcie-lat")),
  ordering: choice(["strict", "relaxed"], "strict", "whether writes become visible in the order in which they were sent", base),
  spread: duration("100 ns", "relaxed ordering: how much later one packet may land than another of the same write", estimated("different paths through the root complex and the mesh", ["20 ns", "300 ns"])),
  switches: number(0, "switches between the device and the root", chosen("most slots are wired to the processor")),
  switch: duration("150 ns", "through one switch, either way", estimated("cut-through packet switches of gen3 and gen4: 100 to 200 ns", ["100 ns", "250 ns"])),
  aspm: choice(["off", "l0s", "l1"], "off", "deepest state that the idle link may enter by itself", chosen("off where latency matters")),
  "l0s.entry": duration("1 us", "idle time after which the link goes into L0s", estimated("the standard allows up to 7 us", ["500 ns", "7 us"])),
  "l0s.exit": duration("1 us", "from the next packet until the link is out of L0s", estimated("classes from 64 ns to 4 us", ["64 ns", "4 us"])),
  "l1.entry": duration("32 us", "idle time after which the link goes into L1", estimated("settings of devices: 8 to 64 us", ["8 us", "64 us"])),
  "l1.exit": duration("8 us", "from the next packet until the link is out of L1", estimated("classes from 1 to 64 us", ["1 us", "64 us"])),
  errors: percent("0%", "share of transfers of which a packet fails its link check, and which are sent again", chosen("links are specified for a bit error in 10^12")),
  replay: duration("400 ns", "from a bad packet until its transfer is sent again: refusal and its flight", estimated("a link's round trip and the acknowledgement's turn", ["200 ns", "2 us"])),
  "store.buffer": bytes("64 B", "data that one store packet carries: a write-combining buffer", estimated("line size of the processor", ["8 B", "64 B"])),
} as const;

export type PcieParams = Values<typeof PCIE_PARAMS>;
export type PcieParts = ReturnType<typeof makePcieParts>;

/** What step builders need of one bus. */
export interface Pcie {
  readonly params: PcieParams;
  readonly parts: PcieParts;
}

export function makePcieParts({ params }: { readonly params: PcieParams }) {
  const wire = wireOf(params);
  const credits = (capacity: number): PartOf<"pool"> | null => (capacity === 0 ? null : pool({ capacity, whenFull: "block" }));
  const data = (size: Amount): PartOf<"pool"> | null => credits(Math.floor(size.of(0) / CREDIT_BYTES));
  // Credits that return sooner than the smallest packets can use them up never make anybody wait; without the pools a write costs no event.
  const smallest = wire.time(amountOf(INTERRUPT_BYTES + wire.overheads.request)).of(0);
  const scarce = params["posted.headers"].of(0) * smallest < params["credit.return"].of(0);
  const largest = wire.time(amountOf(params.payload.of(0) + wire.overheads.request)).of(0);
  const packetsOfData = Math.floor(params["posted.data"].of(0) / params.payload.of(0));
  const scarceData = packetsOfData * largest < params["credit.return"].of(0);
  const parts = {
    up: bus(),
    down: bus(),
    tags: pool({ capacity: params.tags.of(0), whenFull: "block" }),
    landed: order(),
  };
  return {
    ...parts,
    ...named("postedHeaders", scarce ? credits(params["posted.headers"].of(0)) : null),
    ...named("postedData", scarceData ? data(params["posted.data"]) : null),
    ...named("nonpostedHeaders", params.tags.of(0) > params["nonposted.headers"].of(0) ? credits(params["nonposted.headers"].of(0)) : null),
    ...named("nonpostedData", data(params["nonposted.data"])),
    ...named("completionHeaders", credits(params["completion.headers"].of(0))),
    ...named("completionData", data(params["completion.data"])),
    ...(params.aspm === "off" ? {} : { power: power(params) }),
  };
}

/** The link as something that falls asleep: it goes deeper the longer nobody has used it. */
function power(params: PcieParams): PartOf<"server"> {
  const depths = params.aspm === "l1" ? (["l0s", "l1"] as const) : (["l0s"] as const);
  return server({ sleep: { governor: "ladder", states: depths.map((name) => ({ name, exit: params[`${name}.exit`], residency: params[`${name}.entry`] })) } });
}

function named<K extends string>(name: K, part: PartOf<"pool"> | null): { readonly [N in K]?: PartOf<"pool"> } {
  return part === null ? {} : ({ [name]: part } as { readonly [N in K]: PartOf<"pool"> });
}

/** The link as arithmetic: what packets carry beside data, and how long bytes take. */
export interface Wire {
  readonly overheads: PacketOverheads;
  /** Time of packets that are so many bytes in all, rounded once. */
  readonly time: (packets: Amount) => Amount;
}

export function wireOf(params: PcieParams): Wire {
  const link = linkOf(params.link);
  const { generation } = link;
  const share = params.dllp ? packetShare(link, params.payload.of(0)) : rational(1);
  const period = multiply(byteTime(link), rational(share.den, share.num));
  const rate = new Rate(period);
  const own = { generation, wideAddresses: params.address === "64 bit", endToEndCheck: params.ecrc };
  const time = (packets: Amount): Amount => rate.timeFor(packets.map((size) => bytesOnLink(size, generation)));
  return { overheads: overheads(own), time };
}

/** Credits for the headers and data of packets that travel one behind the other. */
export interface Credits {
  readonly headers: Amount;
  readonly data: Amount;
}

/**
 * Credits that a transfer of `pieces` packets holds at once: the first ones' come back while the later ones are sent, so a long
 * transfer holds what fits into the time of their return, and never more than there are.
 */
export function creditsHeld(params: PcieParams, transfer: { readonly bytes: Amount; readonly pieces: Amount; readonly header: number }, pools: { readonly headers: PartOf<"pool"> | undefined; readonly data: PartOf<"pool"> | undefined }): Credits {
  const { bytes, pieces, header } = transfer;
  const full = wireOf(params).time(params.payload.plus(header)).of(0);
  const window = Math.ceil(params["credit.return"].of(0) / full) + 1;
  const headers = pieces.map((count) => Math.min(count, window, pools.headers?.capacity ?? count));
  const units = Math.ceil(params.payload.of(0) / CREDIT_BYTES);
  const data = bytes.map((size) => Math.min(Math.ceil(size / CREDIT_BYTES), window * units, pools.data?.capacity ?? Infinity));
  return { headers, data };
}
