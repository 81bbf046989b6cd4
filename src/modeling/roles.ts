/**
 * What a component can be to others, and the operations by which they ask for it. A model asks for roles, never for another
 * model; `use` takes no operation that its role does not list. Who serves in a role may offer more, and need not offer all.
 */
export const ROLE_OPERATIONS = {
  cpu: ["enter", "interrupt", "resume", "if-spinning", "syscall", "announce", "run", "copy", "poll", "owns"],
  memory: ["dma-write", "dma-read", "touch", "locate", "unmap"],
  dram: ["load", "stream", "fetch", "write", "traffic"],
  interconnect: ["cross"],
  translation: ["translate", "unmap"],
  copier: ["between", "memcpy"],
  bus: ["write", "visible", "read", "atomic", "store", "load", "interrupt"],
  interrupts: ["collect", "replenish", "by-queue"],
  link: ["traverse", "carry", "frame"],
  stack: ["receive", "send", "free"],
  socket: ["transmit"],
} as const;

export type Role = keyof typeof ROLE_OPERATIONS;

export const ROLES = Object.keys(ROLE_OPERATIONS) as readonly Role[];

/** Operations of a role; any text for an instance that a step's argument named, whose role is not known. */
export type RoleOperation<R extends Role | null> = null extends R ? string : R extends Role ? (typeof ROLE_OPERATIONS)[R][number] : never;
