import { OP } from "../engine/index.js";
import { WirelatError, type SourcePlace } from "../errors/index.js";
import { Amount, drop, meet, type Operation, type OperationContext, type Part, type Role, type Step } from "../modeling/index.js";
import type { Assembler, Note } from "./assembler.js";
import { operationOf, type Instance, type Instances } from "./instances.js";
import { checkKeys } from "./check-keys.js";
import { settleArrivals } from "./emit-link.js";
import { parseParam } from "./parse-param.js";
import type { Aside, PathState, Tap } from "./path-state.js";
import type { Registry } from "./registry.js";
import type { PathStep, RawValue } from "./types.js";

const MAX_DEPTH = 32;

/** What the paths of one program have in common. */
export interface Workshop {
  readonly instances: Instances;
  readonly registry: Registry;
  readonly assembler: Assembler;
  /** Turns one step into instructions; given from outside, because what it calls must be able to expand further steps. */
  readonly emitStep: (path: PathCompiler, step: Step) => void;
}

/** Compiles one traffic source's path: expands steps into instructions while it follows where the payload is. */
export class PathCompiler {
  readonly taps = new Map<string, Tap>();
  private marks = 0;
  private readonly outOfLine: (() => void)[] = [];
  /** Pools of which the message holds something, and where it was claimed. */
  readonly claimed = new Map<Part, { readonly label: string; readonly step: string; readonly place: SourcePlace }>();
  /** Step of the path being expanded, for segments and notes. */
  step = "";
  place: SourcePlace;
  /** Where `in` of a link will belong: known when the next instance is reached. */
  private pendingIn: Tap | null = null;
  private depth = 0;
  /** Off-path work whose steps are being expanded; null on the path itself. */
  aside: Aside | null = null;
  /** Structural step in whose body the compiler is, where not every message goes once; null outside of any. */
  private enclosing: string | null = null;
  readonly firstSlot: number;
  /** The step behind the one being expanded, taps left out. */
  private following: PathStep | null = null;
  /** The adapter that the path comes to first. */
  firstAdapter: Instance | null = null;
  /** Instance whose operation is being expanded. */
  current: Instance | null = null;

  readonly instances: Instances;
  readonly registry: Registry;
  readonly assembler: Assembler;
  private readonly emitStep: Workshop["emitStep"];
  /** Traffic source whose messages follow this path: their draws are their own. */
  readonly source: string;

  constructor(shop: Workshop, readonly state: PathState, traffic: { readonly name: string }, path: { readonly place: SourcePlace }) {
    this.instances = shop.instances;
    this.registry = shop.registry;
    this.assembler = shop.assembler;
    this.emitStep = shop.emitStep;
    this.firstSlot = this.assembler.slots.length;
    this.source = traffic.name;
    this.place = path.place;
  }

  /** Code that is placed behind the end of the path. */
  atEnd(place: () => void): void {
    this.outOfLine.push(place);
  }

  /** Remembers where the compiler stands; the function it gives goes back there. */
  bookmark(): () => void {
    const state = { ...this.state };
    const { step, place, current } = this;
    return () => {
      Object.assign(this.state, state);
      Object.assign(this, { step, place, current });
    };
  }

  finish(): void {
    settleArrivals(this);
    const { train } = this.state;
    // Whoever takes them from the wire at the end of the path is not modelled.
    if (this.state.location === "wire") this.emit([meet({ label: "rest of the message", ahead: [], back: [], torn: [drop("a frame of the message was lost")] })]);
    else if (train !== null) this.refuse("pieces-apart", `messages that are longer than a frame are cut by ${train.step}, and nobody puts them together again`, "let a kernel receive them, or send no more than one frame holds");
    const [held] = this.claimed.values();
    if (held !== undefined) {
      const remedy = "let the path go on to whoever takes the message: irq or pmd.rx behind nic.rx, wake behind udp.rx, irq or poll behind a completion";
      throw new WirelatError("claim-unreleased", `${held.step} takes its part of ${held.label}, and the path ends before any step gives it back`, { place: held.place, remedy });
    }
    this.assembler.emit({ op: OP.end }, this.note("end"));
    // What is placed may itself leave something behind the end, so the list may grow.
    const end = this.bookmark();
    for (let next = 0; next < this.outOfLine.length; next++) this.outOfLine[next]?.();
    end();
  }

  get markCount(): number {
    return this.marks;
  }

  steps(path: readonly PathStep[]): void {
    path.forEach((step, index) => {
      this.following = path.slice(index + 1).find((one) => one.kind !== "tap") ?? null;
      this.pathStep(step);
    });
  }

  /** The link by which the message leaves the device of this step. */
  private nextLink(): string {
    const next = this.following;
    const link = next?.kind === "operation" ? this.instances.operation(next.name).instance : null;
    if (link?.spec.kind === "link") return link.instance;
    return this.refuse("egress-missing", "the message is to be sent on, and no link follows in the path", "name the link that leads away behind this step");
  }

