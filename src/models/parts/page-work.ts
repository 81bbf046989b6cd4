import { all, Amount, count, type InstanceRef, type Step, use, work } from "../../modeling/index.js";

/** Whole pages that a payload covers, the last one begun counted too. */
export function pagesOf(payload: Amount, page: Amount): Amount {
  return payload.dividedUp(page).atLeast(1);
}

/** So much for each of them. */
export function each(time: Amount, count: Amount): Amount {
  return new Amount((payload) => time.of(payload) * count.of(payload), [...time.origins, ...count.origins]);
}

interface Shootdown {
  readonly cpu: InstanceRef<"cpu">;
  /** Threads of the same process on other cores, which may hold old translations. */
  readonly threads: readonly string[];
  readonly local: Amount;
  readonly interrupt: Amount;
  readonly remote: Amount;
}

/** Page tables have changed: this core forgets its translations, and every other core of the process is interrupted and waited for. */
export function shootdown({ cpu, threads, local, interrupt, remote }: Shootdown): readonly Step[] {
  const flush = work(local, "sys", "flush of translations");
  if (threads.length === 0) return [flush];
  const branches = threads.map((thread) => [
    use(cpu, "enter", { thread, how: "sleep", label: `core of ${thread}` }),
    count("ipis"),
    work(interrupt, "hardirq", "inter-processor interrupt", "irq"),
    work(remote, "hardirq", "flush on another core"),
  ]);
  return [flush, all("translations of other cores", ...branches)];
}
