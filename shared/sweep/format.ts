import { stringify } from 'yaml';
import type { Sweep } from './experiments/mod.ts';

/** The resolved sweep as a sweep file, which loads to an equal sweep. */
export function formatSweep(sweep: Sweep): string {
  return stringify(sweep, { lineWidth: 0, aliasDuplicateObjects: false });
}
