import { describeCells } from '../../shared/mod.ts';
import { expand } from '../../shared/sweep/mod.ts';
import { growthOf } from '../adaptive/mod.ts';
import { Progress, readOutcomes, readSweep } from '../directory/mod.ts';

export type DirectoryStatus = {
  summary: { sweep: string; directory: string; done: number; pending: number; total: number };
  /** what all cells have in common */
  common: string;
  cells: { text: string; done: number; runs: number }[];
};

/** What the journal of a directory has, also while somebody writes it. @throws DIRECTORY_UNREADABLE, JOURNAL_DAMAGED */
export async function readDirectoryStatus(directory: string): Promise<DirectoryStatus> {
  const sweep = await readSweep(directory);
  const expansion = expand(sweep);
  const progress = new Progress(expansion);
  const growth = growthOf(sweep, expansion);
  for await (const outcome of readOutcomes(directory)) {
    progress.add(outcome.task);
    growth?.add(outcome);
  }
  if (growth !== undefined) {
    growth.grow();
    progress.want(growth.wanted);
  }
  const { done, total } = progress;
  const { common, each } = describeCells(expansion.cells);
  return {
    summary: { sweep: sweep.name, directory, done, pending: total - done, total },
    common,
    cells: expansion.cells.map((cell, i) => ({
      text: each(cell),
      done: progress.doneOfCell(i),
      runs: progress.wanted(i),
    })),
  };
}

export function describeDirectory({ summary, common, cells }: DirectoryStatus): string {
  const { sweep, done, pending, total } = summary;
  const lines = cells.map((cell) => `  ${cell.done} of ${cell.runs}  ${cell.text}\n`);
  if (common !== '') lines.unshift(`  all cells: ${common}\n`);
  return `${sweep}: ${done} done, ${pending} pending, ${total} in all\n${lines.join('')}`;
}
