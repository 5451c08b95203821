import { EdgesweepError } from './errors.ts';
import {
  CELL_KEYS,
  type Cell,
  DATASET_KEYS,
  describeCell,
  describeKeys,
  type GridValue,
  isParameterKey,
  keysOfCells,
  reader,
  usualOf,
} from './experiments/mod.ts';
import { nearest } from './nearest.ts';

/** Short forms: the last part of the keys with a dot, none of which is a key of its own. */
export const SHORT_KEYS: readonly string[] = DATASET_KEYS;

/** `dataset.examples` for `examples`; any other key is returned as it is. */
export const fullKey = (key: string): string => (SHORT_KEYS.includes(key) ? `dataset.${key}` : key);

/**
 * The value of a cell at a key such as `activation`, `dataset.examples` or, in short, `examples`.
 * @throws EdgesweepError USAGE for an unknown key
 */
export function cellValue(cell: Cell, key: string): GridValue {
  return reader(keyName(key))(cell);
}

/**
 * The full key that is meant by a key such as `activation`, `dataset.examples` or, in short, `examples`.
 * @throws EdgesweepError USAGE for an unknown key
 */
export function keyName(key: string): string {
  const full = fullKey(key);
  if (CELL_KEYS.includes(full) || isParameterKey(full)) return full;
  const meant = nearest(key, [...CELL_KEYS, ...SHORT_KEYS]);
  throw new EdgesweepError('USAGE', `unknown grid key \`${key}\``, {
    expected: `one of ${CELL_KEYS.join(', ')}`,
    got: key,
    fix: meant === undefined ? 'use one of these keys' : `did you mean \`${meant}\`?`,
  });
}

/** The keys that take more than one value over these cells. */
export function varyingKeys(cells: readonly Cell[]): string[] {
  return keysOfCells(cells).filter((key) => {
    const read = reader(key);
    return cells.some((cell) => read(cell) !== read(cells[0]));
  });
}

/** The cells in a line each: what they have in common stands once. A single cell is described whole. */
export function describeCells(cells: readonly Cell[]): { common: string; each(cell: Cell): string } {
  const varying = new Set(varyingKeys(cells));
  if (varying.size === 0) return { common: '', each: describeCell };
  const [first] = cells;
  const usual = usualOf(first);
  const common = describeKeys(first, (key, value) => !varying.has(key) && value !== usual[key]);
  return { common, each: (cell) => describeKeys(cell, (key) => varying.has(key)) };
}