  /** Expands an operation in place. */
  operation(instance: Instance, name: string, argument: RawValue | null, passed: Readonly<Record<string, unknown>>): void {
    if (++this.depth > MAX_DEPTH) throw new WirelatError("operation-recursion", `${instance.instance}.${name} uses itself`, { place: this.place });
    const operation = operationOf(instance, name);
    this.enter(instance, name, operation);
    const outer = this.current;
    this.current = instance;
    const args = this.args(instance, name, operation, argument);
    const isLink = instance.spec.kind === "link";
    // A link takes nothing over from a link before it; a device says when it writes its steps whether it does.
    if (isLink) settleArrivals(this);
    const steps = operation.steps(this.context(instance, args, passed, outer) as never);
    if (!isLink) settleArrivals(this);
    this.emit(steps);
    this.current = outer;
    this.depth--;
  }

  emit(steps: readonly Step[]): void {
    for (const step of steps) this.emitStep(this, step);
  }

  /** A member that is served by its batch's carrier hands the core back before it does anything that is not CPU work. */
  leaveCarrier(): void {
    if (!this.state.onCarrier) return;
    this.state.onCarrier = false;
    this.assembler.emit({ op: OP.handBack }, this.note("hand the core back"));
  }

  /** Names the stream of random numbers that a step draws from. */
  component(label: string, of = this.current?.instance ?? this.step): string {
    return `${this.source}:${of}/${label}`;
  }

  note(text: string, origins: Note["origins"] = []): Note {
    return { step: this.step, text, origins };
  }

  slot(label: string, kind: string, step = this.step): number {
    return this.assembler.slot(step, label, kind);
  }

  /** Passes a tap: remembers the cursor under a name. */
  tap(name: string): void {
    const profile = this.state.stored ? null : this.profileOfLast();
    const tap: Tap = { name: this.tapName(name), mark: this.marks++, slot: this.assembler.slots.length, profile, aside: this.aside, enclosing: this.enclosing, adapter: this.state.lastComponent };
    this.assembler.emit({ op: OP.mark, a: tap.mark }, this.note(`tap ${tap.name}`));
    if (name === "in") this.pendingIn = tap;
    else this.addTap(tap.name, tap);
  }

  /** The profile that taps see: of a message in pieces it is that of the last, and is asked for by the payload of the whole. */
  private profileOfLast(): PathState["profile"] {
    const { profile, train } = this.state;
    if (profile === null || train === null) return profile;
    return { ...profile, bytes: new Amount((payload) => profile.bytes.of(train.last.of(payload)), profile.bytes.origins) };
  }

  /** The owner's account of a step's cost. */
  account(name: string, owner = this.current?.owner.instance ?? this.step): number {
    return this.registry.account(`${owner}/${name}`);
  }

  refuse(code: string, message: string, remedy?: string): never {
    throw new WirelatError(code as never, `${this.step}: ${message}`, { place: this.place, ...(remedy === undefined ? {} : { remedy }) });
  }

  /** The wire's taps are named after the neighbours of the link: gw.out before it, gw.in after it. */
  private tapName(name: string): string {
    if (name === "out" && this.state.previousOwner !== null) return `${this.state.previousOwner.instance}.out`;
    return name === "in" || name === "out" ? `${this.current?.instance ?? this.step}.${name}` : name;
  }

  private addTap(name: string, tap: Tap): void {
    if (!this.taps.has(name)) this.taps.set(name, tap);
  }

  private enter(instance: Instance, name: string, operation: Operation): void {
    const { state } = this;
    const isLink = instance.spec.kind === "link";
    if (!isLink) {
      if (this.pendingIn !== null) this.addTap(`${instance.owner.instance}.in`, this.pendingIn);
      this.pendingIn = null;
      state.previousOwner = instance.owner;
      if (instance.spec.kind === "component" && instance.model?.provides === "interrupts") {
        state.lastComponent = instance;
        this.firstAdapter ??= instance;
      }
    }
    if (operation.from === null || state.location === null || operation.from.includes(state.location)) return;
    const places = operation.from.map((place) => LOCATION_NAMES[place]).join(" or ");
    this.refuse("location-mismatch", `${instance.instance}.${name} needs data in ${places}, but here it is in ${LOCATION_NAMES[state.location]}`, REMEDIES[`${state.location}>${operation.from[0] ?? ""}`]);
  }

