import { existsSync } from 'node:fs';
import { EdgesweepError, numericsOf, type Outcome, softwareVersion } from '../../shared/mod.ts';
import { expand, formatSweep, type Sweep } from '../../shared/sweep/mod.ts';
import { growthOf } from '../adaptive/mod.ts';
import {
  announceManifest,
  describeThisRun,
  failuresPath,
  isSweepDirectory,
  type Manifest,
  madeOf,
  Progress,
  type RecordedFailure,
  readRecordedFailures,
  removeFailures,
  removeFigures,
  seriesFolder,
  settleManifest,
  sweepPath,
  syncDirectory,
  writeAuditFile,
  writeFileAtomically,
} from '../directory/mod.ts';
import { tableOf } from '../experiments/mod.ts';
import { writeTables } from '../report/mod.ts';
import { copyRest, idsOfCheckpoints } from './files.ts';
import { type Input, mergedSweep, openInputs, readRecords } from './inputs.ts';
import { type InputCounts, Merging, nodesSetAside } from './outcomes.ts';
import { openTarget, type Target } from './target.ts';
import { writeJournal } from './write-journal.ts';

export type MergeOptions = {
  /** the directory to write; one that is there is added to */
  out: string;
  directories: readonly string[];
  /** only reads and checks */
  dryRun: boolean;
  /** the command line as typed, for the manifest */
  command: string[];
  /** told of each directory when it was read */
  onInput(counts: InputCounts): void;
  /** ends the merge, which then leaves at most series in a directory that was there before */
  signal: AbortSignal;
};

export type Merged = {
  directory: string;
  sweep: string;
  shard?: string;
  inputs: InputCounts[];
  /** recorded in the directory now */
  outcomes: number;
  /** those of them that the sweep does not have, since it was edited */
  others: number;
  /** tasks of the sweep */
  done: number;
  total: number;
  /** recorded tasks whose series no directory has; they count as not done */
  withoutSeries: number;
  /** figures of the directory, drawn before */
  removed: string[];
  /** directories whose manifest cannot be read */
  withoutManifest: string[];
};

/**
 * Merges directories of one sweep, or of shards of it. None of them is written to, unless it is `out`. What is written appears in its place
 * at once, or, in a directory that is there, after everything that it depends on: a merge that was killed is simply repeated.
 * @throws EdgesweepError USAGE, OUTCOMES_DIFFER, DISK; what opening and reading the directories throws; Interrupted
 */
export async function mergeDirectories(options: MergeOptions): Promise<Merged> {
  const { out, directories, dryRun } = options;
  requireNames(out, directories);
  const { opened, release } = await openInputs(isSweepDirectory(out) ? [out, ...directories] : directories, out);
  let target: Target | undefined;
  try {
    const sweep = mergedSweep(opened);
    target = dryRun ? undefined : await openTarget(out, sweep);
    if (target !== undefined) await settleManifest(target.root);
    const merged = await mergeInto(target?.root, sweep, await readRecords(opened), options);
    await target?.commit();
    return merged;
  } finally {
    await target?.close();
    release();
  }
}

function requireNames(out: string, directories: readonly string[]): void {
  const fix = 'edgesweep merge OUT DIRECTORY...';
  if (out === '') throw new EdgesweepError('USAGE', 'the sweep directory has no name', { got: 'nothing', fix });
  if (directories.length > 0) return;
  const expected = 'one directory or more';
  throw new EdgesweepError('USAGE', 'there is nothing to merge', { expected, got: 'none', fix });
}

