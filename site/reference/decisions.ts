import { readdirSync, readFileSync } from 'node:fs';
import { page } from './markdown.ts';

const FOLDER = new URL('../../docs/decisions/', import.meta.url);

/** The index of the decisions, from their headings. */
export function decisionsPage(): string {
  const notes = readdirSync(FOLDER)
    .filter((file) => /^\d{4}-.*\.md$/.test(file))
    .sort()
    .map((file) => {
      const [, title] = /^# (.*)$/m.exec(readFileSync(new URL(file, FOLDER), 'utf8')) ?? [];
      return `- [${title}](${file})`;
    });
  return page(
    'Decisions',
    'Decisions that cost something: what was measured, what was chosen, and the price.',
    notes.join('\n'),
  );
}
