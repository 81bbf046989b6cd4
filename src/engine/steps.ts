import { uniform } from "../random/index.js";
import type { Machine } from "./machine.js";
import { PHASE } from "./order.js";
import type { ForkSpec } from "./program.js";
import type { SleepGovernor } from "./sleep.js";
import { INT, ORPHAN, REAL } from "./tokens.js";

/** How a server notices work: it serves what comes, it looks once per period, or it sleeps and must be woken. */
export const enum OBSERVER {
  serve,
  poll,
  sleep,
}


/** Takes a server for a token and moves its cursor to where its work begins; false when it has to queue. */
export function holdServer(machine: Machine, token: number, pc: number): boolean {
  const { servers, tokens, program } = machine;
  const t = tokens.reals[token + REAL.cursor]!;
  const server = program.part[pc]!;
  let free = servers.freeAt[server]!;
  if (servers.granted[server] === token) {
    free = servers.grantedAt[server]!;
    servers.granted[server] = -1;
  } else if (free === Infinity) {
    tokens.ints[2 * token + INT.pc] = pc;
    servers.park(server, token, tokens.ints);
    return false;
  }
  const row = token + REAL.slots;
  tokens.ints[2 * token + INT.core] = program.b[pc]! * program.categories.length;
  tokens.ints[2 * token + INT.claims]!++;
  tokens.ints[2 * token + INT.holding] = server;
  servers.holds[server]!++;
  servers.freeAt[server] = Infinity;
  if (servers.spin[server]! > 0 && free < t) servers.spun[server]! += Math.min(servers.spin[server]!, t - free);
  servers.rested[server] = free < t ? t - free : 0;
  let begin = free;
  if (free >= t) tokens.reals[row + program.wait[pc]!]! += free - t;
  else {
    begin = t + noticeAfter(machine, token, pc, t - free);
    tokens.reals[row + program.work[pc]!]! += begin - t;
  }
  servers.heldFrom[server] = program.a[pc] === OBSERVER.sleep && free < t ? t : begin;
  tokens.reals[token + REAL.cursor] = begin;
  return true;
}

/** How long an idle server takes to notice work that comes `idle` after it came free. */
function noticeAfter(machine: Machine, token: number, pc: number, idle: number): number {
  const { program, servers, tokens, sizes } = machine;
  const server = program.part[pc]!;
  if (program.a[pc] === OBSERVER.poll) {
    const draw = program.servers[server]!.turn;
    if (draw !== undefined) return untilTurn(machine, server, draw, idle);
    const period = servers.period[server]!;
    const late = idle % period;
    const turn = late === 0 ? 0 : period - late;
    const jitter = program.servers[server]!.jitter;
    const { jitterKeys } = machine;
    return jitter === 0 ? turn : turn + Math.floor(uniform(jitterKeys[server * 2]!, jitterKeys[server * 2 + 1]!, tokens.reals[token + REAL.draw]!, 0) * jitter);
  }
  const governor = servers.sleep[server] ?? null;
  const exit = governor === null ? 0 : wakeUp(machine, server, governor, idle);
  const amount = program.amount[pc]!;
  const wake = amount < -1 ? drawnBy(machine, token, -2 - amount) : sizes.values[tokens.ints[2 * token + INT.size]! + amount]!;
  const account = program.amount2[pc]!;
  if (account >= 0) machine.counts[account]!++;
  const core = program.b[pc]!;
  if (core >= 0 && machine.wakeCategory >= 0) machine.cpu[core * program.categories.length + machine.wakeCategory]! += wake + exit;
  return exit + wake;
}

/** Exit from the sleep that a core is in when its server has been idle for `own`: a shared core sleeps only since its last thread stopped. */
function wakeUp(machine: Machine, server: number, governor: SleepGovernor, own: number): number {
  const processor = machine.servers.processor[server]!;
  if (processor < 0) return governor.wake(own);
  const stage = machine.queues[processor]!;
  const idle = stage.working ? 0 : machine.agenda.calendar.time - stage.idleSince;
  return idle === 0 ? 0 : governor.wake(idle);
}

function drawnBy(machine: Machine, token: number, draw: number): number {
  return machine.program.draws[draw]!.sampler.sample(machine.drawKeys[draw * 2]!, machine.drawKeys[draw * 2 + 1]!, machine.tokens.reals[token + REAL.draw]!, 0);
}

