import { counted, type GridValue, oneLine } from '../../../shared/mod.ts';
import { isAdaptive } from '../../../shared/sweep/mod.ts';
import { keyHeading } from '../../report/headings.ts';
import type { Layout, Records, Report } from '../../report/mod.ts';
import { formatNumber, NONE } from '../../report/numbers.ts';
import { runsNotes } from '../../report/runs.ts';
import { MISFIT, QUANTILES, type Quantile, type Quantiles, quantilesOf } from './statistics/estimate.ts';
import type { Fit } from './statistics/logistic.ts';
import type { Spread } from './statistics/spread.ts';
import { STEP_SIZE, type SurvivalEntry, type SurvivalTable } from './table.ts';

/** The table for every format. */
export const survivalReport = (table: SurvivalTable): Report => ({
  layout: () => layOut(table),
  records: () => (table.byStepSize ? pointRecords(table) : curveRecords(table)),
  json: () => json(table),
});

/** A range multiplies step sizes up: six digits tell them apart. */
const shown = (value: GridValue): string =>
  oneLine(String(typeof value === 'number' ? Number(value.toPrecision(6)) : value));

const isSeveral = ({ horizons }: SurvivalTable): boolean => horizons.length > 1;
const headOf = (table: SurvivalTable): string[] => [...table.keys, ...(isSeveral(table) ? ['steps'] : [])];
const rowOf = (table: SurvivalTable, { row, steps }: SurvivalEntry): GridValue[] => [
  ...row,
  ...(isSeveral(table) ? [steps] : []),
];

function layOut(table: SurvivalTable): Layout {
  const { title, source } = table;
  const { head, body } = table.byStepSize ? points(table) : curves(table);
  const keys = headOf(table).map(keyHeading);
  return {
    title: oneLine(title),
    source: source === null ? null : oneLine(source),
    head: [...keys, ...head],
    align: [...keys, ...head].map(() => 'right' as const),
    body,
    notes: notes(table),
  };
}

type Columns = Pick<Layout, 'head' | 'body'>;

function points(table: SurvivalTable): Columns {
  return {
    head: ['step size', 'diverged', 'n', 'share', '95 % band'],
    body: table.entries.flatMap((entry) =>
      entry.points.map(({ stepSize, asked, trained, diverged, share, low, high }) => [
        ...rowOf(table, entry).map(shown),
        shown(stepSize),
        String(diverged),
        `${trained} of ${asked}`,
        formatNumber(share),
        low === null || high === null ? NONE : `${low.toFixed(4)} to ${high.toFixed(4)}`,
      ]),
    ),
  };
}

function curves(table: SurvivalTable): Columns {
  const hasPaper = table.entries.some(({ paper }) => paper !== null);
  return {
    head: ['η05', 'η50', '95 % CI', 'η95', 'data share', 'n', ...(hasPaper ? ['paper'] : [])],
    body: table.entries.map((entry) => {
      const { points: all, spread, paper } = entry;
      const [trained, asked] = [sum(all.map((point) => point.trained)), sum(all.map((point) => point.asked))];
      return [
        ...rowOf(table, entry).map(shown),
        quantileText(entry, 'eta05'),
        quantileText(entry, 'eta50'),
        intervalText(quantilesOf(entry).eta50),
        quantileText(entry, 'eta95'),
        spread === null ? NONE : formatNumber(dataShare(spread)),
        `${trained} of ${asked}`,
        ...(hasPaper ? [formatNumber(paper)] : []),
      ];
    }),
  };
}

const MARK = '†';

const misses = ({ misfit }: SurvivalEntry): boolean => misfit !== null && misfit > MISFIT;

/** Where there is no finite answer, the bound. */
function quantileText(entry: SurvivalEntry, name: Quantile): string {
  const { fit, points: all } = entry;
  switch (fit.kind) {
    case 'curve': {
      if (!misses(entry)) return formatNumber(entry.onCurve[name].value);
      const { value } = entry.onShares[name];
      return `${MARK} ${value === null ? `> ${shown(all[all.length - 1].stepSize)}` : formatNumber(value)}`;
    }
    case 'never':
      return `> ${shown(fit.above)}`;
    case 'always':
      return `< ${shown(fit.below)}`;
    case 'step':
      return `${shown(fit.low)} to ${shown(fit.high)}`;
    default:
      return NONE;
  }
}

const intervalText = ({ low, high }: Quantiles[Quantile]): string =>
  low === null && high === null ? NONE : `${formatNumber(low)} to ${formatNumber(high)}`;

/** Of the variance of a training's own threshold, what the data contribute. */
const dataShare = ({ between, within }: Spread): number => Number((between / (between + within)).toPrecision(9));

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const REASONS: Partial<Record<Fit['kind'], string>> = {
  never:
    'no curve: (almost) no training diverges, up to the largest step size; the bound is shown; extend grid.stepSize upward',
  always:
    'no curve: (almost) every training diverges, down to the smallest step size; the bound is shown; extend grid.stepSize downward',
  step: 'no curve: the share jumps from 0 to 1 between two step sizes, which are shown; use a smaller factor in grid.stepSize',
  falling: 'no curve: the share does not rise with the step size; see the shares: --by stepSize',
  point: 'no curve: a single step size has a share only: --by stepSize',
};

