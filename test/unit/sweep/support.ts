import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EdgesweepError } from '../../../shared/errors.ts';
import { loadSweep, loadSweepOf, type Overrides, type SearchSweep } from '../../../shared/sweep/mod.ts';

/** Three lines, so that what a test adds begins at line 4, column 1. */
const HEAD = 'name: probe\ntitle: Probe\nexperiment: maximal-step-size\n';

/** Writes the text to a file of its own, gives its path to `use`, and removes it. */
export function withFile<Result>(text: string | Uint8Array, use: (file: string) => Result): Result {
  const directory = mkdtempSync(join(tmpdir(), 'edgesweep-sweep-'));
  try {
    const file = join(directory, 'probe.yaml');
    writeFileSync(file, text);
    return use(file);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Loads a sweep of which only the lines after name, title and experiment are given. */
export function load(lines: string, overrides?: Overrides): SearchSweep {
  return withFile(HEAD + lines, (file) => loadSweepOf('maximal-step-size', file, overrides));
}

/** What `load` refuses, with the folder of the temporary file left out. */
export function refusalOf(lines: string, overrides?: Overrides): { code: string; text: string; where: string } {
  return refusalOfText(HEAD + lines, overrides);
}

export function refusalOfText(text: string | Uint8Array, overrides?: Overrides) {
  return withFile(text, (file) => {
    const { code, message, details } = refusal(() => loadSweep(file, overrides));
    const short = (words = '') => words.replaceAll(file, 'probe.yaml');
    const { where, expected, got, fix } = details;
    return { code, text: short([message, expected, got, fix].join('\n')), where: short(where) };
  });
}

export function refusal(action: () => unknown): EdgesweepError {
  try {
    action();
  } catch (error) {
    if (error instanceof EdgesweepError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
