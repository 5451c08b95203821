import { describeCells, duration, expectedCost, oneLine, roughly } from '../../shared/mod.ts';
import { expand, isAdaptive } from '../../shared/sweep/mod.ts';
import {
  isWrittenTo,
  type Manifest,
  Progress,
  readAuditFile,
  readManifest,
  readOutcomes,
  readSweep,
  type SetAside,
} from '../directory/mod.ts';
import { runWords } from '../run-words.ts';
import { shellWords } from '../shell-words.ts';
import { type Pace, PaceMeter } from './rate.ts';

export type DirectoryStatus = {
  summary: {
    sweep: string;
    /** which part of the sweep it is for; absent: all of it */
    shard?: string;
    directory: string;
    /** `running`: a process of this machine writes to it */
    state: 'complete' | 'partial' | 'running';
    done: number;
    pending: number;
    total: number;
    /** tasks per second over the last tasks of the run; null where none is under way, or no task of it has ended */
    rate: number | null;
    /** null where `rate` is */
    secondsLeft: number | null;
    /** the command that resumes it; null where nothing is pending, a run is under way, or the command is not known */
    resume: string | null;
    /** nodes that gave wrong results, found by audits */
    setAside: readonly SetAside[];
  };
  /** seconds since the run under way began; undefined without one */
  elapsed: number | undefined;
  /** what all cells have in common */
  common: string;
  cells: { text: string; done: number; runs: number }[];
};

/** What the journal of a directory has, also while somebody writes it. @throws DIRECTORY_UNREADABLE, JOURNAL_DAMAGED */
export async function readDirectoryStatus(directory: string): Promise<DirectoryStatus> {
  const sweep = await readSweep(directory);
  const expansion = expand(sweep);
  const progress = new Progress(expansion);
  // statistics are loaded only where runs depend on them
  const growth = isAdaptive(sweep.runs) ? (await import('../adaptive/mod.ts')).growthOf(sweep, expansion) : undefined;
  // before the journal, to which a run adds in the meantime; one that is damaged only leaves out what it would tell
  const isRunning = isWrittenTo(directory);
  const manifest = await readManifest(directory).catch(() => undefined);
  const meter = new PaceMeter();
  let before = manifest?.recorded ?? Number.POSITIVE_INFINITY;
  for await (const outcome of readOutcomes(directory)) {
    progress.add(outcome.task);
    growth?.add(outcome);
    if (before > 0) before -= 1;
    else meter.add(outcome);
  }
  if (growth !== undefined) {
    growth.grow();
    progress.want(growth.wanted);
  }
  const { done, total } = progress;
  const elapsed = isRunning && manifest !== undefined ? (Date.now() - Date.parse(manifest.started)) / 1000 : undefined;
  const costLeft = expansion.cells.reduce(
    (sum, cell, i) => sum + expectedCost(cell) * (progress.wanted(i) - progress.doneOfCell(i)),
    0,
  );
  const pace = elapsed === undefined ? undefined : meter.pace(elapsed, costLeft);
  const state = isRunning ? 'running' : done === total ? 'complete' : 'partial';
  const { common, each } = describeCells(expansion.cells);
  return {
    summary: {
      sweep: sweep.name,
      ...(sweep.shard !== undefined && { shard: sweep.shard }),
      directory,
      state,
      done,
      pending: total - done,
      total,
      rate: pace?.rate ?? null,
      secondsLeft: pace?.secondsLeft ?? null,
      resume: state === 'partial' ? resumeCommand(directory, manifest) : null,
      setAside: (await readAuditFile(directory))?.setAside ?? [],
    },
    elapsed,
    common,
    cells: expansion.cells.map((cell, i) => ({
      text: each(cell),
      done: progress.doneOfCell(i),
      runs: progress.wanted(i),
    })),
  };
}

/** A function of edgesweep has opened the directory where the command is empty. */
function resumeCommand(directory: string, manifest: Manifest | undefined): string | null {
  if (manifest === undefined || manifest.command.length === 0) return null;
  const merged = manifest.command[0] === 'merge';
  return `edgesweep ${shellWords(merged ? runWords(directory) : manifest.command)}`;
}

export function describeDirectory({ summary, elapsed, common, cells }: DirectoryStatus): string {
  const { sweep, shard, done, pending, total, state, rate, secondsLeft, resume, setAside } = summary;
  const lines = cells.map((cell) => `  ${cell.done} of ${cell.runs}  ${cell.text}\n`);
  if (common !== '') lines.unshift(`  all cells: ${common}\n`);
  if (state === 'running') lines.unshift(`  ${describeRun(elapsed, rate, secondsLeft)}\n`);
  if (state === 'partial')
    lines.unshift(`  not running; to resume, rerun${resume === null ? ' its command' : `: ${resume}`}\n`);
  for (const { node, key, task, time } of setAside)
    lines.push(`  node ${oneLine(node)} set aside at ${time}: its result of task ${task} was wrong; key ${key}\n`);
  const name = shard === undefined ? sweep : `${sweep}, shard ${shard}`;
  return `${name}: ${done} done, ${pending} pending, ${total} in all\n${lines.join('')}`;
}

function describeRun(elapsed: number | undefined, rate: number | null, secondsLeft: number | null): string {
  const since = elapsed === undefined ? 'running' : `running for ${duration(Math.round(elapsed))}`;
  if (rate === null || secondsLeft === null) return `${since}; no task of this run has ended yet`;
  return `${since}; ${describePace({ rate, secondsLeft })}`;
}

/** `12 tasks a second, about 3 min left` */
export const describePace = ({ rate, secondsLeft }: Pace): string =>
  `${Number(rate.toPrecision(2))} tasks a second, about ${roughly(secondsLeft)} left`;
