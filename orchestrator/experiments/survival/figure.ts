import type { TopLevelSpec } from 'vega-lite';
import { expand, type SweepNamed } from '../../../shared/sweep/mod.ts';
import { settle } from '../../adaptive/mod.ts';
import { readOutcomes } from '../../directory/mod.ts';
import { headingOf, partialNote } from '../../figure/heading.ts';
import { type DrawOptions, onlySweep } from '../../figure/mod.ts';
import { COLORS, CONFIG, LINE_WIDTH, SCHEMA, wrapped } from '../../figure/style.ts';
import { keyHeading } from '../../report/headings.ts';
import { readSearches, type SearchRuns } from './searches.ts';
import { probability } from './statistics/logistic.ts';
import { type SurvivalEntry, type SurvivalTable, survivalTable } from './table.ts';

const SIZE = { width: 480, height: 300 };
/** Letters of the title and of a line below it that fit above the figure. */
const LETTERS = { title: 50, subtitle: 78 };
/** Places at which a curve is drawn. */
const PLACES = 120;

/** The probability of divergence against the step size: shares with their bands, and a curve for each combination of the other keys. */
export async function drawSurvival(
  directories: readonly string[],
  sweeps: readonly SweepNamed<'survival'>[],
  { title, ...options }: DrawOptions,
): Promise<TopLevelSpec> {
  const { by, against = [] } = options;
  const sweep = onlySweep(directories, sweeps, options, {
    taken: ['by', 'against'],
    layout: 'a figure of survival has the step size along x, and one line for each combination of the other keys',
  });
  const { expansion, outcomes } = await settle(sweep, expand(sweep), readOutcomes(directories[0]));
  const table = await survivalTable(sweep, expansion, outcomes, { by: by ?? [] });
  return specification({ ...table, title: title ?? table.title }, await readSearches(against));
}

/** What each part of the figure is drawn from, as far as it is there. */
export function specification(table: SurvivalTable, searches: readonly SearchRuns[]): TopLevelSpec {
  const { title, source, tasks, entries, horizons, keys } = table;
  const nameOf = ({ row, steps }: SurvivalEntry): string =>
    [...row.map(String), ...(horizons.length > 1 ? [`${steps} steps`] : [])].join(', ');
  const shares = entries.flatMap((entry) =>
    entry.points.filter(({ share }) => share !== null).map((point) => ({ line: nameOf(entry), ...point })),
  );
  const curves = entries.flatMap((entry) => curveOf(entry).map((point) => ({ line: nameOf(entry), ...point })));
  const paper = entries.flatMap((entry) =>
    entry.paper === null ? [] : [{ line: nameOf(entry), stepSize: entry.paper }],
  );
  const ends = entries.flatMap((entry) =>
    searches
      .filter(({ training, search }) => training === entry.training && search.steps === entry.steps)
      .flatMap((runs, i) =>
        endsOf(runs).map((point) => ({ line: nameOf(entry), series: `${nameOf(entry)} ${i}`, ...point })),
      ),
  );
  const lines = entries.map(nameOf);
  const domain = { domain: lines, range: lines.map((_, i) => COLORS[i % COLORS.length]) };
  const color = {
    field: 'line',
    type: 'nominal',
    sort: lines,
    scale: domain,
    title: keys.map(keyHeading).join(', ') || null,
  };
  const x = {
    field: 'stepSize',
    type: 'quantitative',
    scale: { type: 'log', nice: false, padding: 8 },
    title: 'step size',
  };
  const y = { field: 'share', type: 'quantitative', scale: { domain: [0, 1] }, title: 'probability of divergence' };
  const layer = (values: readonly object[], mark: object, encoding: object): unknown[] =>
    values.length === 0
      ? []
      : [{ data: { values }, mark, encoding: { x, ...(lines.length > 1 && { color }), ...encoding } }];
  return {
    $schema: SCHEMA,
    title: headingOf(
      title,
      source,
      [...partialNote(tasks), ...wrapped(legend({ curves, paper, ends }), LETTERS.subtitle)],
      LETTERS.title,
    ),
    ...SIZE,
    layer: [
      ...layer(shares, { type: 'area', opacity: 0.16 }, { y: { ...y, field: 'low' }, y2: { field: 'high' } }),
      ...layer(paper, { type: 'rule', strokeDash: [6, 3], strokeWidth: 1.25, opacity: 0.8 }, {}),
      ...layer(
        ends,
        { type: 'line', interpolate: 'step-after', strokeDash: [1, 2], strokeWidth: 1.25 },
        { y, detail: { field: 'series' } },
      ),
      ...layer(curves, { type: 'line', strokeWidth: LINE_WIDTH }, { y }),
      ...layer(shares, { type: 'point', filled: true, size: 18, opacity: 1 }, { y }),
    ],
    config: CONFIG,
  } as unknown as TopLevelSpec;
}

function legend({ curves, paper, ends }: Record<'curves' | 'paper' | 'ends', readonly object[]>): string {
  return [
    "points and bands: shares, Wilson's 95 % intervals",
    ...(curves.length > 0 ? ['solid: logistic curve'] : []),
    ...(paper.length > 0 ? ["dashed: the paper's mean (Algorithm 2)"] : []),
    ...(ends.length > 0 ? ['dotted: share of runs of Algorithm 2 that have ended'] : []),
  ].join('; ');
}

function curveOf({ fit, points }: SurvivalEntry): { stepSize: number; share: number }[] {
  if (fit.kind !== 'curve') return [];
  const [first, last] = [points[0].stepSize, points[points.length - 1].stepSize];
  return Array.from({ length: PLACES }, (_, i) => {
    const stepSize = first * (last / first) ** (i / (PLACES - 1));
    return { stepSize, share: probability(fit, stepSize) };
  });
}

/** The share of runs of a search that have ended up to each step size at which one did; those at the ceiling have not. */
function endsOf({ results }: SearchRuns): { stepSize: number; share: number }[] {
  const ended = results.filter(({ end }) => end === 'diverged').map(({ stepSize }) => stepSize);
  const sorted = ended.sort((a, b) => a - b);
  const points = sorted.map((stepSize, i) => ({ stepSize, share: (i + 1) / results.length }));
  return sorted.length === 0 ? [] : [{ stepSize: sorted[0], share: 0 }, ...points];
}
