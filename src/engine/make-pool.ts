import { classedPool, type Shop } from "./classed-pool.js";
import { Pool } from "./pools.js";
import type { PoolSpec } from "./program.js";
import { Sequence } from "./sequence.js";

/** A pool of the kind that its order asks for. */
export function makePool(spec: PoolSpec, index: number, shop: Shop): Pool {
  const { order } = spec;
  if (order === undefined) return new Pool(spec, index, shop.agenda);
  return order.kind === "sequence" ? new Sequence(spec, index, shop.agenda) : classedPool({ ...spec, order }, index, shop);
}