/** What is left of the turn under way, of a loop whose turns vary and that has turned for `idle`. */
function untilTurn(machine: Machine, server: number, draw: number, idle: number): number {
  const { sampler } = machine.program.draws[draw]!;
  const visit = machine.servers.holds[server]!;
  let turned = 0;
  for (let turn = 0; turned < idle; turn++) turned += Math.max(1, sampler.sample(machine.drawKeys[draw * 2]!, machine.drawKeys[draw * 2 + 1]!, visit, turn));
  return turned - idle;
}

/** Hands work to the processor that the token's core shares: false on a core of its own, where it just passes. */
export function computed(machine: Machine, token: number, service: number): boolean {
  const { tokens, program, servers, queues } = machine;
  const server = tokens.ints[2 * token + INT.core]! / program.categories.length;
  const processor = server < 0 ? -1 : servers.processor[server]!;
  if (processor < 0) return false;
  const category = program.categories[program.a[tokens.ints[2 * token + INT.pc]!]!]!;
  queues[processor]!.claim(token, service, category === "hardirq" ? 0 : category === "softirq" ? 1 : program.servers[server]!.klass!);
  return true;
}

/**
 * The carrier of a batch hands the core to the members that are there, one after the other, at most `weight` a turn.
 * True when another turn will follow, false when nobody is left and it goes on.
 */
export function pollBatch(machine: Machine, carrier: number, pc: number): boolean {
  const { tokens, program, batches } = machine;
  const index = program.part[pc]!;
  const batch = batches[index]!;
  const turn = Math.min(batch.size, batch.spec.weight);
  if (turn === 0) {
    tokens.ints[2 * carrier + INT.pc] = pc + 1;
    return false;
  }
  if (machine.idlePolls[index]! > 0) {
    machine.lookedAt[index] = tokens.reals[carrier + REAL.cursor]!;
    machine.idlePolls[index] = 0;
    machine.startRuns(index);
  }
  if (machine.pollFrom[index]! < 0) {
    machine.pollFrom[index] = tokens.reals[carrier + REAL.cursor]!;
    machine.runsFrom[index] = tokens.reals[carrier + REAL.cursor]!;
  }
  machine.polled[index]! += turn;
  machine.turnLeft[index] = turn;
  machine.turnServed[index] = 0;
  machine.handedBackAt = tokens.reals[carrier + REAL.cursor]!;
  serveTurn(machine, carrier, pc);
  return true;
}

/** Serves what is left of a turn from when the core was handed back. A member that has to wait keeps the core: the turn goes on when it hands it back. */
function serveTurn(machine: Machine, carrier: number, pc: number): void {
  const { tokens, program, agenda } = machine;
  const index = program.part[pc]!;
  const { budget, budgetTime } = machine.batches[index]!.spec;
  while (machine.turnLeft[index]! > 0) {
    machine.turnLeft[index]!--;
    machine.turnServed[index]!++;
    if (!serveMember(machine, carrier, pc)) return;
  }
  const t = machine.handedBackAt;
  const spent = machine.polled[index]! >= budget || t - machine.pollFrom[index]! >= budgetTime;
  tokens.reals[carrier + REAL.cursor] = spent ? nextRun(machine, carrier, index) : t;
  agenda.resume(carrier, PHASE.observe);
}

/** A run has spent its budget: another follows at once, or a kernel thread takes over. Answers when the next one begins. */
function nextRun(machine: Machine, carrier: number, index: number): number {
  const { handOver, runs } = machine.batches[index]!.spec;
  const { handOverSlot } = machine.gathers[index]!;
  const t = machine.handedBackAt;
  machine.polled[index] = 0;
  machine.pollRuns[index]!++;
  if (runs !== undefined && machine.pollRuns[index]! < runs.most && t - machine.runsFrom[index]! < runs.time) {
    machine.pollFrom[index] = t;
    return t;
  }
  machine.tokens.reals[carrier + REAL.slots + handOverSlot]! += handOver;
  machine.pollRuns[index] = 0;
  machine.pollFrom[index] = t + handOver;
  machine.runsFrom[index] = t + handOver;
  return t + handOver;
}

