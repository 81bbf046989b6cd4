import { OP, type Program } from "../engine/index.js";

/** Which ring's buffers are written into which store, and how many bytes at a time (an index of amounts). */
export interface Filling {
  readonly store: number;
  readonly ring: number;
  readonly bytes: number;
}

/**
 * A store with room for every buffer that is ever written into it never loses one: nobody needs to ask, nor to know which
 * buffer a message has. Such choices become jumps, which cost nothing.
 */
export function withoutRoomyStores(program: Program, fillings: readonly Filling[]): Program {
  const roomy = new Set(program.stores.flatMap((store, index) => (footprint(program, fillings, index) <= store.capacity ? [index] : [])));
  const asked = new Set(program.choices.flatMap((choice) => {
    if (choice.kind === "page" || choice.kind === "unmap") return [choice.ring];
    return [];
  }));
  for (const { store, ring } of fillings) if (!roomy.has(store)) asked.add(ring);
  const op = Uint8Array.from(program.op);
  const a = Int32Array.from(program.a);
  for (let pc = 0; pc < op.length; pc++) {
    const choice = op[pc] === OP.branch ? program.choices[program.part[pc] ?? -1] : undefined;
    const idle = choice?.kind === "fill" || choice?.kind === "kept" ? roomy.has(choice.store) : choice?.kind === "slot" && !asked.has(choice.ring);
    if (!idle) continue;
    op[pc] = OP.jump;
    a[pc] = pc + 1;
  }
  return { ...program, op, a };
}

/** Bytes that all rings of a store hold at most. */
function footprint(program: Program, fillings: readonly Filling[], store: number): number {
  const largest = new Map<number, number>();
  for (const { ring, bytes } of fillings.filter((filling) => filling.store === store)) {
    const most = Math.max(...payloads(program).map((payload) => program.amounts[bytes]?.(payload) ?? 0));
    largest.set(ring, Math.max(largest.get(ring) ?? 0, most));
  }
  return [...largest].reduce((sum, [ring, bytes]) => sum + bytes * (program.rings[ring]?.slots ?? 0), 0);
}

function payloads(program: Program): number[] {
  return program.sources.flatMap(({ payload, arrivals }) => (arrivals.kind === "series" ? [...new Set(arrivals.payloads)] : [payload]));
}
