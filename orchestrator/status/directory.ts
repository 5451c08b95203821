import { describeCell } from '../../shared/mod.ts';
import { expand } from '../../shared/sweep/mod.ts';
import { Progress, readOutcomes, readSweep } from '../directory/mod.ts';

export type DirectoryStatus = {
  summary: { sweep: string; directory: string; done: number; pending: number; total: number };
  runs: number;
  cells: { text: string; done: number }[];
};

/** What the journal of a directory has, also while somebody writes it. @throws DIRECTORY_UNREADABLE, JOURNAL_DAMAGED */
export async function readDirectoryStatus(directory: string): Promise<DirectoryStatus> {
  const sweep = await readSweep(directory);
  const expansion = expand(sweep);
  const progress = new Progress(expansion);
  for await (const { task } of readOutcomes(directory)) progress.add(task);
  const { done, total } = progress;
  return {
    summary: { sweep: sweep.name, directory, done, pending: total - done, total },
    runs: expansion.runs,
    cells: expansion.cells.map((cell, i) => ({ text: describeCell(cell), done: progress.doneOfCell(i) })),
  };
}

export function describeDirectory({ summary, runs, cells }: DirectoryStatus): string {
  const { sweep, done, pending, total } = summary;
  const lines = cells.map((cell) => `  ${cell.done} of ${runs}  ${cell.text}\n`);
  return `${sweep}: ${done} done, ${pending} pending, ${total} in all\n${lines.join('')}`;
}
