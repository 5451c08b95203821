import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROGRAM } from '../speed/commands.ts';
import { type ProcessTime, timeProcess } from '../speed/processor.ts';

/** With 5,000 examples, 5,000 iterations and width 10, whatever the depth, on synthetic data. */
export const FIGURES = ['3.1', '3.2', '3.5', '3.6', '3.7', '3.8', '3.9', 'A.1', 'A.4', 'A.5', 'A.6', 'A.7'];

export type FigureTiming = ProcessTime & { command: string };

/** A figure from nothing, once. @param more words of the command */
export function timeFigure(figure: string, more: readonly string[]): FigureTiming {
  const words = ['run', `figure-${figure}`, '--threads', '2', ...more];
  const folder = mkdtempSync(join(tmpdir(), 'edgesweep-bench-'));
  try {
    const time = timeProcess([PROGRAM, ...words, '--out', join(folder, 'sweep'), '--quiet']);
    return { command: `edgesweep ${words.join(' ')}`, ...time };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
