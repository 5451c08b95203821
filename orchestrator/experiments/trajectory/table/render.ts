import { counted, type Edge, oneLine, overText, type TrajectoryResult } from '../../../../shared/mod.ts';
import { keyHeading } from '../../../report/headings.ts';
import type { Layout, Records } from '../../../report/mod.ts';
import { formatNumber, NONE } from '../../../report/numbers.ts';
import type { TrajectoryEntry, TrajectoryTable } from './table.ts';

type Column = { head: string; value(result: TrajectoryResult): number | null; text(value: number | null): string };

const whole = (value: number | null): string => (value === null ? NONE : String(Math.round(value)));

/** Such as `2/step size`; where optimisers differ it is said below the table. */
const edgeText = (edges: readonly Edge[]): string =>
  edges.length === 1 ? `${overText(edges[0])}/step size` : 'the edge';

/** Only where it was measured. */
const hasBatchSharpness = (entries: readonly TrajectoryEntry[]): boolean =>
  entries.some(({ result }) => result?.batchPlateau !== undefined);

const BATCHES: Column[] = [
  { head: 'batch sharpness', value: ({ batchPlateau }) => batchPlateau?.sharpness ?? null, text: formatNumber },
  { head: 'of 2/step size', value: ({ batchPlateau }) => batchPlateau?.ofEdge ?? null, text: formatNumber },
];

/** Only where there is a test set, and classes. */
const testColumns = (entries: readonly TrajectoryEntry[]): Column[] => {
  const tested = entries.flatMap(({ result }) => result?.test ?? []);
  return [
    ...(tested.length > 0
      ? [{ head: 'test loss', value: ({ test }: TrajectoryResult) => test?.loss ?? null, text: formatNumber }]
      : []),
    ...(tested.some(({ accuracy }) => accuracy !== undefined)
      ? [{ head: 'test accuracy', value: ({ test }: TrajectoryResult) => test?.accuracy ?? null, text: formatNumber }]
      : []),
  ];
};

const columnsOf = (edges: readonly Edge[], entries: readonly TrajectoryEntry[]): Column[] => [
  { head: 'at the edge from', value: ({ edge }) => edge, text: whole },
  { head: 'last sharpness', value: ({ plateau }) => plateau?.sharpness ?? null, text: formatNumber },
  { head: `of ${edgeText(edges)}`, value: ({ plateau }) => plateau?.ofEdge ?? null, text: formatNumber },
  ...(hasBatchSharpness(entries) ? BATCHES : []),
  { head: 'last loss', value: ({ loss }) => loss, text: formatNumber },
  ...testColumns(entries),
  { head: 'cost', value: ({ cost }) => cost, text: whole },
];

export function layOutTrajectories({
  title,
  source,
  keys,
  runs,
  edges,
  entries,
  hasBatches,
  tasks,
}: TrajectoryTable): Layout {
  const columns = columnsOf(edges, entries);
  const severalRuns = runs > 1;
  const row = ({ row: values, run, result }: TrajectoryEntry): string[] => [
    ...values.map(String),
    ...(severalRuns ? [String(run)] : []),
    ...columns.map(({ value, text }) => (result === undefined ? NONE : text(value(result)))),
    result === undefined ? 'to do' : ending(result),
  ];
  return {
    title: oneLine(title),
    source: source === null ? null : oneLine(source),
    head: [...keys.map(keyHeading), ...(severalRuns ? ['run'] : []), ...columns.map(({ head }) => head), 'end'],
    align: [
      ...keys.map(() => 'left' as const),
      ...(severalRuns ? ['right' as const] : []),
      ...columns.map(() => 'right' as const),
      'left',
    ],
    body: entries.map((entry) => row(entry).map(oneLine)),
    notes: [
      ...(tasks.done < tasks.total ? [`partial: ${tasks.done} of ${counted(tasks.total, 'task')}`] : []),
      ...edgeNotes(edges),
      ...(hasBatchSharpness(entries)
        ? ['batch sharpness: median over the last fifth of the iterations; compared with 2/step size for sgd alone']
        : []),
      ...(entries.some(({ result }) => result?.test !== undefined)
        ? ['test loss and accuracy: at the last measurement of the test set, before the step of its iteration']
        : []),
      ...(hasBatches ? ['last loss: with mini-batches, that of the last batch'] : []),
      'cost: in gradients (a gradient 1, a loss alone 1/3, a Hessian-vector product 2), of the scheme only',
    ],
  };
}

function edgeNotes(edges: TrajectoryTable['edges']): string[] {
  const edge = edgeText(edges);
  const bounded = edges.every(({ matrix }) => matrix === 'preconditioned') ? 'preconditioned sharpness' : 'sharpness';
  const of = bounded === 'sharpness' ? 'the same' : `that of the ${bounded}`;
  return [
    `at the edge from: the iteration of the first of 10 consecutive measurements of ${bounded} within 10 % of ${edge}`,
    `last sharpness: median over the last fifth of the iterations; of ${edge}: ${of} over ${edge}`,
    ...(edges.length > 1 ? [`the edge: ${edges.map(describeEdge).join('; ')}`] : []),
  ];
}

const describeEdge = (edge: TrajectoryTable['edges'][number]): string =>
  `${edge.optimizers} ${overText(edge)}/step size${edge.matrix === 'preconditioned' ? ', of the preconditioned sharpness' : ''}`;

function ending({ divergence, iterations, products }: TrajectoryResult): string {
  if (divergence === null) return counted(iterations, 'iteration');
  const before = products === 0 ? ', before the first measurement' : '';
  return `diverged at ${divergence.iteration} (${divergence.kind}${before})`;
}

/** For programs: a row per task, at full precision. */
export function trajectoryRecords({ keys, entries }: TrajectoryTable): Records {
  const batches = hasBatchSharpness(entries);
  const tested = entries.some(({ result }) => result?.test !== undefined);
  return {
    columns: [
      'task',
      ...keys,
      'run',
      'edge',
      'plateau',
      'plateauOfEdge',
      ...(batches ? ['batchPlateau', 'batchPlateauOfEdge'] : []),
      'loss',
      ...(tested ? ['testLoss', 'testAccuracy'] : []),
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
      ...(batches ? [result?.batchPlateau?.sharpness ?? null, result?.batchPlateau?.ofEdge ?? null] : []),
      result?.loss ?? null,
      ...(tested ? [result?.test?.loss ?? null, result?.test?.accuracy ?? null] : []),
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
