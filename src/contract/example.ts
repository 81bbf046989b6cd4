import type { Model, Operation, Param, ParamKind } from "../modeling/index.js";

/** What a step of each family is written with: the name of the host, device or link that has the operation. */
const INSTANCES: Readonly<Record<string, string>> = { bus: "bus", firewire: "gw.firewire", fpga: "box", host: "gw", os: "gw", nic: "gw.nic", rdma: "a", link: "feed", switch: "tor" };
/** A value for an argument that has no default. */
const VALUES: Readonly<Partial<Record<ParamKind, string>>> = {
  duration: "1 us", timing: "1 us", bytes: "64 B", "data-rate": "10 Gbit/s", "event-rate": "20 kpps", frequency: "100 MHz", cycles: "2 cycles", length: "3 m",
  count: "1", flag: "true", text: "app", "byte-offset": "payload + 20 B", percent: "50%", gap: "1 us", "unit-intervals": "66 UI",
};

/** Values for the arguments of an operation as a path would write them. An argument stands before the parameter of the same name. */
export function exampleArguments(model: Model, name: string, operation: Operation): ReadonlyMap<string, string> {
  const written = Object.entries(operation.args).filter(([, param]) => !(Array.isArray(param.default) && param.default.length === 0));
  return new Map(written.map(([key, param]) => [key, valueOf(param, model.params[`${name}.${key}`])]));
}

function valueOf(param: Param, sameName: Param | undefined): string {
  const given = param.default ?? sameName?.default;
  if (given !== null && given !== undefined && given !== "") return Array.isArray(given) ? `[${given.join(", ")}]` : String(given as string | number | boolean);
  return param.choices?.[0] ?? VALUES[param.kind] ?? "…";
}

/** The operation as a step of a path. */
export function exampleStep(model: Model, name: string, operation: Operation): string {
  const family = model.name.split("/")[0] ?? "";
  const onHost = Object.keys(model.needs).length > 0 || (model.provides !== null && model.provides !== "link");
  const instance = INSTANCES[family] ?? (onHost ? "gw" : "box");
  const step = model.provides === "link" && name === "traverse" ? instance : `${instance}.${name}`;
  const values = exampleArguments(model, name, operation);
  const alone = operation.main === null ? undefined : values.get(operation.main);
  if (alone !== undefined) return `${step}: ${alone}`;
  return values.size === 0 ? step : `${step}: { ${[...values].map(([key, value]) => `${key}: ${value}`).join(", ")} }`;
}
