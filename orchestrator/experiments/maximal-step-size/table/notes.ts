import { counted } from '../../../../shared/mod.ts';
import type { Statistic } from '../../../../shared/sweep/mod.ts';
import { entrySeparator, keyHeading, STATISTIC_HEADINGS } from '../../../report/headings.ts';
import { runsNotes } from '../../../report/runs.ts';
import { type Entry, isRough, ROUGH, type Table } from './table.ts';

/** Values listed of a pooled key; of more than these their number is told. */
const LISTED_VALUES = 12;

/** What a reader has to know beside the numbers, a line each. */
export function notes(table: Table, shown: readonly Statistic[]): string[] {
  return [
    ...progress(table),
    ...runsNotes(
      table.sweepRuns,
      table.entries.map(({ stop }) => stop),
      'the mean',
    ),
    ...pooling(table),
    ...reduction(table),
    ...contents(table, shown),
    ...bounds(table.entries),
    ...comparison(table, shown),
  ];
}

function progress({ tasks: { done, total } }: Table): string[] {
  return done < total ? [`partial: ${done} of ${counted(total, 'task')}`] : [];
}

/** Over which keys the cells of one entry differ. */
export function pooling({ pooled }: Pick<Table, 'pooled'>): string[] {
  if (pooled.size === 0) return [];
  const parts = [...pooled].map(([key, values]) => {
    const listed = values.length <= LISTED_VALUES ? values.join(', ') : `${values.length} values`;
    return `${keyHeading(key)} (${listed})`;
  });
  return [`pooled over ${parts.join(' and ')}`];
}

/** What is computed otherwise than the sweep's network would. */
export function reduction({ reduced }: Pick<Table, 'reduced'>): string[] {
  return reduced ? ['trained in the row space of the inputs: equivalent up to rounding (data.reduce)'] : [];
}

function contents({ axes, entries }: Table, shown: readonly Statistic[]): string[] {
  const lines = [];
  if (axes.columns.length > 0) {
    const runs = new Set(entries.map((entry) => entry.runs));
    const names = shown.map((name) => STATISTIC_HEADINGS[name]).join(entrySeparator(shown));
    lines.push(`entries: ${names}${runs.size === 1 ? `, of ${counted([...runs][0], 'run')}` : ''}`);
  }
  if (shown.includes('ci95')) lines.push("95 % CI: half-width of the confidence interval of the mean, Student's t");
  return lines;
}

function bounds(entries: readonly Entry[]): string[] {
  const atMost = entries.some((entry) => entry.atMost > 0);
  const atLeast = entries.some((entry) => entry.atLeast > 0);
  if (!atMost && !atLeast) return [];
  const lines = [];
  if (atMost) lines.push('at most: the run diverged at the first rung, its step size is an upper bound');
  if (atLeast) lines.push('at least: the run reached the ceiling without diverging, its step size is a lower bound');
  lines.push('statistics use the value of each bound; <= marks a resulting upper bound, >= a lower bound, ~ neither');
  return lines;
}

function comparison({ entries, paperRuns }: Table, shown: readonly Statistic[]): string[] {
  if (!shown.includes('mean') || entries.every(({ paper }) => paper === null)) return [];
  const rough = entries.filter(isRough);
  const rows = rough.map(({ row, column, rungs }) => {
    const name = [...row, ...column].join(', ');
    return name === '' ? String(rungs) : `${name}: ${rungs}`;
  });
  const listed = rows.length <= LISTED_VALUES ? rows.join('; ') : `${rows.length} entries`;
  return [
    `difference (SE): (mean - paper) / (sd sqrt(1/n + 1/${paperRuns})), using our sd for both`,
    ...(rough.length === 0
      ? []
      : [
          `${ROUGH}: few distinct rungs (${listed}), so the difference is not normal; do not read it as standard errors`,
        ]),
  ];
}
