import { uniform } from "../random/index.js";
import type { Machine } from "./machine.js";
import { ORDER } from "./order.js";
import { ODDS, type ChoiceSpec } from "./program.js";
import type { Sequence } from "./sequence.js";
import type { Window } from "./window.js";
import { INT, ORPHAN, REAL } from "./tokens.js";

const ONE_FLOW = { count: 1, order: "cyclic" } as const;

/** Whether a choice says yes for this token. */
export function chosen(machine: Machine, token: number, index: number): boolean {
  const choice = machine.program.choices[index]!;
  const { tokens, sizes, choiceKeys } = machine;
  const message = tokens.reals[token + REAL.draw]!;
  switch (choice.kind) {
    case "size":
      return sizes.values[tokens.ints[2 * token + INT.size]! + choice.amount]! !== 0;
    case "chance":
      return uniform(choiceKeys[index * 2]!, choiceKeys[index * 2 + 1]!, message, tokens.ints[2 * token + INT.round0]!) < choice.yes;
    case "odds":
      return uniform(choiceKeys[index * 2]!, choiceKeys[index * 2 + 1]!, message, tokens.ints[2 * token + INT.round0]!) * ODDS < sizes.values[tokens.ints[2 * token + INT.size]! + choice.amount]!;
    case "cache":
      return machine.caches[choice.cache]!.look(message, tokens.ints[2 * token + INT.source]! * ORDER.childDraws + (message % ORDER.childDraws));
    case "filled":
      return machine.pools[choice.pool]!.filled > choice.above;
    case "taken":
      return machine.pools[choice.pool]!.taken();
    case "room":
      return machine.pools[choice.pool]!.hasRoom(sizes.values[tokens.ints[2 * token + INT.size]! + choice.amount]!);
    case "since":
      return tokens.reals[token + REAL.cursor]! - tokens.reals[token + tokens.marksAt + choice.mark]! > choice.within;
    case "decided":
      return tokens.ints[2 * token + INT.parent] === ORPHAN;
    case "spinning": {
      const free = machine.servers.freeAt[choice.server]!;
      const t = tokens.reals[token + REAL.cursor]!;
      return free >= t || t - free <= choice.window;
    }
    case "behind": {
      const carrier = tokens.ints[2 * token + INT.carrier]!;
      return carrier >= 0 && machine.turnServed[machine.program.part[tokens.ints[2 * carrier + INT.pc]!]!]! > 1;
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
  const slot = tokens.ints[2 * token + INT.slot]!;
  switch (choice.kind) {
    case "slot":
      tokens.ints[2 * token + INT.slot] = rings.next(choice.ring);
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
      return stores[choice.store]!.fill(slot, machine.sizes.values[tokens.ints[2 * token + INT.size]! + choice.bytes]!);
    case "warm": {
      const server = tokens.ints[2 * token + INT.core]! / machine.program.categories.length;
      return server < 0 || machine.servers.rested[server]! <= choice.window;
    }
    default:
      return slot < 0 || stores[choice.store]!.has(slot);
  }
}

/** The flow of the message on whose behalf a token moves: the same wherever and however often it is asked for. */
function flowOf(machine: Machine, token: number): number {
  const { tokens, program, flowKeys } = machine;
  const source = tokens.ints[2 * token + INT.source]!;
  const { count, order } = program.sources[source]!.flows ?? ONE_FLOW;
  // Its place among those of its source: what works on its behalf draws from a number moved by multiples of `childDraws`, and each source begins at one of its own.
  const message = (tokens.reals[token + REAL.draw]! % ORDER.childDraws) - machine.sources[source]!.firstDraw;
  return order === "cyclic" ? message % count : Math.floor(uniform(flowKeys[source * 2]!, flowKeys[source * 2 + 1]!, message, 0) * count);
}