async function mergeInto(
  root: string | undefined,
  sweep: Sweep,
  inputs: readonly Input[],
  { out, command, onInput, signal }: MergeOptions,
): Promise<Merged> {
  const expansion = expand(sweep);
  const progress = new Progress(expansion);
  const growth = growthOf(sweep, expansion);
  const failures = (await Promise.all(inputs.map(({ directory }) => readRecordedFailures(directory)))).flat();
  const checkpoints = (await Promise.all(inputs.map(({ directory }) => idsOfCheckpoints(directory)))).flat();
  /** of the tasks with failures or checkpoints, those that are not recorded */
  const open = new Set([...failures.map(({ task }) => task.id), ...checkpoints]);
  const counts: InputCounts[] = [];
  let removed: string[] = [];
  const hear = (outcome: Outcome, isComplete: boolean) => {
    if (!isComplete) return;
    progress.add(outcome.task);
    growth?.add(outcome);
    open.delete(outcome.task.id);
  };
  const journal = root === undefined ? undefined : await writeJournal(root);
  try {
    const merging = new Merging({
      ...{ inputs, sweep, expansion, journal, target: root, hear, signal },
      onInput(one) {
        counts.push(one);
        onInput(one);
      },
    });
    // the table is made of the same reading, which is most of the work
    const table = await tableOf(sweep, merging.outcomes(), {}, expansion);
    growth?.grow();
    if (growth !== undefined) progress.want(growth.wanted);
    const outcomes = counts.reduce((sum, one) => sum + one.outcomes, 0);
    if (root !== undefined) {
      const setAside = nodesSetAside(inputs);
      const secret = inputs.find(({ audit }) => audit !== undefined)?.audit?.secret;
      if (secret !== undefined) await writeAuditFile(root, { secret, setAside });
      await copyRest(
        inputs.map(({ directory }) => directory),
        root,
        (id) => !open.has(id),
      );
      const left = newestOf(failures.filter(({ task }) => open.has(task.id)));
      const lines = left.map((failure) => `${JSON.stringify(failure)}\n`).join('');
      if (lines !== '') await writeFileAtomically(failuresPath(root), lines);
      // the names of the series are on the disk before the lines that count on them
      if (existsSync(seriesFolder(root))) await syncDirectory(seriesFolder(root));
      const manifest = await manifestOf(sweep, inputs, counts, { out, command, outcomes });
      await announceManifest(root, await journal!.finish(), manifest);
      await journal!.commit();
      await settleManifest(root);
      // those of a directory that is added to, all of tasks that are recorded now
      if (lines === '') await removeFailures(root);
      await writeFileAtomically(sweepPath(root), formatSweep(sweep));
      removed = await removeFigures(root);
      await writeTables(root, table);
    }
    return {
      directory: out,
      sweep: sweep.name,
      ...(sweep.shard !== undefined && { shard: sweep.shard }),
      inputs: counts,
      outcomes,
      others: merging.others,
      done: progress.done,
      total: progress.total,
      withoutSeries: merging.incomplete.size,
      removed,
      withoutManifest: inputs.filter(({ manifest }) => manifest === undefined).map(({ directory }) => directory),
    };
  } finally {
    await journal?.close();
  }
}

/** The last failure of each task, the oldest first: the same however often they are merged. */
function newestOf(failures: readonly RecordedFailure[]): RecordedFailure[] {
  const newest = new Map<string, RecordedFailure>();
  for (const failure of failures.toSorted((a, b) => Date.parse(a.time) - Date.parse(b.time))) {
    newest.delete(failure.task.id);
    newest.set(failure.task.id, failure);
  }
  return [...newest.values()];
}

/** Of the merge, with what the manifests of the directories say: which part is from where, and what computed it. */
async function manifestOf(
  sweep: Sweep,
  inputs: readonly Input[],
  counts: readonly InputCounts[],
  { out, command, outcomes }: { out: string; command: string[]; outcomes: number },
): Promise<Manifest> {
  const former = inputs.find(({ directory }) => directory === out)?.manifest;
  const manifest = await describeThisRun(command, softwareVersion(), numericsOf(sweep), outcomes, former);
  const merged = inputs.flatMap(({ directory, manifest: of }, i): NonNullable<Manifest['merged']> => {
    const { shard, outcomes } = counts[i];
    // what was merged into this directory before stays as it stands, and the rest was computed here
    const before = directory === out ? (of?.merged ?? []) : [];
    const since = outcomes - before.reduce((sum, one) => sum + one.outcomes, 0);
    if (since <= 0) return before;
    const made = of !== undefined && {
      made: madeOf(of),
      ...(directory !== out && of.merged !== undefined && { merged: of.merged }),
    };
    return [...before, { directory, ...(shard !== undefined && { shard }), outcomes: since, ...made }];
  });
  return { ...manifest, merged };
}
