import { InternalFault, WirelatError, WirelatErrors } from "../errors/index.js";
import { defineModel, LOCATIONS, move, need, use, type Location, type Model, type Operation, type Param, type Role } from "../modeling/index.js";
import type { Catalogue, CheckedScenario, InstanceSpec, PathStep, RawValue } from "../scenario/index.js";
import { raw, tried, type Bench } from "./bench.js";
import { exampleArguments } from "./example.js";

const PLACE = { file: "contract", line: 1, column: 1 };
const DEVICE = "dut";
const MOST_ATTEMPTS = 400;

/** Brings a payload to where an operation needs it, and a message onto a core: what other models of a real path would have done. */
const USHER: Model = defineModel({
  name: "contract/usher", title: "Puts a message where it is needed", about: "Stands for the part of a path before the model that is tried.",
  needs: { cpu: "cpu" }, params: {}, parts: () => ({}),
  operations: (operation) => ({
    ...Object.fromEntries(LOCATIONS.map((place) => [`to-${place}`, operation({ from: ["wire"], meaning: `the payload goes to ${place}`, steps: ({ message }) => [need("last"), move("wire", place, "dma", message.payload)] })])),
    enter: operation({ meaning: "the message gets a core", steps: ({ needs }) => [use(needs.cpu, "enter", { thread: "app", how: "serve", label: "core" })] }),
  }),
});

/** Who serves in a role where several could; otherwise the first of the catalogue. */
const PREFERRED: Readonly<Partial<Record<Role, string>>> = { cpu: "host/core", bus: "bus/pcie", interrupts: "nic/generic", stack: "os/linux" };
/** Roles of every bench's host, whatever the model itself needs. */
const ALWAYS: readonly Role[] = ["cpu", "interrupts"];

/** Models that fill the roles of a host beside the one that is tried, and the roles that these need. */
function companyOf(model: Model, { models }: Catalogue): ReadonlyMap<Role, Model> {
  const company = new Map<Role, Model>();
  const open = onHost(model) ? [...ALWAYS, ...Object.values(model.needs)] : [...ALWAYS];
  for (let role = open.pop(); role !== undefined; role = open.pop()) {
    if (company.has(role) || role === model.provides) continue;
    const found = models.get(PREFERRED[role] ?? "") ?? [...models.values()].find((one) => one.provides === role);
    if (found === undefined) continue;
    company.set(role, found);
    open.push(...Object.values(found.needs));
  }
  return company;
}

/** Why no bench was found for an operation. */
export interface Refusal {
  readonly why: string;
  /** It ends with claims that it does not give back, or gives back what it has not claimed. */
  readonly unbalanced: boolean;
}

/** A bench for each operation that some short path of the model's own operations can reach, and why the others cannot be reached that way. */
export function ownBenches(model: Model, shipped: Catalogue): { readonly benches: readonly Bench[]; readonly unreached: ReadonlyMap<string, Refusal> } {
  const catalogue: Catalogue = { models: new Map([...shipped.models, [USHER.name, USHER], [model.name, model]]), traffic: shipped.traffic };
  const benches: Bench[] = [];
  const unreached = new Map<string, Refusal>();
  for (const name of Object.keys(model.operations)) {
    const found = benchFor(model, name, catalogue);
    if ("why" in found) unreached.set(name, found);
    else benches.push(found);
  }
  return { benches, unreached };
}

/** The usher's model, for whoever compiles these benches. */
export const benchCatalogue = (catalogue: Catalogue): Catalogue => ({ models: new Map([...catalogue.models, [USHER.name, USHER]]), traffic: catalogue.traffic });

function benchFor(model: Model, name: string, catalogue: Catalogue): Bench | Refusal {
  let reason: Refusal | null = null;
  let attempts = 0;
  const company = companyOf(model, catalogue);
  for (const steps of pathsWith(model, name)) {
    if (++attempts > MOST_ATTEMPTS) break;
    const scenario = scenarioOf(model, steps, company);
    const fault = refusal(scenario, catalogue);
    if (fault === null) return { name: `${name} of its own bench`, scenario };
    reason ??= fault;
  }
  return reason ?? { why: "it has no place to begin", unbalanced: false };
}

/** Paths that contain the operation, the shortest first: alone, before or behind one other, between two. */
function* pathsWith(model: Model, name: string): Generator<readonly PathStep[]> {
  const others = Object.keys(model.operations);
  const alone = [[name]];
  const two = others.flatMap((other) => [[name, other], [other, name]]);
  const three = others.flatMap((before) => others.map((behind) => [before, name, behind]));
  for (const names of [...alone, ...two, ...three]) {
    const first = model.operations[names[0] ?? name] as Operation;
    for (const ahead of waysTo(first, model)) {
      const steps = [...ahead, ...names.map((one) => stepOf(model, one))];
      yield steps;
      // A switch sends a message on over the link that follows.
      if (!onHost(model)) yield [...steps, plain("order")];
    }
  }
}

