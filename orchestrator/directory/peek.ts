import { existsSync } from 'node:fs';
import { numericsOf } from '../../shared/mod.ts';
import type { Expansion, Sweep } from '../../shared/sweep/mod.ts';
import type { Growth } from '../adaptive/growth.ts';
import { refuseForeignDirectory } from './guard.ts';
import { readJournal } from './journal/mod.ts';
import { journalPath } from './layout.ts';
import { isSweepDirectory } from './list.ts';
import { readManifest } from './manifest.ts';
import { Progress } from './progress.ts';
import { isComplete } from './series.ts';
import { describeChange, Outdated } from './sweep-changes.ts';

export type Peek = {
  /** Has the directory been used by a run? */
  exists: boolean;
  progress: Progress;
  /** how the sweep differs from the one in the directory; undefined where it does not */
  change: string | undefined;
  /** how many recorded outcomes are of an earlier arithmetic; undefined where none is */
  outdated: string | undefined;
};

/**
 * What `openSweepDirectory` would find for the sweep. Takes no lock and writes nothing.
 * @throws as `openSweepDirectory`, except for DIRECTORY_LOCKED and DISK
 */
export async function peekSweepDirectory(
  directory: string,
  sweep: Sweep,
  expansion: Expansion,
  growth?: Growth,
): Promise<Peek> {
  await refuseForeignDirectory(directory, sweep);
  const progress = new Progress(expansion);
  let orphans = 0;
  const outdated = new Outdated();
  if (existsSync(journalPath(directory))) {
    for await (const outcome of readJournal(journalPath(directory), {
      numerics: numericsOf(sweep),
      cells: expansion.cells,
    })) {
      growth?.add(outcome);
      if (!progress.includes(outcome.task)) {
        orphans += 1;
        outdated.add(outcome.task.cell);
      } else if (isComplete(directory, outcome)) progress.add(outcome.task);
    }
  }
  if (growth !== undefined) {
    growth.grow();
    progress.want(growth.wanted);
  }
  const exists = isSweepDirectory(directory);
  const former = await readManifest(directory).catch(() => undefined);
  const change = exists ? await describeChange(directory, sweep, orphans, former?.command) : undefined;
  return { exists, progress, change, outdated: outdated.describe() };
}
