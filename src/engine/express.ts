import { exponentialTime } from "../random/index.js";
import type { Clock } from "./clock.js";
import type { Ledger } from "./ledger.js";
import { OP } from "./opcode.js";
import { ORDER } from "./order.js";
import type { Program } from "./program.js";
import type { SizeTable } from "./size-table.js";
import { lateness, type Stages } from "./stages.js";
import { Tokens } from "./tokens.js";

/** What express paths share with the rest of a run. */
export interface ExpressHost {
  readonly program: Program;
  readonly sizes: SizeTable;
  readonly stages: Stages;
  readonly clocks: readonly Clock[];
  readonly counts: Float64Array;
  readonly drawKeys: Int32Array;
  readonly drawMeans: Float64Array;
  readonly ledger: Ledger;
  readonly bare: boolean;
  completed: number;
  endTime: number;
}

/**
 * A path on which no message wants what another one could have, but for stages that each of them claims once and in the order of
 * their coming. Nobody needs an event then: a block of messages is carried along together, one instruction after the other, and
 * each instruction is one short loop over columns. What becomes of a message is the same to the bit.
 */
export class Express {
  /** The messages of the block: row by row in the order of their numbers. */
  readonly block: Tokens;
  /** Key of the first message's draws; the others follow one by one. */
  private firstDraw = 0;
  private readonly times: Float64Array;
  private readonly entry: number;

  constructor(private readonly machine: ExpressHost, private readonly path: number) {
    const { program } = machine;
    this.block = new Tokens(Math.max(1, program.slots.length), Math.max(1, program.marks));
    this.times = new Float64Array(this.block.capacity);
    this.entry = program.paths[path]!.entry;
  }

  /** Carries the first `count` messages of the block to their end; the first of them is number `from`. Their time and size are set. The draws of a source's messages are keyed one by one as they come. */
  run(count: number, from: number, firstDraw: number): void {
    const { block, machine } = this;
    this.firstDraw = firstDraw;
    const { ledger } = machine;
    for (let row = 0; row < count; row++) {
      block.first[row] = block.cursor[row]!;
      block.begun[row] = block.cursor[row]!;
      block.rank[row] = ORDER.firstMessageRank + (from + row) * ORDER.ranksPerMessage;
    }
    for (let pc = this.entry; machine.program.op[pc] !== OP.end; pc++) this.pass(pc, count);
    for (let row = 0; row < count; row++) {
      if (block.cursor[row]! > machine.endTime) machine.endTime = block.cursor[row]!;
      ledger.finish(block, row, from + row, this.path);
    }
    machine.completed += count;
  }

  /** Carries the block past one instruction. */
  private pass(pc: number, count: number): void {
    switch (this.machine.program.op[pc]) {
      case OP.delay:
        return this.delay(pc, count);
      case OP.stream:
        this.shift(pc, count);
        return this.delay(pc, count);
      case OP.need:
        return this.need(pc, count);
      case OP.needBlock:
        return this.needBlock(pc, count);
      case OP.align:
        return this.tick(pc, count, 0, this.machine.program.wait[pc]!);
      case OP.cycles:
        return this.tick(pc, count, this.machine.program.a[pc]!, this.machine.program.work[pc]!);
      case OP.mark:
        return this.mark(pc, count);
      case OP.count:
        return this.count(pc, count);
      case OP.draw:
        return this.draw(pc, count);
      case OP.lead:
        return this.lead(pc, count);
      case OP.sendInOrder:
        return this.send(pc, count);
      case OP.drawStageInOrder:
        return this.drawStage(pc, count);
      default:
        // A stage, the first of a chain of stages, or a server to give back, of which there is none.
        if (this.machine.program.op[pc] !== OP.free) this.stage(pc, count);
    }
  }

  private delay(pc: number, count: number): void {
    const { cursor, size, rows, slots } = this.block;
    const { values } = this.machine.sizes;
    const amount = this.machine.program.amount[pc]!;
    const work = this.machine.program.work[pc]!;
    for (let row = 0; row < count; row++) {
      const time = values[size[row]! + amount]!;
      cursor[row]! += time;
      rows[row * slots + work]! += time;
    }
  }

  /** Moves the profiles along. */
  private shift(pc: number, count: number): void {
    const { first, size } = this.block;
    const { values } = this.machine.sizes;
    const amount = this.machine.program.amount[pc]!;
    for (let row = 0; row < count; row++) first[row]! += values[size[row]! + amount]!;
  }

  private need(pc: number, count: number): void {
    const { cursor, first, size, rows, slots } = this.block;
    const { values } = this.machine.sizes;
    const amount = this.machine.program.amount[pc]!;
    const work = this.machine.program.work[pc]!;
    for (let row = 0; row < count; row++) {
      const late = first[row]! + values[size[row]! + amount]! - cursor[row]!;
      if (late <= 0) continue;
      cursor[row]! += late;
      rows[row * slots + work]! += late;
    }
  }

  private needBlock(pc: number, count: number): void {
    const { cursor, first, size, rows, slots } = this.block;
    const { values } = this.machine.sizes;
    const { program, clocks } = this.machine;
    const clock = clocks[program.part[pc]!]!;
    for (let row = 0; row < count; row++) {
      clock.from = first[row]! + values[size[row]! + program.amount[pc]!]!;
      const late = clock.from + clock.until(0) - cursor[row]!;
      if (late <= 0) continue;
      cursor[row]! += late;
      rows[row * slots + program.work[pc]!]! += late;
    }
  }

  private tick(pc: number, count: number, cycles: number, slot: number): void {
    const { cursor, rows, slots } = this.block;
    const clock = this.machine.clocks[this.machine.program.part[pc]!]!;
    for (let row = 0; row < count; row++) {
      clock.from = cursor[row]!;
      const time = clock.until(cycles);
      cursor[row]! += time;
      rows[row * slots + slot]! += time;
    }
  }

