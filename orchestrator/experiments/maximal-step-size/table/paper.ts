import type { Cell } from '../../../../shared/mod.ts';
import { type SearchSweep, tableKey } from '../../../../shared/sweep/mod.ts';

/**
 * The paper's value for the cells of an entry. An entry has one only where it holds all the cells that the sweep file gives
 * the value for and no others, so that regrouping (`--by`) never sets a number beside one that means something else.
 */
export function paperValues(
  { table }: SearchSweep,
  cells: readonly Cell[],
): (members: readonly Cell[]) => number | null {
  const { paper } = table;
  if (paper === undefined) return () => null;
  const counts = new Map<string, number>();
  for (const cell of cells) {
    const key = tableKey(cell, table);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return (members) => {
    const key = tableKey(members[0], table);
    const whole = members.length === counts.get(key) && members.every((cell) => tableKey(cell, table) === key);
    return whole && Object.hasOwn(paper, key) ? paper[key] : null;
  };
}
