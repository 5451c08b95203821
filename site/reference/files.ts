import { parquetMetadata } from 'hyparquet';
import { parse } from 'yaml';
import { OURS } from '../../orchestrator/directory/layout.ts';
import { tableOf } from '../../orchestrator/experiments/mod.ts';
import { STARTERS } from '../../orchestrator/experiments/starters.ts';
import { columnsOf, STATE_COLUMNS } from '../../orchestrator/runs/mod.ts';
import { EXPERIMENTS, type ExperimentName } from '../../shared/mod.ts';
import { expand, loadSweep, type Sweep, sweepJsonSchema } from '../../shared/sweep/mod.ts';
import { runTask } from '../../worker/mod.ts';
import { code, page, prose, table } from './markdown.ts';
import { fieldComments } from './source-comments.ts';
import { keysOf, type Schema } from './sweep-keys.ts';

/** Every file of a sweep directory, and the columns of those that are tables. */
export async function filesPage(): Promise<string> {
  const sections = await Promise.all(EXPERIMENTS.map(section));
  return page(
    'Files and their columns',
    'What [`edgesweep run`](../commands.md#run) leaves in a sweep directory. Tables and series are of the sweep that `edgesweep init` writes for each\n' +
      'experiment; other grids have other keys. [Reading Parquet](../how-to/parquet.md) has programs in Python and R.',
    '## Files of a sweep directory',
    table(
      ['file', 'holds'],
      FILES.map(([name, holds]) => [code(name), holds]),
    ),
    '## Columns of every export and list of tasks',
    '`edgesweep export` writes them as CSV or Parquet, one row per run, and `edgesweep tasks --format csv` prints them. Missing values are empty in CSV\n' +
      'and null in Parquet. The columns of the experiment stand after `seed`.',
    table(['column', 'type', 'meaning'], [...commonRows(), ...stateRows()]),
    ...sections.flat(),
  );
}

const FILES: readonly (readonly [string, string])[] = [
  ['sweep.yaml', 'the sweep with every default filled in'],
  [
    'manifest.json',
    'version, arithmetic, Git revision, Node, machine, and the commands that wrote the directory; with a digest',
  ],
  [
    'outcomes.jsonl',
    'the journal: one outcome per line with `task`, `result`, `provenance` and the digest of the line',
  ],
  ['series', 'one Parquet file per task with what was recorded along it, `TASK.parquet`'],
  ['checkpoints', 'what long tasks resume from after a kill'],
  ['logs', "what programs of the user's wrote, `TASK.log`"],
  ['audit.json', 'which tasks are computed twice, and which nodes were set aside; with `run --audit`'],
  [
    'failures.jsonl',
    'tasks that failed in runs of the directory and are not recorded, one per line; only while there are any',
  ],
  [
    'merging.json',
    'what the manifest becomes once `merge` has replaced the journal; `merge`, `run` and `repair` remove it',
  ],
  ['damaged-lines.jsonl', 'lines that `repair` or an audit moved out of the journal, with the reason of each'],
  ['control', 'the socket on which a run under way hears `pause`, `resume` and `drain`; removed at its end'],
  ['lock', 'empty; locked by the process that writes to the directory'],
  ['table.md, table.csv, table.json, table.tex', 'the table, rewritten at the end of each run'],
  ['figure.svg, figure.png, figure.vl.json', 'the figure, written by `edgesweep plot`'],
];
const undescribed = OURS.filter((name) => !FILES.some(([file]) => file === name));
if (undescribed.length > 0) throw new Error(`not described: ${undescribed.join(', ')}`);