  private context(instance: Instance, args: Readonly<Record<string, unknown>>, passed: Readonly<Record<string, unknown>>, caller: Instance | null): OperationContext<never, never, never, never> {
    const needs: Record<string, unknown> = {};
    for (const [key, role] of Object.entries(instance.model?.needs ?? {})) Object.defineProperty(needs, key, { get: () => this.instances.role(instance, role as Role, this.state.lastComponent) });
    return {
      params: instance.params,
      parts: instance.parts,
      needs,
      has: (need: string) => this.instances.fills(instance, instance.model?.needs[need] as Role),
      args,
      passed,
      message: this.state.shape(),
      region: (region: string) => this.instances.region(region),
      instance: (other: string) => this.instances.find(other),
      state: instance.state,
      name: instance.instance,
      caller: caller?.instance ?? null,
      memory: instance.memory,
      nextLink: () => this.nextLink(),
      part: (part: string, make: () => Part) => instance.partOf(part, make),
      takeArrival: () => this.state.takeArrival(),
      refuse: (code: string, message: string, remedy?: string) => this.refuse(code, message, remedy),
    } as never;
  }

  private args(instance: Instance, name: string, operation: Operation, argument: RawValue | null): Record<string, unknown> {
    const given = this.given(operation, argument, `${instance.instance}.${name}`);
    const args: Record<string, unknown> = {};
    for (const [key, param] of Object.entries(operation.args)) {
      const raw = given[key] ?? (param.default === null ? null : { value: param.default, place: this.place, evidence: param.evidence });
      if (raw !== null) args[key] = parseParam(param, raw, `${this.step}.${key}`);
    }
    return args;
  }

  private given(operation: Operation, argument: RawValue | null, name: string): Readonly<Record<string, RawValue>> {
    if (argument === null || argument.value === null) return {};
    const { value } = argument;
    if (value instanceof Map && !value.has("dist")) {
      checkKeys(value, Object.keys(operation.args), name);
      return Object.fromEntries(value);
    }
    if (operation.main === null) this.refuse("argument-unexpected", `${name} takes ${Object.keys(operation.args).length === 0 ? "no argument" : `a map of ${Object.keys(operation.args).join(", ")}`}`);
    return { [operation.main]: argument };
  }

  private pathStep(step: PathStep): void {
    this.place = step.place;
    switch (step.kind) {
      case "operation": {
        this.step = step.name;
        const { instance, operation } = this.instances.operation(step.name);
        return this.operation(instance, operation, step.argument, {});
      }
      case "tap":
        this.step = step.name;
        return this.emit([{ step: "tap", name: step.name }]);
      default:
        return this.structure(step);
    }
  }

  private structure(step: Exclude<PathStep, { kind: "operation" | "tap" }>): void {
    // Structural steps contain path steps, which expand on their own: hand the compiler thunks in place of steps.
    const inner = (body: readonly PathStep[]): readonly Step[] => [{ step: "path", run: () => this.body(step.kind, body) } as unknown as Step];
    this.step = step.kind;
    switch (step.kind) {
      case "all":
      case "race":
        return this.emit([{ step: step.kind, label: step.kind, branches: step.branches.map(inner) }]);
      case "spawn":
        return this.emit([{ step: "spawn", body: inner(step.body), holding: [] }]);
      case "parallel":
        if (this.state.train !== null) this.refuse("cut-twice", `the message goes in pieces already, cut by ${this.state.train.step}`, "leave `parallel` out, or send in chunks that fit into a frame");
        return this.emit([parallelStep(step, this.state, inner(step.body))]);
      case "branch":
        return this.emit([{ step: "choose", choice: { kind: "chance", probability: step.probability, name: `${step.place.path ?? "branch"}` }, yes: inner(step.yes), no: inner(step.no) }]);
      default:
        return this.emit([repeatStep(step, this.state, inner(step.body))]);
    }
  }

  private body(kind: string, steps: readonly PathStep[]): void {
    const outer = this.enclosing;
    if (kind !== "spawn") this.enclosing = kind;
    this.steps(steps);
    this.enclosing = outer;
  }
}

function parallelStep({ chunk }: Extract<PathStep, { kind: "parallel" }>, { payload }: PathState, body: readonly Step[]): Step {
  return { step: "in-parallel", label: "parallel", chunk: payload.map(() => chunk), count: payload.map((bytes) => Math.max(1, Math.ceil(bytes / chunk))), body, ends: null };
}

function repeatStep(step: Extract<PathStep, { kind: "repeat" }>, state: PathState, body: readonly Step[]): Step {
  const chunk = step.chunk;
  if (chunk === null) return { step: "repeat", count: state.payload.map(() => step.times ?? 1), chunk: null, body };
  return { step: "repeat", count: state.payload.map((bytes) => Math.ceil(bytes / chunk)), chunk: state.payload.map(() => chunk), body };
}

const LOCATION_NAMES = { wire: "flight on the wire", nic: "the NIC", kmem: "kernel memory", umem: "user memory", pinned: "pinned memory", dev: "the device" } as const;

const REMEDIES: Readonly<Record<string, string>> = {
  "kmem>umem": 'add "copy: { to: user }" of that host before it, or use a zero-copy receive',
  "umem>pinned": "declare the region with pinned: true",
};

