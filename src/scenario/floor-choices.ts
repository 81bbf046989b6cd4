import type { CacheSpec, ChoiceSpec, Program } from "../engine/index.js";

/** What a choice answers to one message alone that does not rest on its size or its pieces: the likelier way, and room everywhere. */
export function usualAnswer(choice: ChoiceSpec, program: Program): boolean {
  switch (choice.kind) {
    case "chance":
      return choice.yes >= 0.5;
    case "flow":
      return choice.yes[0] === 1;
    case "cache": {
      const cache = program.caches[choice.cache];
      return cache !== undefined && usualKeys(cache) <= cache.entries;
    }
    case "room":
    case "slot":
    case "enter":
    case "anew":
    case "shrink":
    case "fill":
    case "kept":
    case "warm":
      return true;
    case "page": {
      const { slots } = program.rings[choice.ring] ?? { slots: 1 };
      return Math.ceil((slots * choice.buffer) / choice.page) <= (program.caches[choice.cache]?.entries ?? 0);
    }
    case "unmap":
      return choice.batch <= 1;
    default:
      return false;
  }
}

/** How many keys most of those that are asked for come from. */
function usualKeys({ keys }: CacheSpec): number {
  return keys.hot !== undefined && keys.hot !== null && keys.hot.share >= 0.5 ? keys.hot.count : keys.count;
}
