import { createHash } from 'node:crypto';
import { cellKey, numericsOf } from '../mod.ts';
import type { Expansion, Sweep } from '../sweep/mod.ts';

/**
 * Names a sweep on the cluster: its name and a hash of what its tasks are, so that two sweeps of one name that differ in a parameter
 * do not mix, and the same sweep from two directories is one.
 */
export function sweepKey(sweep: Sweep, expansion: Expansion): string {
  const hash = createHash('sha256');
  const { experiment, seed, shard } = sweep;
  hash.update(
    JSON.stringify([numericsOf(sweep), experiment, seed, expansion.runs, ...(shard === undefined ? [] : [shard])]),
  );
  for (const cell of expansion.cells) hash.update(cellKey(cell));
  return `${sweep.name.replaceAll('.', '_')}-${hash.digest('hex').slice(0, 12)}`;
}
