import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sealText } from '../../orchestrator/directory/journal/sealed.ts';
import { canonicalize } from '../../shared/canonical.ts';
import type { Outcome } from '../../shared/mod.ts';

export function journalText(directory: string): string {
  const path = join(directory, 'outcomes.jsonl');
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** The finished lines of the journal. */
export function journalLines(directory: string): string[] {
  return journalText(directory).split('\n').slice(0, -1);
}

/**
 * What has to be the same byte for byte in every execution: the canonical text of task and result of every outcome, sorted by id.
 * A task that is there twice stands there twice.
 */
export function outcomesText(directory: string): string {
  return journalLines(directory)
    .map((line) => JSON.parse(line) as Outcome)
    .map(({ task, result }) => `${task.id} ${canonicalize({ task, result })}\n`)
    .sort()
    .join('');
}

/** The text of every table file. */
export function tableFiles(directory: string): Record<string, string> {
  const names = ['table.md', 'table.csv', 'table.json', 'table.tex'];
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(directory, name), 'utf8')]));
}

/** A line of a journal with a change that its digest belongs to, as somebody would make it who knows the format. */
export const forgedLine = (line: string, change: (text: string) => string): string =>
  sealText(change(line.replace(/,"digest":"\w+"\}$/, '}')));
