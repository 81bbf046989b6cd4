import type { Machine } from "../engine/index.js";
import type { EvidenceShare, OwnerCosts, ResourceUse } from "../result/index.js";
import type { Compiled } from "../scenario/index.js";

/** How busy every part was over the whole run. */
export function resourceUse(machine: Machine, compiled: Compiled, elapsed: number): ResourceUse[] {
  const { program } = compiled;
  const share = (time: number): number => (elapsed > 0 ? time / elapsed : 0);
  const plain = (name: string, kind: ResourceUse["kind"], busy: number, peak: number): ResourceUse => ({ name, kind, busy, categories: {}, bytes: bytesOf(name, kind, machine, compiled), peak });
  return [
    ...program.servers.map((_, index) => coreUse(machine, compiled, index, share)),
    ...program.stages.map((spec, index) => {
      const busy = machine.queues[index]?.busy ?? machine.stages.busy[index] ?? 0;
      return plain(spec.name, compiled.transmitters.has(spec.name) ? "link" : "stage", share(busy / spec.servers), 0);
    }),
    ...program.buses.map((spec, index) => plain(spec.name, "bus", share(machine.buses[index]?.busy ?? 0), 0)),
    ...program.pools.map((spec, index) => plain(spec.name, "pool", 0, spec.capacity - (machine.pools[index]?.lowest ?? 0))),
    ...program.batches.map((spec, index) => plain(spec.name, "batch", 0, machine.batches[index]?.peak ?? 0)),
  ];
}

/** A core's time by category; what no category claims is idle, or, for a polling loop, empty looks. The shares add to 1. A thread that shares its core has only the time that it ran. */
function coreUse(machine: Machine, compiled: Compiled, server: number, share: (time: number) => number): ResourceUse {
  const { program } = compiled;
  const spec = program.servers[server];
  const categories: Record<string, number> = {};
  let named = 0;
  program.categories.forEach((category, index) => {
    const part = share(machine.cpu[server * program.categories.length + index] ?? 0);
    if (part > 0) categories[category] = part;
    named += part;
  });
  const spun = spec?.spin === undefined ? null : share(machine.servers.spunUntil(server, machine.endTime));
  const held = spec?.processor === undefined ? share(machine.servers.busy[server] ?? 0) : named;
  const polling = (spec?.period ?? 0) > 0 && spun === null;
  // Time that a core is held without doing named work: it waits for something within the section.
  if (held - named > 1e-12) categories["stall"] = held - named;
  if (spun !== null) categories["poll-empty"] = spun;
  categories[polling ? "poll-empty" : "idle"] = Math.max(0, 1 - Math.max(held, named) - (spun ?? 0));
  return { name: compiled.serverNames.get(spec?.name ?? "") ?? spec?.name ?? "", kind: "core", busy: polling ? 1 : held + (spun ?? 0), categories, bytes: {}, peak: 0 };
}

/** Account that says which bytes crossed a link, and the accounts of the two directions of a bus. */
const LINK_BYTES = "moved-bytes";
const BUS_BYTES = /^bus-(?<direction>up|down)-(?<bytes>payload|overhead)$/u;

/** Bytes that crossed a link or one direction of a bus over the whole run. */
function bytesOf(name: string, kind: ResourceUse["kind"], machine: Machine, compiled: Compiled): Record<string, number> {
  const bytes: Record<string, number> = {};
  const owner = name.split(".")[0] ?? name;
  compiled.program.accounts.forEach((full, index) => {
    const [of, account = ""] = splitAccount(full);
    if (of !== owner) return;
    const total = machine.counts[index] ?? 0;
    const crossing = BUS_BYTES.exec(account)?.groups;
    if (kind === "link" && account === LINK_BYTES) bytes["payload"] = total;
    if (kind === "bus" && crossing !== undefined && name.endsWith(`.${crossing["direction"]}`)) bytes[crossing["bytes"] ?? ""] = total;
  });
  return bytes;
}

/** "gw/copied-bytes" as its owner and its account. */
function splitAccount(full: string): readonly [owner: string, account: string] {
  const cut = full.lastIndexOf("/");
  return [full.slice(0, cut), full.slice(cut + 1)];
}

/** Accounts are called in results like fields: "copied-bytes" is copiedBytes. */
function accountName(account: string): string {
  return account.replaceAll(/-([a-z])/gu, (_, letter: string) => letter.toUpperCase());
}

/** The accounts of the cost ledger of hosts and devices, over the whole run; what crosses links and buses is told with these. */
export function ownerCosts(machine: Machine, compiled: Compiled): OwnerCosts[] {
  const byOwner = new Map<string, Record<string, number>>();
  compiled.program.accounts.forEach((name, index) => {
    const [owner, account] = splitAccount(name);
    if (BUS_BYTES.test(account) || compiled.instances.find(owner).spec.kind === "link") return;
    const totals = byOwner.get(owner) ?? {};
    byOwner.set(owner, totals);
    totals[accountName(account)] = machine.counts[index] ?? 0;
  });
  const messages = Math.max(1, machine.completed);
  return [...byOwner].map(([owner, totals]) => ({
    owner,
    totals,
    perMessage: Object.fromEntries(Object.entries(totals).map(([account, total]) => [account, total / messages])),
  }));
}

/** How much of the zero-load latency rests on estimates, and what is cited. */
export function evidenceShare(compiled: Compiled): EvidenceShare {
  const metric = compiled.paths[0]?.metrics[0];
  let estimated = 0;
  let total = 0;
  for (const { pc, time } of metric?.contributions ?? []) {
    total += Math.abs(time);
    if (compiled.notes[pc]?.origins.some((origin) => origin.evidence.tag === "estimated") === true) estimated += Math.abs(time);
  }
  const sources = new Set(compiled.notes.flatMap((note) => note.origins.flatMap(({ evidence }) => ("cite" in evidence ? [evidence.cite] : []))));
  return { estimated: total > 0 ? estimated / total : 0, sources: [...sources].sort() };
}