/** Runs one member on the carrier's core from when it was handed back; false when it waits and will hand the core back later. */
function serveMember(machine: Machine, carrier: number, pc: number): boolean {
  const { tokens, program, batches } = machine;
  const now = machine.handedBackAt;
  const batch = batches[program.part[pc]!]!;
  const member = batch.takeFirst();
  const joined = tokens.reals[member + REAL.cursor]!;
  const row = member + REAL.slots;
  const { waitSlot, queueSlot, carrierSlots } = machine.gatherOf(batch.spec, member);
  const led = machine.gathers[program.part[pc]!]!.carrierSlots;
  if (joined <= batch.closedAt) {
    tokens.reals[row + waitSlot]! += batch.closedAt - joined;
    let shared = 0;
    // Whoever joined elsewhere has slots of its own for the same steps.
    const length = Math.min(led[1] - led[0], carrierSlots[1] - carrierSlots[0]);
    for (let offset = 0; offset < length; offset++) {
      const value = tokens.reals[carrier + REAL.slots + led[0] + offset]!;
      tokens.reals[row + carrierSlots[0] + offset]! += value;
      shared += value;
    }
    tokens.reals[row + queueSlot]! += now - batch.closedAt - shared;
  } else {
    // While interrupts are deferred nobody looks: a member waits for that look as it would for the batch to close.
    const looked = Math.max(joined, Math.min(now, machine.lookedAt[program.part[pc]!]!));
    tokens.reals[row + waitSlot]! += looked - joined;
    tokens.reals[row + queueSlot]! += now - looked;
  }
  tokens.reals[member + REAL.cursor] = now;
  tokens.ints[2 * member + INT.core] = tokens.ints[2 * carrier + INT.core]!;
  tokens.ints[2 * member + INT.carrier] = carrier;
  if (batch.spec.gathers === undefined) tokens.ints[2 * member + INT.pc] = program.a[pc]!;
  machine.serving = member;
  machine.execute(member, false);
  if (machine.serving !== member) return true;
  machine.serving = -1;
  return false;
}

/** A member leaves the carrier's core at its cursor: the next one has it. */
export function leaveCarrier(machine: Machine, member: number): void {
  const { tokens } = machine;
  const carrier = tokens.ints[2 * member + INT.carrier]!;
  tokens.ints[2 * member + INT.carrier] = -1;
  tokens.ints[2 * member + INT.core] = -1;
  machine.handedBackAt = tokens.reals[member + REAL.cursor]!;
  if (machine.serving === member) machine.serving = -1;
  else serveTurn(machine, carrier, tokens.ints[2 * carrier + INT.pc]!);
}

/** Starts the branches of a fork; the parent waits for the last (all, fan-out) or the first (race). */
export function forkBranches(machine: Machine, parent: number, index: number): void {
  const { tokens, program, sizes, agenda } = machine;
  const fork = program.forks[index]!;
  if (fork.kind === "train") return machine.trains.depart(parent, fork, tokens.ints[2 * parent + INT.pc]! - 1);
  if (fork.kind === "meeting") return machine.trains.meet(parent);
  const size = tokens.ints[2 * parent + INT.size]!;
  tokens.ints[2 * parent + INT.binding] = -1;
  tokens.ints[2 * parent + INT.lost] = 0;
  if (fork.kind !== "fan-out") {
    tokens.ints[2 * parent + INT.pending] = fork.branches.length;
    for (const pc of fork.branches) adopt(machine, fork, parent, machine.child(parent, pc, PHASE.arrive));
    return;
  }
  const count = sizes.values[size + fork.count]!;
  const chunk = sizes.values[size + fork.chunk]!;
  const payload = sizes.payloadOf(size);
  tokens.ints[2 * parent + INT.pending] = count;
  if (count === 0) agenda.resume(parent, PHASE.complete);
  for (let branch = 0; branch < count; branch++) {
    const child = machine.child(parent, pieceEntry(fork, branch, count), PHASE.arrive);
    tokens.ints[2 * child + INT.size] = sizes.row(Math.min(chunk, payload - branch * chunk));
    adopt(machine, fork, parent, child);
  }
}

/** Where a piece of a fan-out begins: the first and the last of several may differ from those between. */
export function pieceEntry({ branches }: Pick<ForkSpec, "branches">, piece: number, count: number): number {
  if (branches.length === 1 || count === 1) return branches[0]!;
  if (piece === 0) return branches[1]!;
  return piece === count - 1 ? branches[2]! : branches[0]!;
}

function adopt(machine: Machine, fork: ForkSpec, parent: number, child: number): void {
  const { tokens } = machine;
  tokens.ints[2 * child + INT.parent] = parent;
  machine.narrow(child, fork.slots);
  tokens.ints[2 * child + INT.core] = tokens.ints[2 * parent + INT.core]!;
  tokens.reals[child + REAL.first] = tokens.reals[parent + REAL.first]!;
  if (machine.marksAsked) tokens.copyMarks(child, parent);
}

