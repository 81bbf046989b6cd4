/** Hand-made pcapng bytes, independent of the writer under test. */
export interface Order {
  readonly bigEndian?: boolean;
}

export function u16(value: number, order: Order = {}): number[] {
  const bytes = [value & 0xff, (value >>> 8) & 0xff];
  return order.bigEndian === true ? bytes.reverse() : bytes;
}

export function u32(value: number, order: Order = {}): number[] {
  const bytes = [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, (value >>> 24) & 0xff];
  return order.bigEndian === true ? bytes.reverse() : bytes;
}

export function u64(value: bigint, order: Order = {}): number[] {
  const low = Number(BigInt.asUintN(32, value));
  const high = Number(BigInt.asUintN(32, value >> 32n));
  return order.bigEndian === true ? [...u32(high, order), ...u32(low, order)] : [...u32(low, order), ...u32(high, order)];
}

export function padded(bytes: readonly number[]): number[] {
  return [...bytes, ...new Array<number>((4 - (bytes.length % 4)) % 4).fill(0)];
}

export function block(kind: number, body: readonly number[], order: Order = {}): number[] {
  const length = body.length + 12;
  return [...u32(kind, order), ...u32(length, order), ...body, ...u32(length, order)];
}

export function option(code: number, value: readonly number[], order: Order = {}): number[] {
  return [...u16(code, order), ...u16(value.length, order), ...padded(value)];
}

export function section(order: Order = {}, major = 1): number[] {
  return block(0x0a0d0d0a, [...u32(0x1a2b3c4d, order), ...u16(major, order), ...u16(0, order), ...u64(-1n, order)], order);
}

export function interfaceBlock(order: Order = {}, snapLength = 0, options: readonly number[] = []): number[] {
  return block(1, [...u16(1, order), ...u16(0, order), ...u32(snapLength, order), ...options], order);
}

/** The two halves of a packet's time, high half first in either byte order. */
function time(ticks: bigint, order: Order): number[] {
  return [...u32(Number(ticks >> 32n), order), ...u32(Number(ticks & 0xffff_ffffn), order)];
}

export function enhancedPacket(ticks: bigint, data: readonly number[], order: Order = {}, interfaceId = 0): number[] {
  return block(6, [...u32(interfaceId, order), ...time(ticks, order), ...u32(data.length, order), ...u32(data.length, order), ...padded(data)], order);
}

export function obsoletePacket(ticks: bigint, data: readonly number[], order: Order = {}): number[] {
  return block(2, [...u16(0, order), ...u16(7, order), ...time(ticks, order), ...u32(data.length, order), ...u32(data.length, order), ...padded(data)], order);
}

export function simplePacket(originalBytes: number, data: readonly number[], order: Order = {}): number[] {
  return block(3, [...u32(originalBytes, order), ...padded(data)], order);
}
