import { hash } from 'node:crypto';
import { canonicalize } from './canonical.ts';
import type { Cell } from './experiments/mod.ts';
import type { Task } from './task.ts';

const keys = new WeakMap<Cell, string>();

/** Canonical JSON of a cell: equal for equal cells, whatever the order of their keys. Cells are never changed, so it is kept. */
export function cellKey(cell: Cell): string {
  let key = keys.get(cell);
  if (key === undefined) {
    // one piece of memory: pieces that were joined would stay apart, at several times the size
    key = Buffer.from(canonicalize(cell), 'utf16le').toString('utf16le');
    keys.set(cell, key);
  }
  return key;
}

/**
 * The first 128 bits, in hexadecimal, of the SHA-256 of the canonical JSON (RFC 8785) of everything in a task but its
 * id. The sweep's name and the cell's place in it are not part of it, so another sweep with the same cell shares its tasks.
 */
export function taskId({ experiment, cell, run, seed, numerics }: Omit<Task, 'id'>): string {
  // the canonical JSON of five keys, in their order; the cell's text is kept for all its tasks
  const rest = `"experiment":${JSON.stringify(experiment)},"numerics":${JSON.stringify(numerics)},"run":${run},"seed":${seed}`;
  return hash('sha256', `{"cell":${cellKey(cell)},${rest}}`, 'hex').slice(0, 32);
}
