import { expand } from '../../shared/mod.ts';
import { readOutcomes, readSweep } from '../directory/mod.ts';
import { type Table, type TableOptions, tableRows } from './table.ts';

/**
 * The table of a sweep directory, from what is there.
 * @throws EdgesweepError what reading the directory throws; USAGE for a key or statistic that does not exist
 */
export async function readTable(directory: string, options: TableOptions = {}): Promise<Table> {
  const sweep = await readSweep(directory);
  return tableRows(sweep, expand(sweep), readOutcomes(directory), options);
}
