import { ExponentialStream, exponentialTime } from "../random/index.js";
import { BLOCK, Block } from "./block.js";
import { BlockLedger, type BlockLedgerHost } from "./block-ledger.js";
import type { Clock } from "./clock.js";
import { OP } from "./opcode.js";
import { lateness, type Stages } from "./stages.js";

/** What express paths share with the rest of a run. */
export interface ExpressHost extends BlockLedgerHost {
  readonly stages: Stages;
  readonly clocks: readonly Clock[];
  readonly counts: Float64Array;
  readonly drawKeys: Int32Array;
  readonly drawMeans: Float64Array;
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
  readonly block: Block;
  /** Key of the first message's draws; the others follow one by one. */
  private firstDraw = 0;
  private readonly times = new Float64Array(BLOCK.rows);
  /** The draws whose law is exponential, made when they are first needed. */
  private readonly exponentials: (ExponentialStream | undefined)[];
  private readonly ledger: BlockLedger;
  private readonly entry: number;
  private readonly end: number;

  /** `alike`: the messages are all of one size. */
  constructor(private readonly machine: ExpressHost, path: number, alike: boolean) {
    const { program } = machine;
    this.entry = program.paths[path].entry;
    this.end = program.op.indexOf(OP.end, this.entry);
    this.block = new Block(program, this.entry, this.end, alike);
    this.exponentials = program.draws.map(() => undefined);
    this.ledger = new BlockLedger(machine, path, this.block);
  }

  /** Carries the messages of the block to their end; the first of them is number `from`. Their time and size are set. The draws of a source's messages are keyed one by one as they come. */
  run(from: number, firstDraw: number): void {
    const { block, machine } = this;
    this.firstDraw = firstDraw;
    block.begin();
    for (let pc = this.entry; pc < this.end; pc++) this.pass(pc);
    let latest = machine.endTime;
    for (let row = 0; row < block.count; row++) {
      const time = block.cursor[row] + block.cursorAll;
      if (time > latest) latest = time;
    }
    machine.endTime = latest;
    this.ledger.finish(from);
    machine.completed += block.count;
  }

  /** Carries the block past one instruction. */
  private pass(pc: number): void {
    const { op, amount, a, wait, work } = this.machine.program;
    switch (op[pc]) {
      case OP.delay:
        return this.delay(amount[pc], work[pc]);
      case OP.stream:
        return this.stream(amount[pc], work[pc]);
      case OP.need:
        return this.need(pc);
      case OP.needBlock:
        return this.needBlock(pc);
      case OP.align:
        return this.tick(pc, 0, wait[pc]);
      case OP.cycles:
        return this.tick(pc, a[pc], work[pc]);
      case OP.mark:
        return this.block.mark(a[pc]);
      case OP.count:
        return this.count(pc);
      case OP.draw:
        return this.block.spend(this.drawn(amount[pc]), work[pc]);
      case OP.lead:
        return this.lead(pc);
      case OP.sendInOrder:
        return this.send(pc);
      default:
        // A stage, the first of a chain of stages, or a server to give back, of which there is none.
        if (op[pc] !== OP.free) this.stage(pc);
    }
  }

  /** An amount of messages that are alike. */
  private amount(index: number): number {
    return this.machine.sizes.values[this.block.size[0] + index];
  }

  /** An amount of each message. */
  private amounts(index: number): Float64Array {
    const { values } = this.machine.sizes;
    const { size, count } = this.block;
    const { times } = this;
    for (let row = 0; row < count; row++) times[row] = values[size[row] + index];
    return times;
  }

  private delay(index: number, slot: number): void {
    if (this.block.alike) this.block.spendAll(this.amount(index), slot);
    else this.block.spend(this.amounts(index), slot);
  }

  /** The profile moves along. */
  private stream(index: number, slot: number): void {
    const { block } = this;
    if (block.alike) block.firstAll += this.amount(index);
    else add(block.first, this.amounts(index), block.count);
    this.delay(index, slot);
  }

  private need(pc: number): void {
    const { program } = this.machine;
    const { block } = this;
    const { cursor, first, count } = block;
    const amounts = this.amounts(program.amount[pc]);
    const ahead = block.firstAll - block.cursorAll;
    const segment = block.segment(program.work[pc]);
    for (let row = 0; row < count; row++) {
      const late = first[row] + amounts[row] + ahead - cursor[row];
      if (late <= 0) continue;
      cursor[row] += late;
      segment[row] += late;
    }
  }

  private needBlock(pc: number): void {
    const { program, clocks } = this.machine;
    const { block } = this;
    const { cursor, first, count, cursorAll, firstAll } = block;
    const amounts = this.amounts(program.amount[pc]);
    const segment = block.segment(program.work[pc]);
    const clock = clocks[program.part[pc]];
    for (let row = 0; row < count; row++) {
      clock.from = first[row] + firstAll + amounts[row];
      const late = clock.from + clock.until(0) - cursor[row] - cursorAll;
      if (late <= 0) continue;
      cursor[row] += late;
      segment[row] += late;
    }
  }

