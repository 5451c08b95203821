import { createHash } from 'node:crypto';
import canonicalizeModule from 'canonicalize';
import type { Cell, Task } from '../task.ts';

// the package is CommonJS and exports the function itself; its declaration says otherwise
const canonicalize = canonicalizeModule as unknown as (value: object) => string;

const keys = new WeakMap<Cell, string>();

/** Canonical JSON of a cell: equal for equal cells, whatever the order of their keys. Cells are never changed, so it is kept. */
export function cellKey(cell: Cell): string {
  let key = keys.get(cell);
  if (key === undefined) {
    key = canonicalize(cell);
    keys.set(cell, key);
  }
  return key;
}

/**
 * The first 128 bits, in hexadecimal, of the SHA-256 of the canonical JSON (RFC 8785) of everything in a task but its
 * id. The sweep's name and the cell's place in it are not part of it, so another sweep with the same cell shares its tasks.
 */
export function taskId({ experiment, cell, run, seed, numerics }: Omit<Task, 'id'>): string {
  // "cell" comes first among the sorted keys, so that its text can be kept for all tasks of the cell
  const rest = canonicalize({ experiment, run, seed, numerics });
  const text = `{"cell":${cellKey(cell)},${rest.slice(1)}`;
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