/** What columns mean that are no keys of a sweep file and have no comment in a schema. */
const MEANINGS: Readonly<Record<string, string>> = {
  task: 'id of the task, the SHA-256 of its text',
  cell: 'number of the cell, from 0',
  run: 'number of the run, from 0',
  seed: 'seed of the sweep',
  seconds: 'time that the task took on its thread',
  engine: 'engine that computed it',
  node: 'machine that computed it',
  attempts: 'attempts that it took',
  numerics: 'arithmetic, part of the task',
  version: 'version of edgesweep',
  runtime: 'version of Node',
  signedBy: 'node that signed the result',
  key: 'public key of that node',
  signature: 'its signature',
  state: '`done`, `running`, `pending` or `failed`; lists of tasks only',
  error: 'why it failed; lists of tasks only',
};

type Row = readonly [string, string, string];

function commonRows(): Row[] {
  const columns = columnsOf({ sweep: loadSweep('smoke'), cells: [], runs: [] });
  return columns.filter(({ name }) => name in MEANINGS).map(({ name, type }) => [code(name), type, MEANINGS[name]]);
}
const stateRows = (): Row[] => STATE_COLUMNS.map(({ name, type }) => [code(name), type, MEANINGS[name]]);

async function section(name: ExperimentName): Promise<string[]> {
  const sweep = starterSweep(name);
  if (sweep === undefined) {
    return [
      `## experiment: ${name}`,
      'Columns `params.NAME` for its parameters and `values.NAME` for the numbers that it reports; with a search also `search.value`, `search.rung` and\n' +
        '`search.end`. A series has `step` and one column of doubles for each number that the program reports along the way.',
    ];
  }
  const { cells } = expand(sweep);
  const meaningOf = meaningsOf(name);
  const columns = columnsOf({ sweep, cells, runs: [] }).filter((column) => !(column.name in MEANINGS));
  const { columns: ofTable } = (await tableOf(sweep, [])).records();
  const series = await seriesOf(name);
  return [
    `## experiment: ${name}`,
    table(
      ['column', 'type', 'meaning'],
      columns.map(({ name: column, type }) => [code(column), type, prose(meaningOf(column))]),
    ),
    `\`table.csv\` has ${ofTable.map(code).join(', ')}.`,
    ...(series === undefined
      ? []
      : [
          'A series has one row per iteration, or per point of a map, and these columns:',
          table(['column', 'type', 'meaning'], series),
        ]),
  ];
}

/** The sweep that `init` writes, small; undefined where it needs files beside it. */
function starterSweep(name: ExperimentName): Sweep | undefined {
  return name === 'program' ? undefined : loadSweep({ name, ...parse(STARTERS[name]) });
}

/** Files with the schemas of results, and their names in them. */
const SCHEMAS: Readonly<Record<ExperimentName, readonly [file: string, name: string]>> = {
  'maximal-step-size': ['shared/experiments/maximal-step-size.ts', 'searchResultSchema'],
  trajectory: ['shared/experiments/trajectory.ts', 'trajectoryResultSchema'],
  survival: ['shared/experiments/survival.ts', 'survivalResultSchema'],
  bisect: ['shared/experiments/bisect.ts', 'bisectResultSchema'],
  phases: ['shared/experiments/phases.ts', 'phasesResultSchema'],
  map: ['shared/experiments/map.ts', 'mapResultSchema'],
  program: ['shared/experiments/program.ts', 'programResultSchema'],
};

/** Columns whose schemas say nothing of their own. */
const PLAIN: Readonly<Record<string, string>> = {
  batchSize: 'examples per gradient step; full: all examples',
  end: 'why it ended',
  'divergence.iteration': 'iteration of the first loss that is a divergence; empty where none is',
  'divergence.kind': '`nan`, `infinity` or `loss`, a loss above the criterion',
  'trajectory.arithmetic': 'order of its sums',
  'phases.arithmetic': 'order of its sums',
  'plateau.sharpness': 'median sharpness over the last fifth of the iterations',
  'plateau.ofEdge': 'the same over 2 / step size',
  'batchPlateau.sharpness': 'median batch sharpness over the last fifth of the iterations',
  'batchPlateau.ofEdge': 'the same over 2 / step size, of sgd alone',
  'test.loss': 'loss of the test set at its last measurement',
  'test.accuracy': 'accuracy there, of data with classes',
  'result.steps': 'gradient steps of all rungs',
  phase: '`lazy`, `catapult`, `stuck` or `diverged`',
  'sharpness.first': 'sharpness of the initial network',
  'sharpness.last': 'sharpness of the last network',
  'loss.first': 'loss of the initial network',
  'loss.largest': 'largest loss',
  'loss.last': 'last loss',
  block: 'number of the block of a map, from 0',
  points: 'points of the block',
};

