import { EdgesweepError, expand, type SearchSweep } from '../../shared/mod.ts';
import { readOutcomes, readSweep } from '../directory/mod.ts';
import type { AnyTable } from './formats.ts';
import { type Table, type TableOptions, tableRows } from './table.ts';
import { trajectoryTable } from './trajectory/mod.ts';

/**
 * The table of a sweep directory, from what is there.
 * @throws EdgesweepError what reading the directory throws; USAGE for a key or statistic that does not exist
 */
export async function readTable(directory: string, options: TableOptions = {}): Promise<AnyTable> {
  const sweep = await readSweep(directory);
  if (sweep.experiment === 'maximal-step-size') return readStepSizes(directory, options, sweep);
  if (options.stat !== undefined && options.stat.length > 0) {
    throw new EdgesweepError('USAGE', 'a table of trajectories has no statistics over runs', {
      where: '--stat',
      got: options.stat.join(', '),
      fix: 'leave --stat away: each run has a row of its own',
    });
  }
  return trajectoryTable(sweep, expand(sweep), readOutcomes(directory), options.by);
}

/** The table of the maximal step sizes of a directory, whose sweep was read. @throws as `readTable` */
export async function readStepSizes(directory: string, options: TableOptions, sweep: SearchSweep): Promise<Table> {
  return tableRows(sweep, expand(sweep), readOutcomes(directory), options);
}
