import { EdgesweepError, keyName, type Search } from '../../../../shared/mod.ts';
import { expand, type SweepNamed } from '../../../../shared/sweep/mod.ts';
import { settle } from '../../../adaptive/mod.ts';
import { readOutcomes, readSweep } from '../../../directory/mod.ts';
import type { Report } from '../../../report/mod.ts';
import { type Curve, collectCurves } from '../curves.ts';
import { readSearches, type SearchRuns } from '../searches.ts';
import { STEP_SIZE } from '../table.ts';
import { type LawEntry, lawEntry } from './law.ts';
import { lawReport } from './report.ts';

export type LawOptions = {
  /** directories of maximal step sizes */
  against: readonly string[];
  /** ratios of consecutive step sizes to predict for */
  growth: readonly number[];
  /** step size of rung 0 of these; default: that of the runs beside, or the smallest of the grid */
  from: number | undefined;
  /** keys of the rows; default: those of the sweep */
  by: readonly string[];
};

/**
 * Where Algorithm 2 ends on ladders, predicted from the probabilities of divergence of a sweep of survival, beside runs of it.
 * @throws EdgesweepError USAGE for a directory of another experiment, no ladder, or runs that train something else
 */
export async function firstPassage(directory: string, options: LawOptions): Promise<Report> {
  const sweep = await readSurvival(directory);
  const searches = await readSearches(options.against);
  if (searches.length === 0 && options.growth.length === 0) {
    throw new EdgesweepError('USAGE', 'no ladder to predict for', {
      where: directory,
      expected: '--growth, or --against with directories of maximal step sizes',
      got: 'neither',
      fix: 'for instance --growth 1.05,1.01',
    });
  }
  const keys = (options.by.length === 0 ? sweep.table.rows : options.by).filter((key) => keyName(key) !== STEP_SIZE);
  const longest = expand(sweep).cells[0].survival.steps;
  const horizons = [...new Set([longest, ...searches.map(({ search }) => search.steps)])].filter((t) => t <= longest);
  const { expansion, outcomes } = await settle(sweep, expand(sweep), readOutcomes(directory));
  const { curves } = await collectCurves(sweep, expansion, outcomes, keys, horizons);
  const entries = curves.flatMap((curve) => entriesOf(curve, searches, options, sweep.seed, curve.steps === longest));
  if (searches.length > 0 && entries.every(({ measured }) => measured === null)) throw nothingInCommon(options.against);
  const { name, title, source = null, seed } = sweep;
  return lawReport({ name, title: `${title}: first passage of Algorithm 2`, source, keys, seed, entries });
}

/** The runs that train what the curve does, then the ladders that were asked for. */
function entriesOf(
  curve: Curve,
  searches: readonly SearchRuns[],
  { growth, from }: LawOptions,
  seed: number,
  isLongest: boolean,
): LawEntry[] {
  const beside = searches.filter(({ training, search }) => training === curve.training && search.steps === curve.steps);
  const measured = beside.map((runs) => lawEntry(curve, runs.search, runs, seed));
  const initialStepSize = from ?? beside[0]?.search.initialStepSize ?? curve.stepSizes[0];
  const isMeasured = (ratio: number) =>
    beside.some(({ search }) => search.growth === ratio && search.initialStepSize === initialStepSize);
  const asked = isLongest || beside.length > 0 ? growth.filter((ratio) => !isMeasured(ratio)) : [];
  const ceiling = Math.max(initialStepSize, 2 * curve.stepSizes[curve.stepSizes.length - 1]);
  const predicted = asked.map((ratio) => {
    const search: Search = { initialStepSize, growth: ratio, steps: curve.steps, ceiling };
    return lawEntry(curve, search, undefined, seed);
  });
  return [...measured, ...predicted];
}

async function readSurvival(directory: string): Promise<SweepNamed<'survival'>> {
  const sweep = await readSweep(directory);
  if (sweep.experiment === 'survival') return sweep;
  throw new EdgesweepError('USAGE', 'this is not a sweep of survival', {
    where: directory,
    expected: 'experiment survival',
    got: `experiment ${sweep.experiment}`,
    fix: 'name the directory of a sweep such as survival-4.1; runs of Algorithm 2 go after --against',
  });
}

const nothingInCommon = (against: readonly string[]) =>
  new EdgesweepError('USAGE', 'no runs beside train what a curve of the sweep trains', {
    where: `--against ${against.join(',')}`,
    expected: 'the same networks, data, criterion, and no more steps',
    got: 'other ones',
    fix: 'compare the two sweep.yaml; with --by, name all keys that take several values',
  });