/** Whose buffers an adapter puts a frame into, by the place that they are. */
const RECEIVED: Readonly<Partial<Record<Location, string>>> = { kmem: "kernel", umem: "user", pinned: "pinned" };

/** How a message comes to where the operation takes it. */
function waysTo(operation: Operation, model: Model): readonly (readonly PathStep[])[] {
  const arrival = plain("feed");
  const places = operation.from ?? ["wire" as const, "umem" as const];
  return places.flatMap((place: Location) => {
    const there = place === "wire" ? [arrival] : [arrival, plain(`gw.usher.to-${place}`)];
    if (!onHost(model)) return [there, [...there, plain("gw.usher.enter")]];
    const into = RECEIVED[place];
    const received = into === undefined || model.provides === "interrupts" ? [] : [[arrival, { ...plain("gw.interrupts.rx"), argument: { ...raw(""), value: new Map([["into", raw(into)]]) } }]];
    return [there, [...there, plain("gw.usher.enter")], ...received];
  });
}

const plain = (name: string): PathStep => ({ kind: "operation", name, argument: null, place: PLACE });

/** The operation with values for all of its arguments, as its example has them. */
function stepOf(model: Model, name: string): PathStep {
  const operation = model.operations[name] as Operation;
  const place = onHost(model) ? `gw.${DEVICE}` : DEVICE;
  const step = name === "traverse" ? place : `${place}.${name}`;
  const values = [...exampleArguments(model, name, operation)];
  const argument: RawValue | null = values.length === 0 ? null : { value: new Map(values.map(([key, text]) => [key, valueOf(text, operation.args[key])])), place: PLACE, evidence: null };
  return { kind: "operation", name: step, argument, place: PLACE };
}

function valueOf(text: string, param: Param | undefined): RawValue {
  if (param?.kind === "flag") return raw(text === "true");
  if (param?.kind === "list") return { ...raw(""), value: text.slice(1, -1).split(", ").map(raw) };
  if (param?.kind === "count") return raw(Number(text));
  return raw(text);
}

const onHost = (model: Model): boolean => Object.keys(model.needs).length > 0 || (model.provides !== null && model.provides !== "link");

function scenarioOf(model: Model, steps: readonly PathStep[], company: ReadonlyMap<Role, Model>): CheckedScenario {
  const none = { params: {}, children: [], use: null, place: PLACE };
  const host = (): InstanceSpec => {
    const threads: RawValue = { value: new Map([["irq", raw(2)], ["app", raw(3)]]), place: PLACE, evidence: null };
    const children = [...company].map(([role, { name }]): InstanceSpec => ({ ...none, name: `gw.${role}`, kind: "component", model: name, params: role === "cpu" ? { threads } : {} }));
    const own: InstanceSpec[] = onHost(model) ? [{ ...none, name: `gw.${DEVICE}`, kind: "component", model: model.name, params: model.provides === "cpu" ? { threads } : {} }] : [];
    return { ...none, name: "gw", kind: "host", model: null, children: [...children, ...own, { ...none, name: "gw.usher", kind: "component", model: USHER.name }] };
  };
  const device: InstanceSpec[] = onHost(model) ? [] : [{ ...none, name: DEVICE, kind: model.provides === "link" ? "link" : model.name.startsWith("switch/") ? "switch" : "device", model: model.name }];
  return {
    id: model.name.replaceAll("/", "-"), variant: "own", point: {}, regions: [],
    instances: [host(), ...["feed", "order"].map((name): InstanceSpec => ({ ...none, name, kind: "link", model: "link/ethernet" })), ...device],
    traffic: [{ name: "source", model: "traffic/poisson", params: { rate: raw("20 kpps"), payload: raw("64 B") }, path: "path", place: PLACE, series: null }],
    paths: [{ name: "path", steps: [...steps, { kind: "tap", name: "end", place: PLACE }], place: PLACE }],
    metrics: [{ kind: "span", name: "latency", from: { tap: "intended", byte: { at: "point" } }, to: { tap: "end", byte: { at: "point" } }, place: PLACE }],
    run: { messages: 600, warmup: 0, seed: 1, time: null, confidence: 0.95 },
  };
}

/**
 * Why a scenario does not compile, or its first messages do not end as they should; null when all is well. What an operation makes of
 * values that only other models pass to it is no news.
 */
function refusal(scenario: CheckedScenario, catalogue: Catalogue): Refusal | null {
  try {
    tried(scenario, catalogue, { messages: 4 });
    return null;
  } catch (error) {
    const first = error instanceof WirelatErrors ? error.errors[0] : error;
    if (first instanceof InternalFault) return { why: first.message, unbalanced: first.message.includes("claims") };
    if (first instanceof WirelatError) return { why: first.message, unbalanced: first.code === "claim-unreleased" || first.code === "loss-unhandled" };
    if (first instanceof TypeError) return { why: first.message, unbalanced: false };
    throw error;
  }
}
