import { EdgesweepError } from '../../shared/mod.ts';

/** @throws EdgesweepError USAGE where statistics are asked for that a table of the experiment does not have */
export function refuseStatistics(stat: readonly string[], experiment: string): void {
  if (stat.length === 0) return;
  throw new EdgesweepError('USAGE', `a table of ${experiment} has no statistics to choose from`, {
    where: '--stat',
    got: stat.join(', '),
    fix: 'omit --stat',
  });
}
