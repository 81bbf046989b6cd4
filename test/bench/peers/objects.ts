// The workloads in JavaScript as one would write them first: a binary heap of objects. `objects.ts WORKLOAD UNITS events|hops`.
import { exponential } from "../../../dist/random/index.js";
import { LatencyRecorder } from "../../../dist/stats/index.js";
import { GAP, MM1_SERVICE, SERVICE, STAGES, tellWarm, type Run } from "./workload.js";

interface Event {
  readonly time: number;
  readonly sequence: number;
  readonly kind: "source" | "arrive" | "depart" | "token";
  readonly stage: number;
  readonly born: number;
}

const LINE = 65_536;

/** Births of those who wait at a stage and of the one in service, in a ring. */
class Line {
  readonly #born = new Float64Array(LINE);
  #head = 0;
  #tail = 0;

  get length(): number {
    return this.#tail - this.#head;
  }

  push(born: number): void {
    if (this.length === LINE) throw new Error("a line is longer than its ring");
    this.#born[this.#tail++ % LINE] = born;
  }

  shift(): number {
    return this.#born[this.#head++ % LINE]!;
  }
}

const isBefore = (a: Event, b: Event): boolean => a.time < b.time || (a.time === b.time && a.sequence < b.sequence);

class Simulation {
  readonly #heap: Event[] = [];
  readonly #lines: readonly Line[];
  readonly #latencies = new LatencyRecorder({ cap: 1 });
  readonly #hops: boolean;
  readonly #service: number | null;
  #sequence = 0;
  #draws = 0;
  #now = 0;

  constructor(
    private readonly workload: string,
    private readonly units: number,
    how: string,
  ) {
    this.#hops = how === "hops";
    this.#service = workload === "pipeline-constant" ? SERVICE : null;
    this.#lines = Array.from({ length: workload === "mm1" ? 1 : STAGES }, () => new Line());
  }

  phold(tokens: number): Run {
    for (let token = 0; token < tokens; token++) this.#push(this.#time(GAP), "token");
    for (let event = 0; event < this.units; event++) {
      this.#now = this.#pop().time;
      this.#push(this.#time(GAP), "token");
    }
    return { events: this.units, mean: (this.#now * tokens) / this.units };
  }

  queues(): Run {
    let [events, begun, done] = [0, 0, 0];
    this.#push(this.#time(GAP), "source");
    while (done < this.units) {
      const event = this.#pop();
      this.#now = event.time;
      events++;
      if (event.kind === "depart") done += this.#depart(event.stage);
      else if (event.kind === "arrive") this.#arrive(event.stage, event.born);
      else {
        if (++begun < this.units) this.#push(this.#time(GAP), "source");
        this.#arrive(0, event.time);
      }
    }
    return { events, mean: this.#latencies.mean };
  }

  #arrive(stage: number, born: number): void {
    const line = this.#lines[stage]!;
    line.push(born);
    if (line.length === 1) this.#serve(stage);
  }

  #depart(stage: number): number {
    const line = this.#lines[stage]!;
    const born = line.shift();
    if (line.length > 0) this.#serve(stage);
    if (stage + 1 === this.#lines.length) {
      this.#latencies.record(this.#now - born);
      return 1;
    }
    if (this.#hops) this.#arrive(stage + 1, born);
    else this.#push(0, "arrive", stage + 1, born);
    return 0;
  }

  #serve(stage: number): void {
    this.#push(this.#service ?? this.#time(this.workload === "mm1" ? MM1_SERVICE : SERVICE), "depart", stage);
  }

  #time(mean: number): number {
    return Math.floor(mean * exponential(1, 2, this.#draws++, 0) + 0.5);
  }

  #push(delay: number, kind: Event["kind"], stage = 0, born = 0): void {
    const heap = this.#heap;
    const event = { time: this.#now + delay, sequence: this.#sequence++, kind, stage, born };
    let at = heap.length;
    heap.push(event);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above]!;
      if (!isBefore(event, parent)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = event;
  }

  #pop(): Event {
    const heap = this.#heap;
    const first = heap[0]!;
    const last = heap.pop()!;
    if (heap.length > 0) this.#sink(last);
    return first;
  }

  #sink(event: Event): void {
    const heap = this.#heap;
    let at = 0;
    for (let below = 1; below < heap.length; below = 2 * at + 1) {
      if (below + 1 < heap.length && isBefore(heap[below + 1]!, heap[below]!)) below++;
      if (!isBefore(heap[below]!, event)) break;
      heap[at] = heap[below]!;
      at = below;
    }
    heap[at] = event;
  }
}

tellWarm((workload, units, how) => ({
  run: () => {
    const simulation = new Simulation(workload, units, how);
    return workload.startsWith("phold-") ? simulation.phold(Number(workload.slice("phold-".length))) : simulation.queues();
  },
}));
