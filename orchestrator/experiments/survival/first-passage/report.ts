import { type GridValue, oneLine } from '../../../../shared/mod.ts';
import { keyHeading } from '../../../report/headings.ts';
import type { Layout, Records, Report } from '../../../report/mod.ts';
import { formatNumber, NONE } from '../../../report/numbers.ts';
import type { LawEntry } from './law.ts';

export type LawTable = {
  name: string;
  title: string;
  source: string | null;
  keys: readonly string[];
  /** of the sweep of survival */
  seed: number;
  entries: LawEntry[];
};

/** Predicted and measured, for every format. */
export const lawReport = (table: LawTable): Report => ({
  layout: () => layOut(table),
  records: () => records(table),
  json: () => json(table),
});

function layOut({ title, source, keys, seed, entries }: LawTable): Layout {
  const isMeasured = entries.some(({ measured }) => measured !== null);
  const head = [
    ...keys.map(keyHeading),
    'β',
    'predicted',
    '95 % CI',
    'sd',
    'median',
    'data share',
    ...(isMeasured ? ['measured', '± 95 %', 'n', 'D', 'p'] : []),
  ];
  const sameSeed = entries.some(({ measured }) => measured?.seed === seed);
  const coarse = [...new Set(entries.filter((entry) => entry.coarse).map(({ row }) => row.join(', ') || 'all'))];
  const unended = entries.some(({ prediction }) => prediction !== null && prediction.unended > 1e-9);
  return {
    title: oneLine(title),
    source: source === null ? null : oneLine(source),
    head,
    align: head.map(() => 'right'),
    body: entries.map(({ row, coarse, search, prediction, measured }) => [
      ...row.map((value) => oneLine(String(value))),
      String(search.growth),
      formatNumber(prediction?.mean ?? null),
      prediction === null || prediction.low === null
        ? NONE
        : `${formatNumber(prediction.low)} to ${formatNumber(prediction.high)}`,
      formatNumber(prediction?.sd ?? null),
      formatNumber(prediction?.median ?? null),
      formatNumber(prediction?.dataShare ?? null),
      ...(isMeasured
        ? [
            formatNumber(measured?.mean ?? null),
            formatNumber(measured?.ci95 ?? null, measured?.mean ?? null),
            measured === null ? NONE : String(measured.n),
            measured === null ? NONE : measured.distance.toFixed(3),
            measured === null || coarse ? NONE : measured.p.toFixed(3),
          ]
        : []),
    ]),
    notes: [
      'predicted: first passage of Algorithm 2, Pr(k) = P_k Π_{j<k} (1 − P_j) on each data set, averaged over data sets; 95 % CI of the mean: bootstrap over data sets, then initialisations',
      'data share: of the variance of the log step size at which it ends, the share between data sets; the rest is between initialisations',
      ...(isMeasured
        ? [
            'D, p: Kolmogorov and Smirnov, by simulation with the error of the prediction; a small p says that the law does not hold',
          ]
        : []),
      ...(sameSeed
        ? ['measured on data of the same seed, which the prediction knows: p is larger than on other data']
        : []),
      ...(coarse.length > 0
        ? [
            `the share jumps by more than half between two step sizes of the grid, so the prediction is as coarse as the grid, and there is no p (${coarse.join('; ')}): use a smaller factor in grid.stepSize`,
          ]
        : []),
      ...(unended
        ? ['a part of the searches passes the largest step size of the grid: extend grid.stepSize upward']
        : []),
      ...(entries.some(({ prediction }) => prediction === null) ? ['partial: step sizes lack trainings'] : []),
    ],
  };
}

function records({ keys, entries }: LawTable): Records {
  const predicted = ['growth', 'initialStepSize', 'mean', 'low', 'high', 'sd', 'median', 'dataShare', 'unended'];
  const measured = ['sweep', 'n', 'measuredMean', 'measuredSd', 'measuredCi95', 'distance', 'p'];
  const rows = entries.map(({ row, coarse, search, prediction: a, measured: b }) => {
    const ofPrediction = [a?.mean, a?.low, a?.high, a?.sd, a?.median, a?.dataShare, a?.unended];
    const numbers = [
      search.growth,
      search.initialStepSize,
      ...ofPrediction,
      b?.n,
      b?.mean,
      b?.sd,
      b?.ci95,
      b?.distance,
      b?.p,
    ];
    const shown = numbers.map((value) => (value === undefined || value === null ? null : significant(value)));
    return [...row, coarse, ...shown.slice(0, predicted.length), b?.name ?? null, ...shown.slice(predicted.length)];
  });
  return { columns: [...keys, 'coarse', ...predicted, ...measured], rows };
}

function json({ name, title, source, keys, seed, entries }: LawTable): string {
  const named = (row: readonly GridValue[]) => Object.fromEntries(keys.map((key, i) => [key, row[i]]));
  const document = {
    ...{ name, title, source, seed, rows: keys },
    entries: entries.map(({ row, ...rest }) => ({ row: named(row), ...rest })),
  };
  return `${JSON.stringify(document, (_, value) => (typeof value === 'number' ? significant(value) : value), 2)}\n`;
}

const significant = (value: number): number => Number(value.toPrecision(9));