  private mark(pc: number, count: number): void {
    const { cursor, marks, markCount } = this.block;
    const mark = this.machine.program.a[pc]!;
    for (let row = 0; row < count; row++) marks[row * markCount + mark] = cursor[row]!;
  }

  private count(pc: number, count: number): void {
    const { size } = this.block;
    const { program, sizes, counts } = this.machine;
    for (let row = 0; row < count; row++) counts[program.a[pc]!]! += sizes.values[size[row]! + program.amount[pc]!]!;
  }

  private draw(pc: number, count: number): void {
    const { cursor, rows, slots } = this.block;
    const { program } = this.machine;
    const times = this.drawn(program.amount[pc]!, count);
    const work = program.work[pc]!;
    for (let row = 0; row < count; row++) {
      cursor[row]! += times[row]!;
      rows[row * slots + work]! += times[row]!;
    }
  }

  private lead(pc: number, count: number): void {
    const { cursor, size, rows, slots, marks, markCount } = this.block;
    const { program, sizes } = this.machine;
    const mark = program.a[pc]!;
    for (let row = 0; row < count; row++) {
      const lead = sizes.values[size[row]! + program.amount[pc]!]!;
      cursor[row]! -= lead;
      rows[row * slots + program.work[pc]!]! -= lead;
      const late = mark < 0 ? 0 : marks[row * markCount + mark]! - cursor[row]!;
      if (late <= 0) continue;
      cursor[row]! += late;
      rows[row * slots + program.wait[pc]!]! += late;
    }
  }

  private stage(pc: number, count: number): void {
    const { program, sizes, stages, bare } = this.machine;
    // A chain begins with a stage of either kind.
    if (program.amount2[pc]! < 0) return this.drawStage(pc, count);
    const { cursor, size, rows, slots } = this.block;
    const { values } = sizes;
    const latency = program.amount[pc]!;
    const occupancy = program.amount2[pc]!;
    const wait = program.wait[pc]!;
    const work = program.work[pc]!;
    const server = stages.base[program.part[pc]!]!;
    let free = stages.freeAt[server]!;
    let busy = 0;
    let last = -1;
    let time = 0;
    let taken = 0;
    for (let row = 0; row < count; row++) {
      const at = cursor[row]!;
      const start = free > at ? free : at;
      if (size[row]! !== last) {
        last = size[row]!;
        time = values[last + latency]!;
        taken = values[last + occupancy]!;
      }
      free = start + taken;
      cursor[row] = start + time;
      if (bare) continue;
      busy += taken;
      rows[row * slots + wait]! += start - at;
      rows[row * slots + work]! += time;
    }
    stages.freeAt[server] = free;
    stages.busy[program.part[pc]!]! += busy;
  }

  private drawStage(pc: number, count: number): void {
    const { program, stages, bare, drawKeys, drawMeans } = this.machine;
    const { cursor, rows, slots } = this.block;
    const draw = program.amount[pc]!;
    const key0 = drawKeys[2 * draw]!;
    const key1 = drawKeys[2 * draw + 1]!;
    const mean = drawMeans[draw]!;
    const times = mean < 0 ? this.drawn(draw, count) : this.times;
    const first = this.firstDraw | 0;
    const wait = program.wait[pc]!;
    const work = program.work[pc]!;
    const server = stages.base[program.part[pc]!]!;
    let free = stages.freeAt[server]!;
    let busy = 0;
    for (let row = 0; row < count; row++) {
      const at = cursor[row]!;
      // Drawn here, the next service is worked out while the processor still waits for this one's end.
      const time = mean < 0 ? times[row]! : exponentialTime(mean, key0, key1, first + row, 0);
      const late = lateness(free, at);
      free = at + late + time;
      cursor[row] = free;
      if (bare) continue;
      busy += time;
      rows[row * slots + wait]! += late;
      rows[row * slots + work]! += time;
    }
    stages.freeAt[server] = free;
    stages.busy[program.part[pc]!]! += busy;
  }

  private send(pc: number, count: number): void {
    const { program, sizes, stages } = this.machine;
    const { cursor, first, size, rows, slots } = this.block;
    const { values } = sizes;
    const server = stages.base[program.part[pc]!]!;
    let free = stages.freeAt[server]!;
    let busy = 0;
    for (let row = 0; row < count; row++) {
      const at = cursor[row]!;
      const start = free > at ? free : at;
      const flight = values[size[row]! + program.amount2[pc]!]!;
      const taken = values[size[row]! + program.amount[pc]!]!;
      free = start + taken;
      busy += taken;
      cursor[row] = start + flight;
      first[row] = start + flight;
      rows[row * slots + program.wait[pc]!]! += start - at;
      rows[row * slots + program.work[pc]!]! += flight;
    }
    stages.freeAt[server] = free;
    stages.busy[program.part[pc]!]! += busy;
  }

  /** Draws of one law for the messages of the block. */
  private drawn(draw: number, count: number): Float64Array {
    const { drawKeys, drawMeans, program } = this.machine;
    const { times } = this;
    const key0 = drawKeys[2 * draw]!;
    const key1 = drawKeys[2 * draw + 1]!;
    const mean = drawMeans[draw]!;
    // A number of 32 bits: with doubles a draw takes half as long again.
    const first = this.firstDraw | 0;
    if (mean >= 0) for (let row = 0; row < count; row++) times[row] = exponentialTime(mean, key0, key1, first + row, 0);
    else for (let row = 0; row < count; row++) times[row] = program.draws[draw]!.sampler.sample(key0, key1, first + row, 0);
    return times;
  }
}
