import { counted, oneLine, type TrajectoryResult } from '../../../../shared/mod.ts';
import { keyHeading } from '../../../report/headings.ts';
import type { Layout, Records } from '../../../report/mod.ts';
import { formatNumber, NONE } from '../../../report/numbers.ts';
import type { TrajectoryEntry, TrajectoryTable } from './table.ts';

type Column = { head: string; value(result: TrajectoryResult): number | null; text(value: number | null): string };

const whole = (value: number | null): string => (value === null ? NONE : String(Math.round(value)));

const COLUMNS: Column[] = [
  { head: 'at the edge from', value: ({ edge }) => edge, text: whole },
  { head: 'last sharpness', value: ({ plateau }) => plateau?.sharpness ?? null, text: formatNumber },
  { head: 'of 2/step size', value: ({ plateau }) => plateau?.ofEdge ?? null, text: formatNumber },
  { head: 'last loss', value: ({ loss }) => loss, text: formatNumber },
  { head: 'cost', value: ({ cost }) => cost, text: whole },
];

export function layOutTrajectories({ title, source, keys, runs, entries, tasks }: TrajectoryTable): Layout {
  const severalRuns = runs > 1;
  const row = ({ row: values, run, result }: TrajectoryEntry): string[] => [
    ...values.map(String),
    ...(severalRuns ? [String(run)] : []),
    ...COLUMNS.map(({ value, text }) => (result === undefined ? NONE : text(value(result)))),
    result === undefined ? 'to do' : ending(result),
  ];
  return {
    title: oneLine(title),
    source: source === null ? null : oneLine(source),
    head: [...keys.map(keyHeading), ...(severalRuns ? ['run'] : []), ...COLUMNS.map(({ head }) => head), 'end'],
    align: [
      ...keys.map(() => 'left' as const),
      ...(severalRuns ? ['right' as const] : []),
      ...COLUMNS.map(() => 'right' as const),
      'left',
    ],
    body: entries.map((entry) => row(entry).map(oneLine)),
    notes: [
      ...(tasks.done < tasks.total ? [`partial: ${tasks.done} of ${counted(tasks.total, 'task')}`] : []),
      'at the edge from: the iteration of the first of 10 consecutive measurements of sharpness within 10 % of 2/step size',
      'last sharpness: median over the last fifth of the iterations; of 2/step size: the same over 2/step size',
      'cost: in gradients (a gradient 1, a loss alone 1/3, a Hessian-vector product 2), of the scheme only',
    ],
  };
}

function ending({ divergence, iterations, products }: TrajectoryResult): string {
  if (divergence === null) return counted(iterations, 'iteration');
  const before = products === 0 ? ', before the first measurement' : '';
  return `diverged at ${divergence.iteration} (${divergence.kind}${before})`;
}

/** For programs: a row per task, at full precision. */
export function trajectoryRecords({ keys, entries }: TrajectoryTable): Records {
  return {
    columns: [
      'task',
      ...keys,
      'run',
      'edge',
      'plateau',
      'plateauOfEdge',
      'loss',
      'iterations',
      'divergence',
      'products',
      'cost',
    ],
    rows: entries.map(({ task, row, run, result }) => [
      task,
      ...row,
      run,
      result?.edge ?? null,
      result?.plateau?.sharpness ?? null,
      result?.plateau?.ofEdge ?? null,
      result?.loss ?? null,
      result?.iterations ?? null,
      result?.divergence?.iteration ?? null,
      result?.products ?? null,
      result?.cost ?? null,
    ]),
  };
}

export function trajectoryJson({ name, title, source, keys, entries, tasks }: TrajectoryTable): string {
  const document = {
    name,
    title,
    source,
    tasks,
    rows: keys,
    entries: entries.map(({ task, row, run, result }) => ({
      task,
      row: Object.fromEntries(keys.map((key, i) => [key, row[i]])),
      run,
      result: result ?? null,
    })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