/** Of keys what the sweep file says of them, of fields of a result the comment in its schema. */
function meaningsOf(name: ExperimentName): (column: string) => string {
  const schema = ((sweepJsonSchema() as Schema).oneOf ?? []).find(
    ({ properties }) => properties?.experiment.const === name,
  );
  const keys = new Map(
    keysOf(schema ?? {}).map(({ path, descriptions }) => [path.replace(/^grid\./, ''), [...descriptions][0] ?? '']),
  );
  const fields = fieldComments(...SCHEMAS[name]);
  return (column) => PLAIN[column] ?? keys.get(column) ?? fields.get(column) ?? '';
}

/** Sweeps short enough to run, with everything that a series may have. */
const RECORDED: { readonly [name in ExperimentName]?: Readonly<Record<string, unknown>> } = {
  trajectory: {
    'trajectory.iterations': 3,
    'trajectory.every': 1,
    'trajectory.solver': { kind: 'lanczos', top: 2, bothEnds: true },
  },
  map: { 'map.steps': 2 },
};

/** The columns of what a task records; undefined where it records nothing. */
async function seriesOf(name: ExperimentName): Promise<Row[] | undefined> {
  const values = RECORDED[name];
  if (values === undefined) return undefined;
  const expansion = expand(loadSweep({ name, ...parse(STARTERS[name]) }, { values }));
  const { file = new Uint8Array() } = await runTask(expansion.task(0, 0), 'simd');
  const bytes = file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer;
  return parquetMetadata(bytes)
    .schema.slice(1)
    .filter(({ name: column }) => !/_layer_([2-9]|\d\d)/.test(column))
    .map(({ name: column, type, repetition_type: repetition }) => [
      code(column.replace(/_layer_1$/, '_layer_N')),
      `${type}${repetition === 'OPTIONAL' ? ', may be null' : ''}`.toLowerCase().replace('byte_array', 'text'),
      prose(seriesMeaning(column)),
    ]);
}

/** By the beginnings of names; the first that fits holds. */
const SERIES: readonly (readonly [RegExp, string])[] = [
  [/^iteration$/, 'from 1'],
  [/^loss$/, 'before the step of the iteration'],
  [/^step_size/, 'step size of the iteration'],
  [/^gradient_norm/, 'Euclidean norm of the gradient'],
  [/_residual/, 'norm of the residual of the eigenvalue'],
  [/_converged/, 'whether the eigenvalue met the tolerance'],
  [/^products/, 'Hessian-vector products of the measurement'],
  [/^sharpness/, 'largest eigenvalue of the Hessian'],
  [/^eigenvalue_/, 'further large eigenvalue, with `top` above 1'],
  [/^smallest_eigenvalue_/, 'small eigenvalue, with `bothEnds`'],
  [/^cost$/, 'cost of the scheme so far, in gradients'],
  [/^[xy]$/, 'step size along the axis'],
  [/^divergence$/, 'iteration of the first loss that is a divergence'],
  [/^last_ratio$/, 'mean of the last 20 losses over the first loss'],
  [/^mean_ratio$/, 'mean of all losses over the first loss'],
];

function seriesMeaning(column: string): string {
  const [, meaning] = SERIES.find(([pattern]) => pattern.test(column)) ?? [];
  return (meaning ?? '') + (/_layer_/.test(column) ? '; of layer N, from 1' : '');
}
