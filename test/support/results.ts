import { type Search, type SearchResult, stepSizesOf } from '../../shared/mod.ts';

type Divergence = NonNullable<SearchResult['divergence']>;

/** What a search finds that diverges at a rung: a result that passes as one of its task. */
export function searchResult(
  search: Search,
  rung: number,
  { iteration = 1, kind = 'infinity' }: Partial<Divergence> = {},
): SearchResult {
  return {
    stepSize: [...stepSizesOf(search)][rung],
    rung,
    trials: rung + 1,
    steps: rung * search.steps + iteration,
    end: 'diverged',
    divergence: { iteration, kind },
  };
}

/** What a search finds that no rung ends. */
export function ceilingResult(search: Search): SearchResult {
  const stepSizes = [...stepSizesOf(search)];
  const trials = stepSizes.length;
  const [stepSize] = stepSizes.slice(-1);
  return { stepSize, rung: trials - 1, trials, steps: trials * search.steps, end: 'ceiling', divergence: null };
}
