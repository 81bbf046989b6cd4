/* eslint max-lines: "off", max-depth: "off", "wirelat/max-lines-per-function": "off" --
   The hot loop is one function with one switch: split up, its columns would have to be loaded anew for every instruction. */
import { InternalFault } from "../errors/index.js";
import { exponentialTime } from "../random/index.js";
import { chosen } from "./chosen.js";
import type { Machine } from "./machine.js";
import { nextToken } from "./next-event.js";
import { FIRST_OBSERVING, FIRST_SHARED, OP } from "./opcode.js";
import { AMOUNT, AMOUNT2, INSTRUCTION, PART, TARGET, WAIT, WORK } from "./packed-code.js";
import { PHASE, PHASE_STRIDE } from "./order.js";
import { CLAIM } from "./pools.js";
import { computed, forkBranches, holdServer, joinBranch, leaveCarrier, pollBatch, scatterUnits } from "./steps.js";

const ARRIVE = PHASE.arrive * PHASE_STRIDE;
const OBSERVE = PHASE.observe * PHASE_STRIDE;

/**
 * Executes a token until it ends or has to wait; with `others`, then whoever is next, while the turn's events last. Instructions that share nothing only move the cursor; one that
 * claims something shared first makes sure that nothing earlier is pending, and otherwise goes back into the
 * calendar at its cursor. A token that is next anyway goes on at once, which is the same thing without the detour.
 *
 * One function, long on purpose: it is the hot loop, and dispatching by `switch` over columns held in locals is
 * what makes it fast (ARCHITECTURE.md, "Speed").
 */