function notes(table: SurvivalTable): string[] {
  const { tasks, entries, byStepSize, runs } = table;
  const nameOf = (entry: SurvivalEntry) => rowOf(table, entry).map(shown).join(', ');
  const told = (text: string, those: readonly SurvivalEntry[]) => {
    const names = those.map(nameOf).filter((name) => name !== '');
    return names.length === 0 || entries.length === 1 ? text : `${text} (${names.join('; ')})`;
  };
  const bounded = Object.entries(REASONS).flatMap(([kind, text]) => {
    const those = entries.filter(({ fit }) => fit.kind === kind);
    return those.length === 0 ? [] : [told(text, those)];
  });
  const missed = entries.filter(misses);
  return [
    ...(tasks.done < tasks.total ? [`partial: ${tasks.done} of ${counted(tasks.total, 'task')}`] : []),
    ...runsNotes(
      runs,
      entries.map(({ stop }) => stop),
      'η50',
    ),
    ...(byStepSize
      ? ["95 % band: Wilson's interval, which takes all trainings for independent"]
      : [
          'η05, η50, η95: step sizes at which 5, 50 and 95 % of trainings diverge, by a logistic curve in log η; 95 % CI of η50: bootstrap over data sets, then initialisations',
          "data share: of the variance of a training's log threshold, the share between data sets; the rest is between initialisations",
          ...bounded,
          ...(missed.length === 0
            ? []
            : [
                told(
                  `${MARK} the curve misses a share by more than ${MISFIT}, so the step sizes are read off the shares, made to rise: --by stepSize`,
                  missed,
                ),
              ]),
          ...(entries.some(({ paper }) => paper !== null)
            ? ['paper: mean of Algorithm 2, which is no point of the curve: edgesweep first-passage ties the two']
            : []),
        ]),
  ];
}

function pointRecords(table: SurvivalTable): Records {
  const columns = [...headOf(table), STEP_SIZE, 'asked', 'trained', 'diverged', 'share', 'low', 'high'];
  const rows = table.entries.flatMap((entry) =>
    entry.points.map(({ stepSize, asked, trained, diverged, share, low, high }) => [
      ...rowOf(table, entry),
      ...[stepSize, asked, trained, diverged, share, low, high],
    ]),
  );
  return { columns, rows };
}

function curveRecords(table: SurvivalTable): Records {
  const stops = isAdaptive(table.runs);
  const columns = [
    ...headOf(table),
    'fit',
    ...['', 'Shares'].flatMap((by) => QUANTILES.flatMap((name) => [name + by, `${name}${by}Low`, `${name}${by}High`])),
    ...['slope', 'atLeast', 'atMost', 'between', 'within', 'misfit', 'dataSets', 'trained', 'paper'],
    ...(stops ? ['stop'] : []),
  ];
  const rows = table.entries.map((entry) => {
    const { fit, spread, points: all } = entry;
    const { atLeast, atMost } = bounds(fit);
    return [
      ...rowOf(table, entry),
      fit.kind,
      ...[entry.onCurve, entry.onShares].flatMap((quantiles) =>
        QUANTILES.flatMap((name) => [quantiles[name].value, quantiles[name].low, quantiles[name].high]),
      ),
      ...[
        fit.kind === 'curve' ? fit.slope : null,
        atLeast,
        atMost,
        spread?.between ?? null,
        spread?.within ?? null,
        entry.misfit,
      ],
      ...[entry.dataSets, sum(all.map(({ trained }) => trained)), entry.paper],
      ...(stops ? [entry.stop ?? null] : []),
    ];
  });
  return { columns, rows };
}

/** What is known of η50 where there is no curve. */
function bounds(fit: Fit): { atLeast: number | null; atMost: number | null } {
  const atLeast = fit.kind === 'never' ? fit.above : fit.kind === 'step' ? fit.low : null;
  const atMost = fit.kind === 'always' ? fit.below : fit.kind === 'step' ? fit.high : null;
  return { atLeast, atMost };
}

function json(table: SurvivalTable): string {
  const { name, title, source, keys, horizons, tasks } = table;
  const entries = table.entries.map(({ row, ...entry }) => ({
    row: Object.fromEntries(keys.map((key, i) => [key, row[i]])),
    steps: entry.steps,
    fit: { ...entry.fit, ...bounds(entry.fit) },
    onCurve: entry.onCurve,
    onShares: entry.onShares,
    spread: entry.spread === null ? null : { ...entry.spread, dataShare: dataShare(entry.spread) },
    misfit: entry.misfit,
    dataSets: entry.dataSets,
    paper: entry.paper,
    ...(entry.stop !== undefined && { stop: entry.stop }),
    points: entry.points,
  }));
  const document = { name, title, source, tasks, rows: keys, horizons, entries };
  return `${JSON.stringify(document, (_, value) => (typeof value === 'number' ? significant(value) : value), 2)}\n`;
}

const significant = (value: number): number => Number(value.toPrecision(9));