/** A branch has arrived: the one that arrives last (in a race: first) binds, and its segments become the parent's. */
export function joinBranch(machine: Machine, child: number): void {
  const { tokens, agenda, program } = machine;
  if (machine.trains.arrive(child)) return;
  const t = tokens.reals[child + REAL.cursor]!;
  const parent = tokens.ints[2 * child + INT.parent]!;
  const fork = parent < 0 ? undefined : program.forks[program.part[tokens.ints[2 * parent + INT.pc]! - 1]!];
  if (fork === undefined || fork.kind === "race") {
    finishRace(machine, parent, child);
    return;
  }
  const best = tokens.ints[2 * parent + INT.binding]!;
  const later = best < 0 || t > tokens.reals[best + REAL.cursor]! || (t === tokens.reals[best + REAL.cursor]! && tokens.reals[child + REAL.rank]! < tokens.reals[best + REAL.rank]!);
  if (later) {
    if (best >= 0) machine.end(best);
    tokens.ints[2 * parent + INT.binding] = child;
  } else machine.end(child);
  if (--tokens.ints[2 * parent + INT.pending]! > 0) return;
  if (tokens.ints[2 * parent + INT.lost] !== 0) return machine.loseForked(parent);
  inherit(machine, parent, tokens.ints[2 * parent + INT.binding]!);
  agenda.resume(parent, PHASE.complete);
}

function finishRace(machine: Machine, parent: number, child: number): void {
  const { tokens, agenda } = machine;
  const t = tokens.reals[child + REAL.cursor]!;
  // A branch may have run ahead of the others: who is first is known when its time has come.
  if (parent >= 0 && t > agenda.calendar.time) agenda.resume(child, PHASE.complete);
  else if (parent >= 0 && tokens.ints[2 * parent + INT.binding]! < 0) {
    orphanSiblings(machine, parent, child);
    inherit(machine, parent, child);
    agenda.resume(parent, PHASE.complete);
  } else machine.end(child);
}

/** The losers of a race run on by themselves, off the path. */
function orphanSiblings(machine: Machine, parent: number, winner: number): void {
  const { tokens } = machine;
  for (let token = 0; token < tokens.reals.length; token += tokens.stride) if (token !== winner && tokens.ints[2 * token + INT.parent] === parent) tokens.ints[2 * token + INT.parent] = ORPHAN;
}

/** Moves a branch's segments, marks and time to its parent, and ends it. */
function inherit(machine: Machine, parent: number, child: number): void {
  const { tokens } = machine;
  const parentRow = parent + REAL.slots;
  const childRow = child + REAL.slots;
  for (let slot = tokens.ints[2 * child + INT.slotFrom]!; slot < tokens.ints[2 * child + INT.slotTo]!; slot++) tokens.reals[parentRow + slot]! += tokens.reals[childRow + slot]!;
  tokens.reals[parent + REAL.cursor] = tokens.reals[child + REAL.cursor]!;
  tokens.reals[parent + REAL.first] = tokens.reals[child + REAL.first]!;
  if (tokens.reals[child + REAL.landed]! > tokens.reals[parent + REAL.landed]!) tokens.reals[parent + REAL.landed] = tokens.reals[child + REAL.landed]!;
  tokens.ints[2 * parent + INT.slot] = tokens.ints[2 * child + INT.slot]!;
  machine.end(child);
}

/** Units of a transfer land each after a delay of its own; the cursor follows the last unit sent, which holds the flag. */
export function scatterUnits(machine: Machine, token: number, pc: number): void {
  const { program, tokens, sizes, scatterKeys } = machine;
  const index = program.part[pc]!;
  const units = sizes.values[tokens.ints[2 * token + INT.size]! + program.amount[pc]!]!;
  const { spread } = program.scatters[index]!;
  let last = 0;
  let delay = 0;
  for (let unit = 0; unit < units; unit++) {
    delay = Math.floor(uniform(scatterKeys[index * 2]!, scatterKeys[index * 2 + 1]!, tokens.reals[token + REAL.draw]!, unit) * spread);
    if (delay > last) last = delay;
  }
  tokens.reals[token + REAL.landed] = tokens.reals[token + REAL.cursor]! + last;
  tokens.reals[token + REAL.slots + program.work[pc]!]! += delay;
  tokens.reals[token + REAL.cursor]! += delay;
}