export function execute(machine: Machine, from: number, others: boolean): void {
  const { program, tokens, agenda, stages, sizes, counts, cpu, detour, bare } = machine;
  const { code } = machine;
  const { calendar } = agenda;
  const { base, freeAt, busy } = stages;

  // One token after the other, so that what is the same for all is loaded once.
  for (let token = from; token >= 0; token = others ? nextToken(machine) : -1) {
    let { cursor, first, rows } = tokens;
    const row = token * tokens.slots;
    let values = sizes.values;
    let size = tokens.size[token]!;
    const arriveRank = ARRIVE + tokens.rank[token]!;
    const observeRank = OBSERVE + tokens.rank[token]!;
    let pc = tokens.pc[token]! * INSTRUCTION;
    let t = cursor[token]!;

    run: for (;;) {
      const op = code[pc]!;
      if (op >= FIRST_SHARED) {
        const rank = op >= FIRST_OBSERVING ? observeRank : arriveRank;
        if (t > agenda.now || (t === agenda.now && rank > agenda.rank)) {
          if (detour || t > calendar.headTime || (t === calendar.headTime && rank > calendar.headRank)) {
            tokens.pc[token] = pc / INSTRUCTION;
            cursor[token] = t;
            calendar.keyTime = t;
            calendar.keyRank = rank;
            calendar.enter(token);
            break run;
          }
          agenda.now = t;
          agenda.rank = rank;
          machine.events++;
        }
      }
      switch (op) {
        case OP.delay: {
          const time = values[size + code[pc + AMOUNT]!]!;
          t += time;
          rows[row + code[pc + WORK]!]! += time;
          pc += INSTRUCTION;
          continue;
        }
        case OP.work: {
          const time = values[size + code[pc + AMOUNT]!]!;
          t += time;
          rows[row + code[pc + WORK]!]! += time;
          cpu[tokens.core[token]! + code[pc + TARGET]!]! += time;
          pc += INSTRUCTION;
          continue;
        }
        case OP.stream: {
          const time = values[size + code[pc + AMOUNT]!]!;
          t += time;
          first[token]! += time;
          rows[row + code[pc + WORK]!]! += time;
          pc += INSTRUCTION;
          continue;
        }
        case OP.need: {
          const at = first[token]! + values[size + code[pc + AMOUNT]!]!;
          if (at > t) {
            rows[row + code[pc + WORK]!]! += at - t;
            t = at;
          }
          pc += INSTRUCTION;
          continue;
        }
        case OP.needBlock: {
          const clock = machine.clocks[code[pc + PART]!]!;
          clock.from = first[token]! + values[size + code[pc + AMOUNT]!]!;
          const at = clock.from + clock.until(0);
          if (at > t) {
            rows[row + code[pc + WORK]!]! += at - t;
            t = at;
          }
          pc += INSTRUCTION;
          continue;
        }
        case OP.count:
          // They come in rows.
          do {
            counts[code[pc + TARGET]!]! += values[size + code[pc + AMOUNT]!]!;
            pc += INSTRUCTION;
          } while (code[pc]! === OP.count);
          continue;
        case OP.mark:
          tokens.marks[token * tokens.markCount + code[pc + TARGET]!] = t;
          pc += INSTRUCTION;
          continue;
        case OP.cycles: {
          const clock = machine.clocks[code[pc + PART]!]!;
          clock.from = t;
          const time = clock.until(code[pc + TARGET]!);
          rows[row + code[pc + WORK]!]! += time;
          t += time;
          pc += INSTRUCTION;
          continue;
        }
        case OP.align: {
          const clock = machine.clocks[code[pc + PART]!]!;
          clock.from = t;
          const time = clock.until(0);
          rows[row + code[pc + WAIT]!]! += time;
          t += time;
          pc += INSTRUCTION;
          continue;
        }
        case OP.draw: {
          const time = drawn(machine, token, code[pc + AMOUNT]!);
          t += time;
          rows[row + code[pc + WORK]!]! += time;
          if (code[pc + TARGET]! >= 0) cpu[tokens.core[token]! + code[pc + TARGET]!]! += time;
          pc += INSTRUCTION;
          continue;
        }
        case OP.jump:
          if (code[pc + TARGET]! * INSTRUCTION <= pc) {
            // Back through the calendar, which notices a loop without delay.
            tokens.pc[token] = code[pc + TARGET]!;
            cursor[token] = t;
            agenda.resume(token, PHASE.arrive);
            break run;
          }
          pc = code[pc + TARGET]! * INSTRUCTION;
          continue;
        case OP.lead: {
          const earliest = code[pc + TARGET]! < 0 ? -Infinity : tokens.marks[token * tokens.markCount + code[pc + TARGET]!]!;
          const lead = values[size + code[pc + AMOUNT]!]!;
          rows[row + code[pc + WORK]!]! -= lead;
          t -= lead;
          if (earliest > t) {
            rows[row + code[pc + WAIT]!]! += earliest - t;
            t = earliest;
          }
          pc += INSTRUCTION;
          continue;
        }
        case OP.spawn:
          tokens.pc[token] = pc / INSTRUCTION;
          cursor[token] = t;
          machine.spawn(token, code[pc + TARGET]!, code[pc + PART]! < 0 ? null : program.spawns[code[pc + PART]!]!);
          // A new token may have moved the columns to larger ones.
          ({ cursor, first, rows } = tokens);
          pc += INSTRUCTION;
          continue;
        case OP.release:
          cursor[token] = t;
          machine.pools[code[pc + PART]!]!.release(token, values[size + code[pc + AMOUNT]!]!, code[pc + AMOUNT2]! < 0 ? 0 : values[size + code[pc + AMOUNT2]!]!);
          tokens.claims[token]!--;
          pc += INSTRUCTION;
          continue;
        case OP.answer:
          tokens.claims[token]! += code[pc + TARGET]!;
          pc += INSTRUCTION;
          continue;
        case OP.trace:
          cursor[token] = t;
          machine.tracer?.note(token, code[pc + PART]!, code[pc + TARGET]!);
          pc += INSTRUCTION;
          continue;
        case OP.tornCheck:
          if (tokens.landed[token]! > t) machine.counts[code[pc + TARGET]!]!++;
          pc += INSTRUCTION;
          continue;
        case OP.lateCheck:
          if (t - first[token]! > values[size + code[pc + AMOUNT]!]!) machine.counts[code[pc + TARGET]!]!++;
          pc += INSTRUCTION;
          continue;
        case OP.scatter:
          cursor[token] = t;
          scatterUnits(machine, token, pc / INSTRUCTION);
          t = cursor[token]!;
          pc += INSTRUCTION;
          continue;
        case OP.loop: {
          const rounds = code[pc + PART]! === 0 ? tokens.round0 : tokens.round1;
          const count = values[size + code[pc + AMOUNT]!]!;
          if (rounds[token]! >= count) {
            rounds[token] = 0;
            if (code[pc + AMOUNT2]! >= 0 && count > 0) tokens.size[token] = size = sizes.row(tokens.whole[token]!);
            pc = code[pc + TARGET]! * INSTRUCTION;
            continue;
          }
          if (code[pc + AMOUNT2]! >= 0) {
            const whole = rounds[token] === 0 ? sizes.payloadOf(size) : tokens.whole[token]!;
            tokens.whole[token] = whole;
            const chunk = values[size + code[pc + AMOUNT2]!]!;
            tokens.size[token] = size = sizes.row(Math.min(chunk, whole - rounds[token]! * chunk));
            values = sizes.values;
          }
          pc += INSTRUCTION;
          continue;
        }
        case OP.again: {
          const rounds = code[pc + PART]! === 0 ? tokens.round0 : tokens.round1;
          rounds[token]!++;
          if (code[pc + AMOUNT2]! >= 0) tokens.size[token] = size = sizes.row(tokens.whole[token]!);
          pc = code[pc + TARGET]! * INSTRUCTION;
          continue;
        }
        case OP.handBack:
          if (tokens.carrier[token]! < 0) {
            pc += INSTRUCTION;
            continue;
          }
          tokens.pc[token] = pc / INSTRUCTION + 1;
          cursor[token] = t;
          agenda.resume(token, PHASE.arrive);
          leaveCarrier(machine, token);
          break run;
        case OP.end:
          cursor[token] = t;
          machine.end(token);
          break run;
        case OP.drop:
          cursor[token] = t;
          if (tokens.carrier[token]! >= 0) leaveCarrier(machine, token);
          machine.drop(token, code[pc + TARGET]!);
          break run;
        case OP.joined:
          tokens.pc[token] = pc / INSTRUCTION;
          cursor[token] = t;
          joinBranch(machine, token);
          break run;
        case OP.free: {
          const server = tokens.holding[token]!;
          const { servers } = machine;
          pc += INSTRUCTION;
          if (server < 0 || server === code[pc - INSTRUCTION + PART]!) continue;
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
          for (const end = code[pc + TARGET]! * INSTRUCTION; pc < end; pc += INSTRUCTION) {
            const latency = code[pc + AMOUNT2]! < 0 ? drawn(machine, token, code[pc + AMOUNT]!) : values[size + code[pc + AMOUNT]!]!;
            const occupancy = code[pc + AMOUNT2]! < 0 ? latency : values[size + code[pc + AMOUNT2]!]!;
            const server = base[code[pc + PART]!]!;
            const start = freeAt[server]! > t ? freeAt[server]! : t;
            freeAt[server] = start + occupancy;
            if (!bare) {
              busy[code[pc + PART]!]! += occupancy;
              rows[row + code[pc + WAIT]!]! += start - t;
              rows[row + code[pc + WORK]!]! += latency;
            }
            t = start + latency;
          }
          continue;
        case OP.stageInOrder:
        case OP.stage: {
          const latency = values[size + code[pc + AMOUNT]!]!;
          const occupancy = values[size + code[pc + AMOUNT2]!]!;
          const server = stages.next(code[pc + PART]!);
          const start = freeAt[server]! > t ? freeAt[server]! : t;
          freeAt[server] = start + occupancy;
          busy[code[pc + PART]!]! += occupancy;
          rows[row + code[pc + WAIT]!]! += start - t;
          rows[row + code[pc + WORK]!]! += latency;
          t = start + latency;
          pc += INSTRUCTION;
          continue;
        }
        case OP.drawStageInOrder:
        case OP.drawStage: {
          const service = drawn(machine, token, code[pc + AMOUNT]!);
          const server = stages.next(code[pc + PART]!);
          const start = freeAt[server]! > t ? freeAt[server]! : t;
          freeAt[server] = start + service;
          busy[code[pc + PART]!]! += service;
          rows[row + code[pc + WAIT]!]! += start - t;
          rows[row + code[pc + WORK]!]! += service;
          t = start + service;
          pc += INSTRUCTION;
          continue;
        }
        case OP.sendInOrder:
        case OP.send: {
          const flight = values[size + code[pc + AMOUNT2]!]!;
          const occupancy = values[size + code[pc + AMOUNT]!]!;
          const server = stages.next(code[pc + PART]!);
          const start = freeAt[server]! > t ? freeAt[server]! : t;
          freeAt[server] = start + occupancy;
          busy[code[pc + PART]!]! += occupancy;
          rows[row + code[pc + WAIT]!]! += start - t;
          rows[row + code[pc + WORK]!]! += flight;
          t = start + flight;
          first[token] = t;
          pc += INSTRUCTION;
          continue;
        }
        case OP.branch:
          cursor[token] = t;
          pc = chosen(machine, token, code[pc + PART]!) ? pc + INSTRUCTION : code[pc + TARGET]! * INSTRUCTION;
          continue;
        case OP.order: {
          const flight = values[size + code[pc + AMOUNT]!]!;
          const floor = machine.ordered[code[pc + PART]!]!;
          rows[row + code[pc + WORK]!]! += flight;
          t += flight;
          if (floor > t) {
            rows[row + code[pc + WAIT]!]! += floor - t;
            t = floor;
          } else machine.ordered[code[pc + PART]!] = t;
          pc += INSTRUCTION;
          continue;
        }
        case OP.hold:
        case OP.holdPolling: {
          if (tokens.holding[token] === code[pc + PART]!) {
            pc += INSTRUCTION;
            continue;
          }
          cursor[token] = t;
          if (!holdServer(machine, token, pc / INSTRUCTION)) break run;
          t = cursor[token]!;
          pc += INSTRUCTION;
          continue;
        }
        case OP.claim: {
          if (tokens.need[token] === -1) {
            // Granted while it waited.
            tokens.need[token] = 0;
            rows[row + code[pc + WAIT]!]! += agenda.now - t;
            t = agenda.now;
            tokens.claims[token]!++;
            pc += INSTRUCTION;
            continue;
          }
          cursor[token] = t;
          tokens.pc[token] = pc / INSTRUCTION;
          const answer = machine.pools[code[pc + PART]!]!.claim(token, values[size + code[pc + AMOUNT]!]!);
          if (answer === CLAIM.waits) break run;
          if (answer === CLAIM.granted) {
            tokens.claims[token]!++;
            pc += INSTRUCTION;
          } else pc = code[pc + TARGET]! * INSTRUCTION;
          continue;
        }
        case OP.transfer: {
          const unit = values[size + code[pc + AMOUNT]!]!;
          const units = values[size + code[pc + AMOUNT2]!]!;
          if (units === 0) {
            pc += INSTRUCTION;
            continue;
          }
          tokens.pc[token] = pc / INSTRUCTION;
          cursor[token] = t;
          const bus = machine.buses[code[pc + PART]!]!;
          if (!bus.transfer(token, unit, units, code[pc + TARGET]!)) break run;
          rows[row + code[pc + WAIT]!]! += bus.start - t;
          rows[row + code[pc + WORK]!]! += unit * units;
          t = bus.start + unit * units;
          pc += INSTRUCTION;
          continue;
        }
        case OP.queue:
        case OP.drawQueue: {
          tokens.pc[token] = pc / INSTRUCTION;
          cursor[token] = t;
          const service = op === OP.queue ? values[size + code[pc + AMOUNT]!]! : drawn(machine, token, code[pc + AMOUNT]!);
          machine.queues[code[pc + PART]!]!.claim(token, service, code[pc + TARGET]!);
          break run;
        }
        case OP.compute: {
          const service = code[pc + AMOUNT2]! === 1 ? drawn(machine, token, code[pc + AMOUNT]!) : values[size + code[pc + AMOUNT]!]!;
          tokens.pc[token] = pc / INSTRUCTION;
          cursor[token] = t;
          if (computed(machine, token, service)) break run;
          t += service;
          rows[row + code[pc + WORK]!]! += service;
          cpu[tokens.core[token]! + code[pc + TARGET]!]! += service;
          pc += INSTRUCTION;
          continue;
        }
        case OP.join:
          tokens.pc[token] = pc / INSTRUCTION + 1;
          cursor[token] = t;
          machine.batches[code[pc + PART]!]!.join(token);
          break run;
        case OP.poll: {
          tokens.pc[token] = pc / INSTRUCTION;
          cursor[token] = t;
          if (pollBatch(machine, token, pc / INSTRUCTION)) break run;
          ({ cursor, first, rows } = tokens);
          pc = tokens.pc[token]! * INSTRUCTION;
          t = cursor[token]!;
          continue;
        }
        case OP.rearm:
          machine.batches[code[pc + PART]!]!.reopen();
          ({ cursor, first, rows } = tokens);
          pc += INSTRUCTION;
          continue;
        case OP.fork:
          tokens.pc[token] = pc / INSTRUCTION + 1;
          cursor[token] = t;
          forkBranches(machine, token, code[pc + PART]!);
          break run;
        default:
          throw new InternalFault(`no such instruction: ${op} at ${pc / INSTRUCTION}`);
      }
    }
  }
}

function drawn(machine: Machine, token: number, draw: number): number {
  const { tokens, drawKeys } = machine;
  const key0 = drawKeys[draw * 2]!;
  const key1 = drawKeys[draw * 2 + 1]!;
  const index = tokens.round0[token]! + tokens.round1[token]! * 65_536;
  const mean = machine.drawMeans[draw]!;
  if (mean >= 0) return exponentialTime(mean, key0, key1, tokens.draw[token]!, index);
  return machine.program.draws[draw]!.sampler.sample(key0, key1, tokens.draw[token]!, index);
}
