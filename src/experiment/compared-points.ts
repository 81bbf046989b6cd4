import { WirelatError } from "../errors/index.js";
import { pointText } from "../result/index.js";
import { nearest } from "../scenario/index.js";

type Point = Readonly<Record<string, string>>;

/** Sweep points to compare: all, or those at which each of these axes has one of its values. Null: one that all have. */
export type PointChoice = "all" | readonly AxisValue[] | null;

export interface AxisValue {
  /** As the scenario writes it, or its end: "rate" for "ticks.rate". */
  readonly axis: string;
  readonly value: string;
}

/** Something that was or can be run at several sweep points. */
export interface Swept {
  readonly name: string;
  readonly points: readonly Point[];
}

/**
 * The points of each that are compared. Only what all have is compared: a point stays where every other has one that agrees on the axes
 * of both. Throws `point-unknown`, which names the points that there are.
 */
export function comparedPoints(all: readonly Swept[], choice: PointChoice): readonly (readonly Point[])[] {
  if (choice === null) return all.map((one) => [sharedPoint(one, all)]);
  const wanted = choice === "all" ? new Map<string, string[]>() : byAxis(all, choice);
  const chosen = all.map(({ points }) => points.filter((point) => [...wanted].every(([axis, values]) => point[axis] === undefined || values.includes(spaceless(point[axis])))));
  all.forEach((one, index) => {
    if (chosen[index]?.length === 0) throw new WirelatError("point-unknown", `${one.name} has no sweep point with ${wantedText(wanted)}`, { remedy: `It has ${pointsText(one)}.` });
  });
  const common = chosen.map((points, index) => points.filter((point) => chosen.every((others, other) => other === index || others.some((one) => agrees(one, point)))));
  if (common.some((points) => points.length === 0)) {
    throw new WirelatError("point-unknown", "no sweep point is in all of what is compared", { remedy: all.map((one) => `${one.name} has ${pointsText(one)}`).join("; ").concat(".") });
  }
  return common;
}

/** Whether two points say the same of the axes that both have. */
export function agrees(one: Point, other: Point): boolean {
  return Object.entries(one).every(([axis, value]) => other[axis] === undefined || other[axis] === value);
}

/** Of the axes that several sweep, the first value that all of these have; of other axes the first. */
function sharedPoint(one: Swept, all: readonly Swept[]): Point {
  const wanted = Object.fromEntries(Object.keys(one.points[0] ?? {}).flatMap((axis): [string, string][] => {
    const sweeping = all.filter((other) => valuesOf(other, axis).length > 0);
    const common = valuesOf(sweeping[0] ?? one, axis).find((value) => sweeping.every((other) => valuesOf(other, axis).includes(value)));
    return common === undefined ? [] : [[axis, common]];
  }));
  return one.points.find((point) => agrees(wanted, point)) ?? one.points[0] ?? {};
}

function valuesOf({ points }: Swept, axis: string): readonly string[] {
  return [...new Set(points.flatMap((point) => (point[axis] === undefined ? [] : [point[axis]])))];
}

/** The values that are asked for, without spaces, by the axis in full. */
function byAxis(all: readonly Swept[], choice: readonly AxisValue[]): ReadonlyMap<string, readonly string[]> {
  const axes = [...new Set(all.flatMap(({ points }) => points.flatMap((point) => Object.keys(point))))];
  const wanted = new Map<string, string[]>();
  for (const { axis, value } of choice) {
    const name = axisNamed(axis, axes);
    wanted.set(name, [...(wanted.get(name) ?? []), spaceless(value)]);
  }
  return wanted;
}

function axisNamed(asked: string, axes: readonly string[]): string {
  const found = axes.includes(asked) ? [asked] : axes.filter((axis) => axis.endsWith(`.${asked}`));
  if (found.length === 1) return found[0] ?? asked;
  if (found.length > 1) throw new WirelatError("point-unknown", `${asked} may be ${found.join(" or ")}`, { remedy: "Write the axis in full." });
  const near = nearest(asked, axes);
  throw new WirelatError("point-unknown", axes.length === 0 ? `nothing here sweeps ${asked}, or anything else` : `nothing here sweeps ${asked}; swept are ${axes.join(", ")}`, near === null ? {} : { remedy: `Did you mean "${near}"?` });
}

const spaceless = (text: string): string => text.replaceAll(/\s/gu, "");

function wantedText(wanted: ReadonlyMap<string, readonly string[]>): string {
  return [...wanted].map(([axis, values]) => `${axis} = ${values.join(" or ")}`).join(", ");
}

function pointsText({ points }: Swept): string {
  return points.map((point) => pointText(point) || "no sweep").join(", or ");
}
