export { Amount, amountOf, Rate, ZERO } from "./amount.js";
export { chosen, estimated, published, standard, type Evidence, type Origin } from "./evidence.js";
export { defineModel, isModel, type MessageShape, type Model, type Needs, type Operation, type OperationContext, type OperationOf, type Pieces, type Region, type TakenArrival } from "./model.js";
export { tupleOf, type FlowTuple } from "./flow.js";
export {
  byteOffset, bytes, choice, cycleCount, dataRate, duration, eventRate, flag, frequency, gap, length, list, number, percent, text, threads, timing,
  unitIntervals, type ByteOffset, type Param, type ParamKind, type Params, type UnitIntervals, type Values,
} from "./params.js";
export { ROLE_OPERATIONS, ROLES, type Role, type RoleOperation } from "./roles.js";
export { batch, bus, cache, clock, order, pipe, pool, ring, sequence, server, stage, store, turn, window, type Outage, type Part, type PartOf, type Processor, type Share, type SleepStates } from "./parts.js";
export type { BatchPolicy } from "../engine/index.js";
export {
  all, answerFor, arbitrate, arrive, bareFrame, checkLate, checkTorn, choose, claim, claimAs, claimOnCore, claimStage, count, cycles, delay, divide, drop, dropUnlessHeld, egress, enter, entrust, gather, gatherAs, hold,
  inOrder, inParallel, inPieces, leaveCore, look, meet, move, need, oncePerMessage, race, recast, recastAbout, reframe, release, remap, repeat, retry, scatter, shrink, spawn, spawnWhole, speculate, stream, tap, transfer,
  transmit, trigger, until, use, work,
} from "./step-functions.js";
export {
  ACCOUNTS, CATEGORIES, LOCATIONS, type Account, type Arrival, type Carrier, type Category, type Chance, type Choice, type ClaimOrder, type Cut, type Damage, type Egress, type EgressSteps, type HoldOptions,
  type InstanceRef, type Location, type Meeting, type Pages, type SegmentKind, type Step, type TransmitOptions,
} from "./steps.js";
export { defineTraffic, exponentialGap, isTraffic, messageParams, refuseTraffic, thinkTime, type Traffic, type TrafficContext } from "./traffic.js";
export { compare, multiply, rational, toNumber, type Rational } from "../units/index.js";
