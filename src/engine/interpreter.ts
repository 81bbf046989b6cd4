/* eslint max-lines: "off", max-depth: "off", "wirelat/max-lines-per-function": "off" --
   The hot loop is one function with one switch: split up, its columns would have to be loaded anew for every instruction. */
import { InternalFault } from "../errors/index.js";
import type { Machine } from "./machine.js";
import { FIRST_OBSERVING, FIRST_SHARED, OP } from "./opcode.js";
import { PHASE, PHASE_STRIDE } from "./order.js";
import { CLAIM } from "./pools.js";
import { chosen, forkBranches, holdServer, joinBranch, leaveCarrier, pollBatch, scatterUnits } from "./steps.js";

const ARRIVE = PHASE.arrive * PHASE_STRIDE;
const OBSERVE = PHASE.observe * PHASE_STRIDE;

/**
 * Executes a token until it ends or has to wait. Instructions that share nothing only move the cursor; one that
 * claims something shared first makes sure that nothing earlier is pending, and otherwise goes back into the
 * calendar at its cursor. A token that is next anyway goes on at once, which is the same thing without the detour.
 *
 * One function, long on purpose: it is the hot loop, and dispatching by `switch` over columns held in locals is
 * what makes it fast (ARCHITECTURE.md, "Speed").
 */
