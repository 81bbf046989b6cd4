import { leaveCore, type Region, type Step, use, work } from "../../modeling/index.js";
import type { Road } from "./rdma-packets.js";
import { type Adapter, hostOf, type Verb } from "./rdma-params.js";

const REGISTERED = "registered";

type Right = "remote-write" | "remote-read" | "remote-atomic";

/** Both keys are checked before anything is sent: that of the buffer here, and that of the region there. A key that does not hold is an error and never a delay. */
export function admitted(verb: Verb, road: Road, target: Region, right: Right): readonly Step[] {
  return [...ownKey(verb), use(road.far, "admit", { region: target, right })];
}

/** That of the buffer here alone: what is sent names no memory of the other side. */
export function ownKey(verb: Verb): readonly Step[] {
  const { args, refuse } = verb;
  if (args.local === undefined) return [];
  const region = verb.region(args.local);
  if (region.host !== hostOf(verb)) refuse("region-foreign", `region ${region.name} is memory of ${region.host}, not of ${hostOf(verb)}`, "name a region of the host that posts");
  checkHeld(verb, region);
  return [];
}

/** The key of a region: its pages stay where they are, are fetched when they are missed, or have been registered on the way here; and it allows what is asked. */
export function checkKey(adapter: Adapter, region: Region, right: Right): void {
  checkHeld(adapter, region);
  if (!region.rights.includes(right)) adapter.refuse("region-rights", `the key of region ${region.name} does not allow ${right}`, `add ${right} to the rights of ${region.name}`);
}

function checkHeld({ state, refuse }: Adapter, region: Region): void {
  const registered = (state.get(REGISTERED) as ReadonlyMap<string, boolean> | undefined)?.get(region.name);
  if (registered === false) refuse("region-not-pinned", `the registration of region ${region.name} has been taken back`, `deregister ${region.name} behind its last use`);
  if (!region.pinned && !region.odp && registered !== true) {
    refuse("region-not-pinned", `region ${region.name} is not pinned: its page could be moved while the adapter uses it`, `declare ${region.name} with pinned: true`);
  }
}

interface Registering extends Adapter {
  readonly args: { readonly region: string; readonly core: string };
}

/** A thread asks the kernel to pin a region and to tell the adapter where its pages are. */
export function registered(adapter: Registering): readonly Step[] {
  const { params } = adapter;
  const region = regionOf(adapter);
  remember(adapter, region.name, true);
  const pages = params["register.byte"].map((time) => time * region.bytes);
  return called(adapter, params["register.base"].plus(pages), "register memory");
}

export function deregistered(adapter: Registering): readonly Step[] {
  remember(adapter, regionOf(adapter).name, false);
  return called(adapter, adapter.params.deregister, "deregister memory");
}

function regionOf(adapter: Registering): Region {
  const { args, refuse } = adapter;
  if (args.region === undefined) return refuse("parameter-missing", "registering needs a region", "write e.g. rdma.register: { region: a.buffer }");
  const region = adapter.region(args.region);
  return region.host === hostOf(adapter) ? region : refuse("region-foreign", `region ${region.name} is memory of ${region.host}, not of ${hostOf(adapter)}`, "let its own host register it");
}

function remember({ state }: Adapter, name: string, held: boolean): void {
  state.set(REGISTERED, new Map([...((state.get(REGISTERED) as ReadonlyMap<string, boolean> | undefined) ?? []), [name, held]]));
}

function called({ needs, args }: Registering, time: Parameters<typeof work>[0], label: string): readonly Step[] {
  return [use(needs.cpu, "enter", { thread: args.core, label: args.core }), use(needs.cpu, "syscall"), work(time, "sys", label), leaveCore()];
}
