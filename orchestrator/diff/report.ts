import { counted, type GridValue, oneLine } from '../../shared/mod.ts';
import { keyHeading, type Report } from '../report/mod.ts';
import { formatNumber, NONE } from '../report/numbers.ts';
import { onFewValues } from '../statistics.ts';
import type { Diff, DiffRow, Side } from './read.ts';
import type { Sample } from './welch.ts';

const FEW = '†';
const BOUND = '~';

export const diffReport = (diff: Diff): Report => ({
  layout: () => layOut(diff),
  records() {
    const sides = ['a', 'b'].flatMap((side) => ['n', 'mean', 'sd'].map((name) => `${side}.${name}`));
    return {
      columns: [...diff.keys, ...sides, 'difference', 'low', 'high', 'ratio', 'only', 'bounds'],
      rows: diff.rows.map(({ values, a, b, comparison, only, bounds }) => [
        ...values,
        ...[a, b].flatMap((side) => [side?.n ?? 0, side?.mean ?? null, side?.sd ?? null]),
        comparison?.difference ?? null,
        comparison?.low ?? null,
        comparison?.high ?? null,
        comparison?.ratio ?? null,
        only,
        bounds,
      ]),
    };
  },
  json() {
    const { rows, ...rest } = diff;
    const cells = rows.map(({ values, a, b, comparison, only, bounds }) => ({
      cell: Object.fromEntries(diff.keys.map((key, i) => [key, values[i]])),
      a: statisticsOf(a),
      b: statisticsOf(b),
      ...(comparison ?? { difference: null, ratio: null, low: null, high: null }),
      only,
      bounds,
    }));
    return `${JSON.stringify({ ...rest, cells })}\n`;
  },
});

const statisticsOf = (side: Sample | null) =>
  side === null ? { n: 0, mean: null, sd: null } : { n: side.n, mean: side.mean, sd: side.sd };

const shown = (value: GridValue): string =>
  oneLine(String(typeof value === 'number' ? Number(value.toPrecision(6)) : value));

function layOut({ measure, keys, a, b, rows, differing }: Diff) {
  const right = 'right' as const;
  return {
    title: oneLine(`${measure}: ${a.directory} (a) and ${b.directory} (b)`),
    source: null,
    head: [...keys.map(keyHeading), 'a', 'b', 'n', 'b - a', '95 % CI', 'b / a'],
    align: [...keys.map(() => right), right, right, right, right, right, right],
    body: rows.map((row) => [...row.values.map(shown), ...fieldsOf(row)]),
    notes: notesOf(rows, [a, b], differing),
  };
}

const isFew = ({ a, b }: DiffRow): boolean => [a, b].some((side) => side !== null && onFewValues(side.values, side.n));

function fieldsOf(row: DiffRow): string[] {
  const { a, b, comparison, bounds } = row;
  const mean = (side: Sample | null) => formatNumber(side?.mean ?? null);
  const counts = `${a?.n ?? 0}, ${b?.n ?? 0}`;
  if (comparison === null) return [mean(a), mean(b), counts, NONE, NONE, NONE];
  const { difference, low, high, ratio } = comparison;
  const marks = `${bounds > 0 ? BOUND : ''}${isFew(row) ? FEW : ''}`;
  const interval = low === null ? NONE : `${formatNumber(low)} to ${formatNumber(high)}${marks}`;
  return [mean(a), mean(b), counts, formatNumber(difference), interval, formatNumber(ratio)];
}

function notesOf(rows: readonly DiffRow[], sides: readonly [Side, Side], differing: Diff['differing']): string[] {
  const onlyIn = (side: 'a' | 'b') => rows.filter(({ only }) => only === side).length;
  const cells = (count: number) => counted(count, 'row is', 'rows are');
  return [
    'b - a: difference of the means, with its 95 % confidence interval by Welch',
    ...sides
      .filter(({ done, total }) => done < total)
      .map(({ directory, done, total }) => `partial: ${directory} has ${done} of ${counted(total, 'task')}`),
    ...(['a', 'b'] as const).flatMap((side) => (onlyIn(side) > 0 ? [`${cells(onlyIn(side))} only in ${side}`] : [])),
    ...(rows.some(isFew) ? [`${FEW} the runs share so few values that the interval is rough`] : []),
    ...(rows.some(({ bounds }) => bounds > 0) ? [`${BOUND} some runs only bound the value`] : []),
    ...differing.map(({ name, a, b }) => `differs: ${name}: ${a === '' ? NONE : a} (a), ${b === '' ? NONE : b} (b)`),
  ].map(oneLine);
}