export function execute(machine: Machine, token: number): void {
  const { program, tokens, agenda, stages, sizes, cpu, detour } = machine;
  const { op, part, amount, amount2, a, wait, work } = program;
  const { calendar } = agenda;
  const { base, freeAt, busy } = stages;
  let { cursor, first, rows } = tokens;
  const row = token * tokens.slots;
  let values = sizes.values;
  let size = tokens.size[token]!;
  const arriveRank = ARRIVE + tokens.rank[token]!;
  const observeRank = OBSERVE + tokens.rank[token]!;
  let pc = tokens.pc[token]!;
  let t = cursor[token]!;

  for (;;) {
    const code = op[pc]!;
    if (code >= FIRST_SHARED) {
      const rank = code >= FIRST_OBSERVING ? observeRank : arriveRank;
      if (t > agenda.now || (t === agenda.now && rank > agenda.rank)) {
        if (detour || t > calendar.headTime || (t === calendar.headTime && rank > calendar.headRank)) {
          tokens.pc[token] = pc;
          cursor[token] = t;
          calendar.push(t, rank, token);
          return;
        }
        agenda.now = t;
        agenda.rank = rank;
        machine.events++;
      }
    }
    switch (code) {
      case OP.delay: {
        const time = values[size + amount[pc]!]!;
        t += time;
        rows[row + work[pc]!]! += time;
        pc++;
        continue;
      }
      case OP.work: {
        const time = values[size + amount[pc]!]!;
        t += time;
        rows[row + work[pc]!]! += time;
        cpu[tokens.core[token]! + a[pc]!]! += time;
        pc++;
        continue;
      }
      case OP.stream: {
        const time = values[size + amount[pc]!]!;
        t += time;
        first[token]! += time;
        rows[row + work[pc]!]! += time;
        pc++;
        continue;
      }
      case OP.need: {
        const at = first[token]! + values[size + amount[pc]!]!;
        if (at > t) {
          rows[row + work[pc]!]! += at - t;
          t = at;
        }
        pc++;
        continue;
      }
      case OP.needBlock: {
        const clock = machine.clocks[part[pc]!]!;
        clock.from = first[token]! + values[size + amount[pc]!]!;
        const at = clock.from + clock.until(0);
        if (at > t) {
          rows[row + work[pc]!]! += at - t;
          t = at;
        }
        pc++;
        continue;
      }
      case OP.count:
        machine.counts[a[pc]!]! += values[size + amount[pc]!]!;
        pc++;
        continue;
      case OP.mark:
        tokens.marks[token * tokens.markCount + a[pc]!] = t;
        pc++;
        continue;
      case OP.cycles: {
        const clock = machine.clocks[part[pc]!]!;
        clock.from = t;
        const time = clock.until(a[pc]!);
        rows[row + work[pc]!]! += time;
        t += time;
        pc++;
        continue;
      }
      case OP.align: {
        const clock = machine.clocks[part[pc]!]!;
        clock.from = t;
        const time = clock.until(0);
        rows[row + wait[pc]!]! += time;
        t += time;
        pc++;
        continue;
      }
      case OP.draw: {
        const time = drawn(machine, token, amount[pc]!);
        t += time;
        rows[row + work[pc]!]! += time;
        if (a[pc]! >= 0) cpu[tokens.core[token]! + a[pc]!]! += time;
        pc++;
        continue;
      }
      case OP.jump:
        if (a[pc]! <= pc) {
          // Back through the calendar, which notices a loop without delay.
          tokens.pc[token] = a[pc]!;
          cursor[token] = t;
          agenda.resume(token, PHASE.arrive);
          return;
        }
        pc = a[pc]!;
        continue;
      case OP.lead: {
        const earliest = a[pc]! < 0 ? -Infinity : tokens.marks[token * tokens.markCount + a[pc]!]!;
        const lead = values[size + amount[pc]!]!;
        rows[row + work[pc]!]! -= lead;
        t -= lead;
        if (earliest > t) {
          rows[row + wait[pc]!]! += earliest - t;
          t = earliest;
        }
        pc++;
        continue;
      }
      case OP.spawn:
        tokens.pc[token] = pc;
        cursor[token] = t;
        machine.narrow(machine.child(token, a[pc]!, PHASE.arrive), part[pc]! < 0 ? null : program.spawns[part[pc]!]!);
        // A new token may have moved the columns to larger ones.
        ({ cursor, first, rows } = tokens);
        pc++;
        continue;
      case OP.release:
        cursor[token] = t;
        machine.pools[part[pc]!]!.release(token, values[size + amount[pc]!]!, amount2[pc]! < 0 ? 0 : values[size + amount2[pc]!]!);
        tokens.claims[token]!--;
        pc++;
        continue;
      case OP.tornCheck:
        if (tokens.landed[token]! > t) machine.counts[a[pc]!]!++;
        pc++;
        continue;
      case OP.lateCheck:
        if (t - first[token]! > values[size + amount[pc]!]!) machine.counts[a[pc]!]!++;
        pc++;
        continue;
      case OP.scatter:
        cursor[token] = t;
        scatterUnits(machine, token, pc);
        t = cursor[token]!;
        pc++;
        continue;
      case OP.loop: {
        const rounds = part[pc] === 0 ? tokens.round0 : tokens.round1;
        const count = values[size + amount[pc]!]!;
        if (rounds[token]! >= count) {
          rounds[token] = 0;
          if (amount2[pc]! >= 0 && count > 0) tokens.size[token] = size = sizes.row(tokens.whole[token]!);
          pc = a[pc]!;
          continue;
        }
        if (amount2[pc]! >= 0) {
          const whole = rounds[token] === 0 ? sizes.payloadOf(size) : tokens.whole[token]!;
          tokens.whole[token] = whole;
          const chunk = values[size + amount2[pc]!]!;
          tokens.size[token] = size = sizes.row(Math.min(chunk, whole - rounds[token]! * chunk));
          values = sizes.values;
        }
        pc++;
        continue;
      }
      case OP.again: {
        const rounds = part[pc] === 0 ? tokens.round0 : tokens.round1;
        rounds[token]!++;
        if (amount2[pc]! >= 0) tokens.size[token] = size = sizes.row(tokens.whole[token]!);
        pc = a[pc]!;
        continue;
      }
      case OP.handBack:
        if (tokens.carrier[token]! < 0) {
          pc++;
          continue;
        }
        tokens.pc[token] = pc + 1;
        cursor[token] = t;
        agenda.resume(token, PHASE.arrive);
        leaveCarrier(machine, token);
        return;
      case OP.end:
        cursor[token] = t;
        machine.end(token);
        return;
      case OP.drop:
        cursor[token] = t;
        if (tokens.carrier[token]! >= 0) leaveCarrier(machine, token);
        machine.drop(token, a[pc]!);
        return;
      case OP.joined:
        tokens.pc[token] = pc;
        cursor[token] = t;
        joinBranch(machine, token);
        return;
      case OP.free: {
        const server = tokens.holding[token]!;
        const { servers } = machine;
        pc++;
        if (server < 0 || server === part[pc - 1]) continue;
        tokens.holding[token] = -1;
        servers.busy[server]! += t - servers.heldFrom[server]!;
        servers.freeAt[server] = t;
        tokens.core[token] = -1;
        tokens.claims[token]!--;
        if (servers.head[server]! < 0) continue;
        const next = servers.unpark(server, tokens.next);
        servers.granted[server] = next;
        servers.grantedAt[server] = t;
        servers.freeAt[server] = Infinity;
        calendar.push(t > agenda.now ? t : agenda.now, PHASE.grant * PHASE_STRIDE + tokens.rank[next]!, next);
        continue;
      }
      case OP.chain:
        for (const end = a[pc]!; pc < end; pc++) {
          const latency = amount2[pc]! < 0 ? drawn(machine, token, amount[pc]!) : values[size + amount[pc]!]!;
          const occupancy = amount2[pc]! < 0 ? latency : values[size + amount2[pc]!]!;
          const server = base[part[pc]!]!;
          const start = freeAt[server]! > t ? freeAt[server]! : t;
          freeAt[server] = start + occupancy;
          busy[part[pc]!]! += occupancy;
          rows[row + wait[pc]!]! += start - t;
          rows[row + work[pc]!]! += latency;
          t = start + latency;
        }
        continue;
      case OP.stageInOrder:
      case OP.stage: {
        const latency = values[size + amount[pc]!]!;
        const occupancy = values[size + amount2[pc]!]!;
        const server = stages.next(part[pc]!);
        const start = freeAt[server]! > t ? freeAt[server]! : t;
        freeAt[server] = start + occupancy;
        busy[part[pc]!]! += occupancy;
        rows[row + wait[pc]!]! += start - t;
        rows[row + work[pc]!]! += latency;
        t = start + latency;
        pc++;
        continue;
      }
      case OP.drawStageInOrder:
      case OP.drawStage: {
        const service = drawn(machine, token, amount[pc]!);
        const server = stages.next(part[pc]!);
        const start = freeAt[server]! > t ? freeAt[server]! : t;
        freeAt[server] = start + service;
        busy[part[pc]!]! += service;
        rows[row + wait[pc]!]! += start - t;
        rows[row + work[pc]!]! += service;
        t = start + service;
        pc++;
        continue;
      }
      case OP.sendInOrder:
      case OP.send: {
        const flight = values[size + amount2[pc]!]!;
        const occupancy = values[size + amount[pc]!]!;
        const server = stages.next(part[pc]!);
        const start = freeAt[server]! > t ? freeAt[server]! : t;
        freeAt[server] = start + occupancy;
        busy[part[pc]!]! += occupancy;
        rows[row + wait[pc]!]! += start - t;
        rows[row + work[pc]!]! += flight;
        t = start + flight;
        first[token] = t;
        pc++;
        continue;
      }
      case OP.branch:
        cursor[token] = t;
        pc = chosen(machine, token, part[pc]!) ? pc + 1 : a[pc]!;
        continue;
      case OP.order: {
        const flight = values[size + amount[pc]!]!;
        const floor = machine.ordered[part[pc]!]!;
        rows[row + work[pc]!]! += flight;
        t += flight;
        if (floor > t) {
          rows[row + wait[pc]!]! += floor - t;
          t = floor;
        } else machine.ordered[part[pc]!] = t;
        pc++;
        continue;
      }
      case OP.hold:
      case OP.holdPolling: {
        if (tokens.holding[token] === part[pc]) {
          pc++;
          continue;
        }
        cursor[token] = t;
        if (!holdServer(machine, token, pc)) return;
        t = cursor[token]!;
        pc++;
        continue;
      }
      case OP.claim: {
        if (tokens.need[token] === -1) {
          // Granted while it waited.
          tokens.need[token] = 0;
          rows[row + wait[pc]!]! += agenda.now - t;
          t = agenda.now;
          tokens.claims[token]!++;
          pc++;
          continue;
        }
        cursor[token] = t;
        tokens.pc[token] = pc;
        const answer = machine.pools[part[pc]!]!.claim(token, values[size + amount[pc]!]!);
        if (answer === CLAIM.waits) return;
        if (answer === CLAIM.granted) {
          tokens.claims[token]!++;
          pc++;
        } else pc = a[pc]!;
        continue;
      }
      case OP.transfer: {
        const unit = values[size + amount[pc]!]!;
        const units = values[size + amount2[pc]!]!;
        tokens.pc[token] = pc;
        cursor[token] = t;
        const bus = machine.buses[part[pc]!]!;
        if (!bus.transfer(token, unit, units, a[pc]!)) return;
        rows[row + wait[pc]!]! += bus.start - t;
        rows[row + work[pc]!]! += unit * units;
        t = bus.start + unit * units;
        pc++;
        continue;
      }
      case OP.queue:
      case OP.drawQueue: {
        tokens.pc[token] = pc;
        cursor[token] = t;
        const service = code === OP.queue ? values[size + amount[pc]!]! : drawn(machine, token, amount[pc]!);
        machine.queues[part[pc]!]!.claim(token, service, a[pc]!);
        return;
      }
      case OP.join:
        tokens.pc[token] = pc + 1;
        cursor[token] = t;
        machine.batches[part[pc]!]!.join(token);
        return;
      case OP.poll: {
        tokens.pc[token] = pc;
        cursor[token] = t;
        if (pollBatch(machine, token, pc)) return;
        return execute(machine, token);
      }
      case OP.rearm:
        machine.batches[part[pc]!]!.reopen();
        ({ cursor, first, rows } = tokens);
        pc++;
        continue;
      case OP.fork:
        tokens.pc[token] = pc + 1;
        cursor[token] = t;
        forkBranches(machine, token, part[pc]!);
        return;
      default:
        throw new InternalFault(`no such instruction: ${op[pc]} at ${pc}`);
    }
  }
}

function drawn(machine: Machine, token: number, draw: number): number {
  const { tokens, program, drawKeys } = machine;
  return program.draws[draw]!.sampler.sample(drawKeys[draw * 2]!, drawKeys[draw * 2 + 1]!, tokens.draw[token]!, tokens.round0[token]! + tokens.round1[token]! * 65_536);
}

