import { ClassedPool, DeficitPool, type Shop } from "./classed-pool.js";
import { Crossbar } from "./crossbar.js";
import { Pool } from "./pools.js";
import type { PoolSpec } from "./program.js";
import { Sequence } from "./sequence.js";
import { Window } from "./window.js";

/** A pool of the kind that its order asks for. */
export function makePool(spec: PoolSpec, index: number, shop: Shop): Pool {
  const { order, growth } = spec;
  if (growth !== undefined) return new Window({ ...spec, growth }, index, shop.agenda);
  if (order === undefined) return new Pool(spec, index, shop.agenda);
  switch (order.kind) {
    case "sequence":
      return new Sequence(spec, index, shop.agenda);
    case "deficit":
      return new DeficitPool({ ...spec, order }, order.quanta, index, shop);
    case "crossbar":
      return new Crossbar({ ...spec, order }, order.ports, index, shop);
    default:
      return new ClassedPool({ ...spec, order }, index, shop);
  }
}
