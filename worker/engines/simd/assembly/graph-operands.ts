import { layoutStreams } from './memory';

/** The arena of graphs, and the operands of their instructions; see `graph.ts`. */

/** Where the arena begins; operands are bytes from there. */
export let arena: usize = 0;

/** Returns the end in bytes, as float64: the caller sees when it is beyond 2^32, and grows the memory. */
export function layoutGraph(bytes: f64): f64 {
  const start = Math.ceil(layoutStreams(Math.ceil(<f64>__heap_base / 64) * 64) / 64) * 64;
  arena = <usize>start;
  return start + bytes;
}

// @ts-ignore: decorator
@inline export const INSTRUCTION: usize = 64;

/** Operand k of an instruction: a number, or an address. */
// @ts-ignore: decorator
@inline export function number(p: usize, k: i32): i32 {
  return load<i32>(p + (<usize>(k + 1) << 2));
}
// @ts-ignore: decorator
@inline export function bytes(p: usize, k: i32): usize {
  return <usize>load<u32>(p + (<usize>(k + 1) << 2));
}
// @ts-ignore: decorator
@inline export function address(p: usize, k: i32): usize {
  return arena + bytes(p, k);
}
// @ts-ignore: decorator
@inline export function factor(p: usize, k: i32): v128 {
  return v128.load32_splat(p + (<usize>(k + 1) << 2));
}
