import {
  cellValue,
  describeCells,
  experimentOf,
  type Outcome,
  seriesOf,
  varyingKeys,
  visible,
} from '../../shared/mod.ts';
import { formatSweep, runsInShard } from '../../shared/sweep/mod.ts';
import { logPath, type Manifest, readManifest } from '../directory/mod.ts';
import { describeResult } from '../experiments/mod.ts';
import { keyHeading } from '../report/mod.ts';
import { shellWords } from '../shell-words.ts';
import { missing } from './answers.ts';
import type { FollowedSweep, SweepModel } from './follow/mod.ts';
import { endOfLog, isLog } from './logs.ts';
import type { CellRuns, CellValue, RunDetails, RunRow, SweepDetails } from './wire.ts';

/** Keys shown for a sweep of one cell, which has none that vary. */
const NO_KEYS = 0;

/** @throws RequestError while the sweep file cannot be read */
export function modelOf(followed: FollowedSweep): SweepModel {
  const { model } = followed;
  if (model === undefined) throw missing('sweep that can be read now');
  return model;
}

export async function describeSweep(followed: FollowedSweep): Promise<SweepDetails> {
  const model = modelOf(followed);
  const { sweep, expansion } = model;
  const manifest = await readManifest(followed.directory).catch(() => undefined);
  const names = varyingKeys(expansion.cells);
  const { common } = describeCells(expansion.cells);
  return {
    standing: followed.standing(),
    keys: names.map((name) => ({
      name,
      heading: keyHeading(name),
      ...codesOf(expansion.cells.map((cell) => cellValue(cell, name))),
    })),
    common: visible(names.length === NO_KEYS ? describeCells(expansion.cells).each(expansion.cells[0]) : common),
    measures: [...model.measures],
    hasSeries: experimentOf(sweep).series !== undefined,
    sweep: visible(formatSweep(sweep)),
    provenance: provenanceOf(followed, model, manifest),
    repeat: visible(manifest === undefined ? '' : `edgesweep ${shellWords(manifest.command)}`),
  };
}

/** Values by their first occurrence, and for each cell the index of its value. */
function codesOf(all: readonly CellValue[]): { values: CellValue[]; codes: number[] } {
  const ranks = new Map<CellValue, number>();
  const codes = all.map((value) => {
    const rank = ranks.get(value) ?? ranks.size;
    ranks.set(value, rank);
    return rank;
  });
  return { values: [...ranks.keys()].map((value) => (typeof value === 'string' ? visible(value) : value)), codes };
}

function provenanceOf(
  { directory }: FollowedSweep,
  model: SweepModel,
  manifest: Manifest | undefined,
): SweepDetails['provenance'] {
  const tally = (counts: ReadonlyMap<string, number>) =>
    [...counts]
      .sort(([, a], [, b]) => b - a)
      .map(([name, outcomes]) => `${name}: ${outcomes}`)
      .join(', ');
  const ofManifest: SweepDetails['provenance'] =
    manifest === undefined
      ? [['manifest', 'cannot be read']]
      : [
          ['arithmetic', manifest.numerics],
          [
            'last run by',
            `edgesweep ${manifest.version}${manifest.gitRevision === null ? '' : `, revision ${manifest.gitRevision}`}`,
          ],
          ['on', `Node ${manifest.node}, V8 ${manifest.v8}, ${manifest.platform} ${manifest.arch}`],
          ['at', manifest.started],
        ];
  const facts: SweepDetails['provenance'] = [
    ['directory', directory],
    ...ofManifest,
    ['outcomes', `${model.done}, ${model.seconds.toPrecision(3)} seconds in the threads`],
    ['by engine', tally(model.engines)],
    ['by host', tally(model.hosts)],
    ...(model.others === 0 ? [] : [['of other versions of the sweep', String(model.others)] as [string, string]]),
  ];
  return facts.map(([name, value]) => [name, visible(value)]);
}

/** The runs of a cell, read at their places in the journal. @throws RequestError; JOURNAL_DAMAGED */
export async function describeRuns(followed: FollowedSweep, cell: number): Promise<CellRuns> {
  const model = modelOf(followed);
  const { expansion } = model;
  if (!Number.isInteger(cell) || expansion.cells[cell] === undefined) throw missing('cell');
  const runs: RunRow[] = [];
  for (const run of runsInShard(expansion.shard, cell, model.wanted(cell))) {
    const place = model.placeOf(cell, run);
    const outcome = place && (await followed.tail.readAt(place.offset, place.bytes));
    const task = outcome?.task ?? expansion.task(cell, run);
    const hasLog = experimentOf(model.sweep).byProgram === true && (await isLog(logPath(followed.directory, task)));
    runs.push({ ...rowOf(model, outcome, run, task.id), hasLog });
  }
  const { each } = describeCells(expansion.cells);
  return { cell, text: visible(each(expansion.cells[cell])), runs };
}

function rowOf(model: SweepModel, outcome: Outcome | undefined, run: number, task: string): Omit<RunRow, 'hasLog'> {
  const read = outcome === undefined ? {} : model.read(outcome.result);
  const value = (name: string) => {
    const number = read[name] ?? null;
    return number === null || !Number.isFinite(number) ? null : number;
  };
  return {
    run,
    task,
    result: outcome === undefined ? null : visible(describeResult(outcome)),
    measures: Object.fromEntries(model.measures.map((name) => [name, value(name)])),
    hasSeries: outcome !== undefined && seriesOf(outcome) !== undefined,
    seconds: outcome?.provenance.seconds ?? null,
    host: outcome === undefined ? null : visible(outcome.provenance.host),
    engine: outcome === undefined ? null : visible(outcome.provenance.engine),
    attempts: outcome?.provenance.attempts ?? null,
  };
}

/** @throws RequestError for a run that is not recorded */
export async function outcomeOf(followed: FollowedSweep, cell: number, run: number): Promise<Outcome> {
  const place = modelOf(followed).placeOf(cell, run);
  if (place === undefined) throw missing('recorded run');
  return followed.tail.readAt(place.offset, place.bytes);
}

const text = (value: object): string => visible(JSON.stringify(value, null, 2));

/** @throws RequestError for a run that is neither recorded nor has a log; JOURNAL_DAMAGED */
export async function describeRun(followed: FollowedSweep, cell: number, run: number): Promise<RunDetails> {
  const { expansion } = modelOf(followed);
  const { each } = describeCells(expansion.cells);
  if (modelOf(followed).placeOf(cell, run) === undefined) {
    if (expansion.cells[cell] === undefined || run >= expansion.runs) throw missing('run');
    const task = expansion.task(cell, run);
    const log = await endOfLog(logPath(followed.directory, task));
    if (log === null) throw missing('recorded run');
    const facts = { cell, run, text: visible(each(task.cell)), task: text(task), describe: 'not recorded', log };
    return { ...facts, result: null, provenance: null, hasSeries: false, rung: null };
  }
  const outcome = await outcomeOf(followed, cell, run);
  const { task, result, provenance } = outcome;
  return {
    cell,
    run,
    text: visible(each(task.cell)),
    task: text(task),
    result: text(result),
    provenance: text(provenance),
    describe: visible(describeResult(outcome)),
    hasSeries: seriesOf(outcome) !== undefined,
    log: await endOfLog(logPath(followed.directory, task)),
    rung: 'rung' in result && typeof result.rung === 'number' ? result.rung : null,
  };
}
