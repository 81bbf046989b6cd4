import { uniform } from "../random/index.js";
import type { Machine } from "./machine.js";
import { ORDER } from "./order.js";
import { ODDS, type ChoiceSpec } from "./program.js";
import type { Sequence } from "./sequence.js";
import type { Window } from "./window.js";
import { ORPHAN } from "./tokens.js";

const ONE_FLOW = { count: 1, order: "cyclic" } as const;

/** Whether a choice says yes for this token. */
export function chosen(machine: Machine, token: number, index: number): boolean {
  const choice = machine.program.choices[index]!;
  const { tokens, sizes, choiceKeys } = machine;
  const message = tokens.draw[token]!;
  switch (choice.kind) {
    case "size":
      return sizes.values[tokens.size[token]! + choice.amount]! !== 0;
    case "chance":
      return uniform(choiceKeys[index * 2]!, choiceKeys[index * 2 + 1]!, message, tokens.round0[token]!) < choice.yes;
    case "odds":
      return uniform(choiceKeys[index * 2]!, choiceKeys[index * 2 + 1]!, message, tokens.round0[token]!) * ODDS < sizes.values[tokens.size[token]! + choice.amount]!;
    case "cache":
      return machine.caches[choice.cache]!.look(message, tokens.source[token]! * ORDER.childDraws + (message % ORDER.childDraws));
    case "filled":
      return machine.pools[choice.pool]!.filled > choice.above;
    case "taken":
      return machine.pools[choice.pool]!.taken();
    case "room":
      return machine.pools[choice.pool]!.hasRoom(sizes.values[tokens.size[token]! + choice.amount]!);
    case "since":
      return tokens.cursor[token]! - tokens.marks[token * tokens.markCount + choice.mark]! > choice.within;
    case "decided":
      return tokens.parent[token] === ORPHAN;
    case "spinning": {
      const free = machine.servers.freeAt[choice.server]!;
      const t = tokens.cursor[token]!;
      return free >= t || t - free <= choice.window;
    }
    case "behind": {
      const carrier = tokens.carrier[token]!;
      return carrier >= 0 && machine.turnServed[machine.program.part[tokens.pc[carrier]!]!]! > 1;
    }
    case "deferring":
      return machine.idlePolls[choice.batch]!++ < choice.polls;
    case "shrink":
      (machine.pools[choice.pool] as Window).shrink(choice.to);
      return true;
    case "anew":
      tokens.drawAnew(token);
      return true;
    case "enter":
      (machine.pools[choice.pool] as Sequence).takePlace(token);
      return true;
    case "companion":
      return machine.trains.isCompanion(token);
    case "piece":
      return machine.trains.isPiece(token);
    case "complete":
      return machine.trains.isComplete(token);
    case "torn":
      return machine.trains.wasTorn(token);
    case "flow":
      return choice.yes[flowOf(machine, token)] === 1;
    case "every":
      return ++machine.turns[choice.counter]! % choice.every === 0;
    default:
      return remembered(machine, token, choice);
  }
}

/** Choices that rest on what was done before with buffers, pages and cores. */
function remembered(machine: Machine, token: number, choice: Extract<ChoiceSpec, { kind: "slot" | "page" | "unmap" | "fill" | "kept" | "warm" }>): boolean {
  const { tokens, rings, stores, caches, unmapped } = machine;
  const slot = tokens.slot[token]!;
  switch (choice.kind) {
    case "slot":
      tokens.slot[token] = rings.next(choice.ring);
      return true;
    case "page":
      return caches[choice.cache]!.cache.look(rings.page(choice, slot));
    case "unmap": {
      const { cache } = caches[choice.cache]!;
      if (choice.batch <= 1) {
        cache.drop(rings.page(choice, slot));
        return true;
      }
      if (++unmapped[choice.cache]! < choice.batch) return false;
      unmapped[choice.cache] = 0;
      cache.clear();
      return true;
    }
    case "fill":
      return stores[choice.store]!.fill(slot, machine.sizes.values[tokens.size[token]! + choice.bytes]!);
    case "warm": {
      const server = tokens.core[token]! / machine.program.categories.length;
      return server < 0 || machine.servers.rested[server]! <= choice.window;
    }
    default:
      return slot < 0 || stores[choice.store]!.has(slot);
  }
}

/** The flow of the message on whose behalf a token moves: the same wherever and however often it is asked for. */
function flowOf(machine: Machine, token: number): number {
  const { tokens, program, flowKeys } = machine;
  const source = tokens.source[token]!;
  const { count, order } = program.sources[source]!.flows ?? ONE_FLOW;
  // What works on behalf of a message draws from its number moved by multiples of 2^33.
  const message = tokens.draw[token]! % 2 ** 33;
  return order === "cyclic" ? message % count : Math.floor(uniform(flowKeys[source * 2]!, flowKeys[source * 2 + 1]!, message, 0) * count);
}