  private tick(pc: number, cycles: number, slot: number): void {
    const { op, part } = this.machine.program;
    const again = pc > this.entry && (op[pc - 1] === OP.align || op[pc - 1] === OP.cycles) && part[pc - 1] === part[pc];
    this.machine.clocks[part[pc]].tick(this.block, cycles, this.block.segment(slot), again);
  }

  private count(pc: number): void {
    const { program, counts } = this.machine;
    counts[program.a[pc]] += this.sum(program.amount[pc]);
  }

  /** An amount of all messages together. */
  private sum(index: number): number {
    const { alike, count } = this.block;
    if (alike) return count * this.amount(index);
    const amounts = this.amounts(index);
    let sum = 0;
    for (let row = 0; row < count; row++) sum += amounts[row];
    return sum;
  }

  private lead(pc: number): void {
    const { program } = this.machine;
    const { block } = this;
    const { cursor, cursorAll, count } = block;
    const leads = this.amounts(program.amount[pc]);
    const overlap = block.segment(program.work[pc]);
    const joins = block.segment(program.wait[pc]);
    const mark = program.a[pc];
    for (let row = 0; row < count; row++) {
      cursor[row] -= leads[row];
      overlap[row] -= leads[row];
      const late = mark < 0 ? 0 : block.marks[mark][row] + block.marksAll[mark] - cursor[row] - cursorAll;
      if (late <= 0) continue;
      cursor[row] += late;
      joins[row] += late;
    }
  }

  private stage(pc: number): void {
    const { amount, amount2, work } = this.machine.program;
    // A chain begins with a stage of either kind.
    if (amount2[pc] < 0) return this.drawStage(pc);
    this.serve(pc, amount2[pc]);
    this.delay(amount[pc], work[pc]);
  }

  private send(pc: number): void {
    const { amount, amount2, work } = this.machine.program;
    this.serve(pc, amount[pc]);
    this.delay(amount2[pc], work[pc]);
    this.block.profile();
  }

  /** Each message waits for the stage that it is to take for so long. */
  private serve(pc: number, taken: number): void {
    const { program, stages, bare } = this.machine;
    const { block } = this;
    const stage = program.part[pc];
    if (block.alike) stages.serveAlike(stage, block, this.amount(taken), bare ? null : block.segment(program.wait[pc]));
    else stages.serve(stage, block, this.amounts(taken), block.segment(program.wait[pc]));
    stages.busy[stage] += this.sum(taken);
  }

  private drawStage(pc: number): void {
    const { program, stages, bare, drawKeys, drawMeans } = this.machine;
    const { block } = this;
    const { cursor, cursorAll, count } = block;
    const draw = program.amount[pc];
    const key0 = drawKeys[2 * draw];
    const key1 = drawKeys[2 * draw + 1];
    const mean = drawMeans[draw];
    const times = mean < 0 ? this.drawn(draw) : this.times;
    const first = this.firstDraw | 0;
    const waits = block.segment(program.wait[pc]);
    const works = block.segment(program.work[pc]);
    const server = stages.base[program.part[pc]];
    let free = stages.freeAt[server] - cursorAll;
    let busy = 0;
    for (let row = 0; row < count; row++) {
      const at = cursor[row];
      // Drawn here, the next service is worked out while the processor still waits for this one's end.
      const time = mean < 0 ? times[row] : exponentialTime(mean, key0, key1, (first + row) | 0, 0);
      const late = lateness(free, at);
      free = at + late + time;
      cursor[row] = free;
      if (bare) continue;
      busy += time;
      waits[row] += late;
      works[row] += time;
    }
    stages.freeAt[server] = free + cursorAll;
    stages.busy[program.part[pc]] += busy;
  }

  /** Draws of one law for the messages of the block. */
  private drawn(draw: number): Float64Array {
    const { program, drawKeys } = this.machine;
    const { times, block: { count } } = this;
    // A number of 32 bits: with doubles a draw takes half as long again.
    const first = this.firstDraw | 0;
    if (program.draws[draw].sampler.law === "exponential") (this.exponentials[draw] ??= this.exponential(draw)).fill(times, count, first);
    else for (let row = 0; row < count; row++) times[row] = program.draws[draw].sampler.sample(drawKeys[2 * draw], drawKeys[2 * draw + 1], first + row, 0);
    return times;
  }

  private exponential(draw: number): ExponentialStream {
    const { drawKeys, drawMeans } = this.machine;
    return new ExponentialStream(drawMeans[draw], [drawKeys[2 * draw], drawKeys[2 * draw + 1]], BLOCK.rows);
  }
}

function add(column: Float64Array, times: Float64Array, count: number): void {
  for (let row = 0; row < count; row++) column[row] += times[row];
}
