/* eslint max-lines: "off", max-depth: "off", "wirelat/max-lines-per-function": "off" --
   The hot loop is one function with one switch: split up, its arrays would have to be loaded anew for every instruction. */
import type { chosen } from "./chosen.js";
import type { drawn } from "./drawn.js";
import type { Machine } from "./machine.js";
import type { nextToken } from "./next-event.js";
import { OP, TURN } from "./opcode.js";
import { CODE } from "./packed-code.js";
import { ORDER, PHASE } from "./order.js";
import { CLAIM } from "./pools.js";
import type { lateness } from "./stages.js";
import type { computed, forkBranches, holdServer, joinBranch, leaveCarrier, pollBatch, scatterUnits } from "./steps.js";
import { INT, REAL, type Records } from "./tokens.js";

/** Executes a token until it ends or has to wait; with `others`, then whoever is next, while the turn's events last. */
export type Execute = (token: number, others: boolean) => void;

/** What it calls. */
export interface Calls {
  readonly chosen: typeof chosen;
  readonly computed: typeof computed;
  readonly drawn: typeof drawn;
  readonly forkBranches: typeof forkBranches;
  readonly holdServer: typeof holdServer;
  readonly joinBranch: typeof joinBranch;
  readonly lateness: typeof lateness;
  readonly leaveCarrier: typeof leaveCarrier;
  readonly nextToken: typeof nextToken;
  readonly pollBatch: typeof pollBatch;
  readonly scatterUnits: typeof scatterUnits;
  /** Goes on where the records have moved to larger arrays. */
  readonly elsewhere: (machine: Machine, token: number, others: boolean) => void;
  readonly unknown: (op: number, pc: number) => never;
}

/**
 * Makes what executes the tokens of a machine whose records are these. Instructions that share nothing only move the cursor; one that
 * claims something shared first makes sure that nothing earlier is pending, and otherwise goes back into the
 * calendar at its cursor. A token that is next anyway goes on at once, which is the same thing without the detour.
 *
 * One function, long on purpose: it is the hot loop, and dispatching by `switch` over packed integers is what makes it fast
 * (ARCHITECTURE.md, "Speed"). Its text is also compiled for one machine alone (interpreters.ts), where the names of this module mean nothing: what it
 * calls is handed to it, and all that it imports are types and constant enums.
 */
