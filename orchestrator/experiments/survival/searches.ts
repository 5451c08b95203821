import { EdgesweepError, isOutcomeOf, type Search, type SearchCell, type SearchResult } from '../../../shared/mod.ts';
import { expand, membersOf, type SearchSweep } from '../../../shared/sweep/mod.ts';
import { settle } from '../../adaptive/mod.ts';
import { readOutcomes, readSweep } from '../../directory/mod.ts';
import { trainingOf } from './training.ts';

/** Runs of Algorithm 2 of one cell. */
export type SearchRuns = {
  /** of the sweep */
  name: string;
  seed: number;
  search: Search;
  /** what is trained, see `trainingOf` */
  training: string;
  results: SearchResult[];
};

/**
 * The runs of sweeps of maximal step sizes, by cell.
 * @throws EdgesweepError USAGE for a sweep of another experiment; what reading a directory throws
 */
export async function readSearches(directories: readonly string[]): Promise<SearchRuns[]> {
  const all: SearchRuns[] = [];
  for (const directory of directories) {
    const sweep = await readSweep(directory);
    if (sweep.experiment !== 'maximal-step-size') {
      throw new EdgesweepError('USAGE', 'this is not a sweep of maximal step sizes', {
        where: directory,
        expected: 'experiment maximal-step-size',
        got: `experiment ${sweep.experiment}`,
        fix: 'name the directory of a sweep such as table-4.1',
      });
    }
    for (const runs of await runsOf(directory, sweep)) all.push(runs);
  }
  return all;
}

async function runsOf(directory: string, sweep: SearchSweep): Promise<SearchRuns[]> {
  const expansion = expand(sweep);
  const { name, seed } = sweep;
  const byCell = expansion.cells.map(
    (cell: SearchCell): SearchRuns => ({ name, seed, search: cell.search, training: trainingOf(cell), results: [] }),
  );
  const cellOf = membersOf(expansion);
  const { outcomes } = await settle(sweep, expansion, readOutcomes(directory));
  for await (const outcome of outcomes) {
    if (!isOutcomeOf(outcome, 'maximal-step-size')) continue;
    const index = cellOf(outcome.task);
    if (index !== undefined) byCell[index].results.push(outcome.result);
  }
  return byCell;
}