export function interpreter(machine: Machine, records: Records, calls: Calls): Execute {
  return (from, others) => {
    const { chosen, computed, drawn, elsewhere, forkBranches, holdServer, joinBranch, lateness, leaveCarrier, nextToken, pollBatch, scatterUnits, unknown } = calls;
    const { ints, reals } = records;
    const { program, code, tokens, agenda, stages, sizes, counts, cpu } = machine;
    // Compared once: what may be anything is looked at from all sides wherever it is asked for.
    const detour = machine.detour === true;
    const bare = machine.bare === true;
    const { calendar } = agenda;
    const { base, freeAt, busy } = stages;

    // One token after the other, so that what is the same for all is loaded once.
    for (let token = from; token >= 0; token = others === true ? nextToken(machine) : -1) {
      if (tokens.ints !== ints) return elsewhere(machine, token, others);
      const row = token + REAL.slots;
      let values = sizes.values;
      let size = ints[2 * token + INT.size]!;
      const arriveRank = PHASE.arrive * ORDER.phaseStride + reals[token + REAL.rank]!;
      let pc = ints[2 * token + INT.pc]! * CODE.words;
      let t = reals[token + REAL.cursor]!;

      run: for (;;) {
        const op = code[pc]!;
        if (op >= TURN.firstShared) {
          const rank = op >= TURN.firstObserving ? arriveRank + (PHASE.observe - PHASE.arrive) * ORDER.phaseStride : arriveRank;
          if (t > calendar.time || (t === calendar.time && rank > calendar.rank)) {
            if (detour || t > calendar.headTime || (t === calendar.headTime && rank > calendar.headRank)) {
              ints[2 * token + INT.pc] = pc >> CODE.shift;
              reals[token + REAL.cursor] = t;
              calendar.keyTime = t;
              calendar.keyRank = rank;
              // Ahead of its time, because the calendar has yet to find where the event belongs, and the processor draws while it waits for that.
              if (op === OP.drawStage) reals[token + REAL.ahead] = drawn(machine, token, code[pc + CODE.amount]!);
              if (detour) calendar.enter(token);
              else calendar.enterBehind(token);
              break run;
            }
            calendar.time = t;
            calendar.rank = rank;
            machine.events++;
          }
        }
        switch (op) {
          case OP.delay: {
            const time = values[size + code[pc + CODE.amount]!]!;
            t += time;
            reals[row + code[pc + CODE.work]!]! += time;
            pc += CODE.words;
            continue;
          }
          case OP.work: {
            const time = values[size + code[pc + CODE.amount]!]!;
            t += time;
            reals[row + code[pc + CODE.work]!]! += time;
            cpu[ints[2 * token + INT.core]! + code[pc + CODE.target]!]! += time;
            pc += CODE.words;
            continue;
          }
          case OP.stream: {
            const time = values[size + code[pc + CODE.amount]!]!;
            t += time;
            reals[token + REAL.first]! += time;
            reals[row + code[pc + CODE.work]!]! += time;
            pc += CODE.words;
            continue;
          }
          case OP.need: {
            const at = reals[token + REAL.first]! + values[size + code[pc + CODE.amount]!]!;
            if (at > t) {
              reals[row + code[pc + CODE.work]!]! += at - t;
              t = at;
            }
            pc += CODE.words;
            continue;
          }
          case OP.needBlock: {
            const clock = machine.clocks[code[pc + CODE.part]!]!;
            clock.from = reals[token + REAL.first]! + values[size + code[pc + CODE.amount]!]!;
            const at = clock.from + clock.until(0);
            if (at > t) {
              reals[row + code[pc + CODE.work]!]! += at - t;
              t = at;
            }
            pc += CODE.words;
            continue;
          }
          case OP.count:
            // They come in rows.
            do {
              counts[code[pc + CODE.target]!]! += values[size + code[pc + CODE.amount]!]!;
              pc += CODE.words;
            } while (code[pc]! === OP.count);
            continue;
          case OP.mark:
            reals[token + tokens.marksAt + code[pc + CODE.target]!] = t;
            pc += CODE.words;
            continue;
          case OP.cycles: {
            const clock = machine.clocks[code[pc + CODE.part]!]!;
            clock.from = t;
            const time = clock.until(code[pc + CODE.target]!);
            reals[row + code[pc + CODE.work]!]! += time;
            t += time;
            pc += CODE.words;
            continue;
          }
          case OP.align: {
            const clock = machine.clocks[code[pc + CODE.part]!]!;
            clock.from = t;
            const time = clock.until(0);
            reals[row + code[pc + CODE.wait]!]! += time;
            t += time;
            pc += CODE.words;
            continue;
          }
          case OP.draw: {
            const time = drawn(machine, token, code[pc + CODE.amount]!);
            t += time;
            if (!bare) reals[row + code[pc + CODE.work]!]! += time;
            if (code[pc + CODE.target]! >= 0) cpu[ints[2 * token + INT.core]! + code[pc + CODE.target]!]! += time;
            pc += CODE.words;
            continue;
          }
          case OP.jump:
            if (code[pc + CODE.target]! * CODE.words <= pc) {
              // Back through the calendar, which notices a loop without delay.
              ints[2 * token + INT.pc] = code[pc + CODE.target]!;
              reals[token + REAL.cursor] = t;
              agenda.resume(token, PHASE.arrive);
              break run;
            }
            pc = code[pc + CODE.target]! * CODE.words;
            continue;
          case OP.lead: {
            const earliest = code[pc + CODE.target]! < 0 ? -Infinity : reals[token + tokens.marksAt + code[pc + CODE.target]!]!;
            const lead = values[size + code[pc + CODE.amount]!]!;
            reals[row + code[pc + CODE.work]!]! -= lead;
            t -= lead;
            if (earliest > t) {
              reals[row + code[pc + CODE.wait]!]! += earliest - t;
              t = earliest;
            }
            pc += CODE.words;
            continue;
          }
          case OP.spawn:
            ints[2 * token + INT.pc] = (pc >> CODE.shift) + 1;
            reals[token + REAL.cursor] = t;
            machine.spawn(token, code[pc + CODE.target]!, code[pc + CODE.part]! < 0 ? null : program.spawns[code[pc + CODE.part]!]!);
            if (tokens.ints !== ints) return elsewhere(machine, token, others);
            pc += CODE.words;
            continue;
          case OP.release:
            reals[token + REAL.cursor] = t;
            machine.pools[code[pc + CODE.part]!]!.release(token, values[size + code[pc + CODE.amount]!]!, code[pc + CODE.amount2]! < 0 ? 0 : values[size + code[pc + CODE.amount2]!]!);
            ints[2 * token + INT.claims]!--;
            pc += CODE.words;
            continue;
          case OP.answer:
            ints[2 * token + INT.claims]! += code[pc + CODE.target]!;
            pc += CODE.words;
            continue;
          case OP.trace:
            reals[token + REAL.cursor] = t;
            machine.tracer?.note(token, code[pc + CODE.part]!, code[pc + CODE.target]!);
            pc += CODE.words;
            continue;
          case OP.tornCheck:
            if (reals[token + REAL.landed]! > t) machine.counts[code[pc + CODE.target]!]!++;
            pc += CODE.words;
            continue;
          case OP.lateCheck:
            if (t - reals[token + REAL.first]! > values[size + code[pc + CODE.amount]!]!) machine.counts[code[pc + CODE.target]!]!++;
            pc += CODE.words;
            continue;
          case OP.scatter:
            reals[token + REAL.cursor] = t;
            scatterUnits(machine, token, pc >> CODE.shift);
            t = reals[token + REAL.cursor]!;
            pc += CODE.words;
            continue;
          case OP.loop: {
            const round = 2 * token + (code[pc + CODE.part]! === 0 ? INT.round0 : INT.round1);
            const count = values[size + code[pc + CODE.amount]!]!;
            if (ints[round]! >= count) {
              ints[round] = 0;
              if (code[pc + CODE.amount2]! >= 0 && count > 0) ints[2 * token + INT.size] = size = sizes.row(reals[token + REAL.whole]!);
              pc = code[pc + CODE.target]! * CODE.words;
              continue;
            }
            if (code[pc + CODE.amount2]! >= 0) {
              const whole = ints[round] === 0 ? sizes.payloadOf(size) : reals[token + REAL.whole]!;
              reals[token + REAL.whole] = whole;
              const chunk = values[size + code[pc + CODE.amount2]!]!;
              ints[2 * token + INT.size] = size = sizes.row(Math.min(chunk, whole - ints[round]! * chunk));
              values = sizes.values;
            }
            pc += CODE.words;
            continue;
          }
          case OP.again: {
            const round = 2 * token + (code[pc + CODE.part]! === 0 ? INT.round0 : INT.round1);
            ints[round]!++;
            if (code[pc + CODE.amount2]! >= 0) ints[2 * token + INT.size] = size = sizes.row(reals[token + REAL.whole]!);
            pc = code[pc + CODE.target]! * CODE.words;
            continue;
          }
          case OP.handBack:
            if (ints[2 * token + INT.carrier]! < 0) {
              pc += CODE.words;
              continue;
            }
            ints[2 * token + INT.pc] = (pc >> CODE.shift) + 1;
            reals[token + REAL.cursor] = t;
            agenda.resume(token, PHASE.arrive);
            leaveCarrier(machine, token);
            break run;
          case OP.end:
            reals[token + REAL.cursor] = t;
            machine.end(token);
            break run;
          case OP.drop:
            reals[token + REAL.cursor] = t;
            if (ints[2 * token + INT.carrier]! >= 0) leaveCarrier(machine, token);
            machine.drop(token, code[pc + CODE.target]!);
            break run;
          case OP.joined:
            ints[2 * token + INT.pc] = pc >> CODE.shift;
            reals[token + REAL.cursor] = t;
            joinBranch(machine, token);
            break run;
          case OP.free: {
            const server = ints[2 * token + INT.holding]!;
            const { servers } = machine;
            pc += CODE.words;
            if (server < 0 || server === code[pc - CODE.words + CODE.part]!) continue;
            ints[2 * token + INT.holding] = -1;
            servers.busy[server]! += t - servers.heldFrom[server]!;
            servers.freeAt[server] = t;
            ints[2 * token + INT.core] = -1;
            ints[2 * token + INT.claims]!--;
            if (servers.head[server]! < 0) continue;
            const next = servers.unpark(server, ints);
            servers.granted[server] = next;
            servers.grantedAt[server] = t;
            servers.freeAt[server] = Infinity;
            calendar.push(t > calendar.time ? t : calendar.time, PHASE.grant * ORDER.phaseStride + reals[next + REAL.rank]!, next);
            continue;
          }
          case OP.chain:
            for (const end = code[pc + CODE.target]! * CODE.words; pc < end; pc += CODE.words) {
              const latency = code[pc + CODE.amount2]! < 0 ? drawn(machine, token, code[pc + CODE.amount]!) : values[size + code[pc + CODE.amount]!]!;
              const occupancy = code[pc + CODE.amount2]! < 0 ? latency : values[size + code[pc + CODE.amount2]!]!;
              const server = base[code[pc + CODE.part]!]!;
              const start = freeAt[server]! > t ? freeAt[server]! : t;
              freeAt[server] = start + occupancy;
              if (!bare) {
                busy[code[pc + CODE.part]!]! += occupancy;
                reals[row + code[pc + CODE.wait]!]! += start - t;
                reals[row + code[pc + CODE.work]!]! += latency;
              }
              t = start + latency;
            }
            continue;
          case OP.stageInOrder:
          case OP.stage: {
            const latency = values[size + code[pc + CODE.amount]!]!;
            const occupancy = values[size + code[pc + CODE.amount2]!]!;
            const server = stages.next(code[pc + CODE.part]!);
            const start = freeAt[server]! > t ? freeAt[server]! : t;
            freeAt[server] = start + occupancy;
            if (!bare) {
              busy[code[pc + CODE.part]!]! += occupancy;
              reals[row + code[pc + CODE.wait]!]! += start - t;
              reals[row + code[pc + CODE.work]!]! += latency;
            }
            t = start + latency;
            pc += CODE.words;
            continue;
          }
          case OP.drawStageInOrder:
          case OP.drawStage: {
            let service = reals[token + REAL.ahead]!;
            if (service < 0) service = drawn(machine, token, code[pc + CODE.amount]!);
            else reals[token + REAL.ahead] = -1;
            const server = stages.next(code[pc + CODE.part]!);
            const start = t + lateness(freeAt[server]!, t);
            freeAt[server] = start + service;
            if (!bare) {
              busy[code[pc + CODE.part]!]! += service;
              reals[row + code[pc + CODE.wait]!]! += start - t;
              reals[row + code[pc + CODE.work]!]! += service;
            }
            t = start + service;
            pc += CODE.words;
            continue;
          }
          case OP.sendInOrder:
          case OP.send: {
            const flight = values[size + code[pc + CODE.amount2]!]!;
            const occupancy = values[size + code[pc + CODE.amount]!]!;
            const server = stages.next(code[pc + CODE.part]!);
            const start = freeAt[server]! > t ? freeAt[server]! : t;
            freeAt[server] = start + occupancy;
            busy[code[pc + CODE.part]!]! += occupancy;
            reals[row + code[pc + CODE.wait]!]! += start - t;
            reals[row + code[pc + CODE.work]!]! += flight;
            t = start + flight;
            reals[token + REAL.first] = t;
            pc += CODE.words;
            continue;
          }
          case OP.branch:
            reals[token + REAL.cursor] = t;
            pc = chosen(machine, token, code[pc + CODE.part]!) ? pc + CODE.words : code[pc + CODE.target]! * CODE.words;
            continue;
          case OP.order: {
            const flight = values[size + code[pc + CODE.amount]!]!;
            const floor = machine.ordered[code[pc + CODE.part]!]!;
            reals[row + code[pc + CODE.work]!]! += flight;
            t += flight;
            if (floor > t) {
              reals[row + code[pc + CODE.wait]!]! += floor - t;
              t = floor;
            } else machine.ordered[code[pc + CODE.part]!] = t;
            pc += CODE.words;
            continue;
          }
          case OP.hold:
          case OP.holdPolling: {
            if (ints[2 * token + INT.holding] === code[pc + CODE.part]!) {
              pc += CODE.words;
              continue;
            }
            reals[token + REAL.cursor] = t;
            if (!holdServer(machine, token, pc >> CODE.shift)) break run;
            t = reals[token + REAL.cursor]!;
            pc += CODE.words;
            continue;
          }
          case OP.claim: {
            if (reals[token + REAL.need] === -1) {
              // Granted while it waited.
              reals[token + REAL.need] = 0;
              reals[row + code[pc + CODE.wait]!]! += calendar.time - t;
              t = calendar.time;
              ints[2 * token + INT.claims]!++;
              pc += CODE.words;
              continue;
            }
            reals[token + REAL.cursor] = t;
            ints[2 * token + INT.pc] = pc >> CODE.shift;
            const answer = machine.pools[code[pc + CODE.part]!]!.claim(token, values[size + code[pc + CODE.amount]!]!);
            if (answer === CLAIM.waits) break run;
            if (answer === CLAIM.granted) {
              ints[2 * token + INT.claims]!++;
              pc += CODE.words;
            } else pc = code[pc + CODE.target]! * CODE.words;
            continue;
          }
          case OP.transfer: {
            const unit = values[size + code[pc + CODE.amount]!]!;
            const units = values[size + code[pc + CODE.amount2]!]!;
            if (units === 0) {
              pc += CODE.words;
              continue;
            }
            ints[2 * token + INT.pc] = pc >> CODE.shift;
            reals[token + REAL.cursor] = t;
            const bus = machine.buses[code[pc + CODE.part]!]!;
            if (!bus.transfer(token, unit, units, code[pc + CODE.target]!)) break run;
            reals[row + code[pc + CODE.wait]!]! += bus.start - t;
            reals[row + code[pc + CODE.work]!]! += unit * units;
            t = bus.start + unit * units;
            pc += CODE.words;
            continue;
          }
          case OP.queue:
          case OP.drawQueue: {
            ints[2 * token + INT.pc] = pc >> CODE.shift;
            reals[token + REAL.cursor] = t;
            const service = op === OP.queue ? values[size + code[pc + CODE.amount]!]! : drawn(machine, token, code[pc + CODE.amount]!);
            machine.queues[code[pc + CODE.part]!]!.claim(token, service, code[pc + CODE.target]!);
            break run;
          }
          case OP.compute: {
            const service = code[pc + CODE.amount2]! === 1 ? drawn(machine, token, code[pc + CODE.amount]!) : values[size + code[pc + CODE.amount]!]!;
            ints[2 * token + INT.pc] = pc >> CODE.shift;
            reals[token + REAL.cursor] = t;
            if (computed(machine, token, service)) break run;
            t += service;
            reals[row + code[pc + CODE.work]!]! += service;
            cpu[ints[2 * token + INT.core]! + code[pc + CODE.target]!]! += service;
            pc += CODE.words;
            continue;
          }
          case OP.join:
            ints[2 * token + INT.pc] = (pc >> CODE.shift) + 1;
            reals[token + REAL.cursor] = t;
            machine.batches[code[pc + CODE.part]!]!.join(token);
            break run;
          case OP.poll: {
            ints[2 * token + INT.pc] = pc >> CODE.shift;
            reals[token + REAL.cursor] = t;
            if (pollBatch(machine, token, pc >> CODE.shift)) break run;
            if (tokens.ints !== ints) return elsewhere(machine, token, others);
            pc = ints[2 * token + INT.pc]! * CODE.words;
            t = reals[token + REAL.cursor]!;
            continue;
          }
          case OP.rearm:
            ints[2 * token + INT.pc] = (pc >> CODE.shift) + 1;
            reals[token + REAL.cursor] = t;
            machine.batches[code[pc + CODE.part]!]!.reopen();
            if (tokens.ints !== ints) return elsewhere(machine, token, others);
            pc += CODE.words;
            continue;
          case OP.fork:
            ints[2 * token + INT.pc] = (pc >> CODE.shift) + 1;
            reals[token + REAL.cursor] = t;
            forkBranches(machine, token, code[pc + CODE.part]!);
            break run;
          default:
            return unknown(op, pc >> CODE.shift);
        }
      }
    }
  };
}
