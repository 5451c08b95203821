import { markdownTable } from 'markdown-table';
import type { Layout } from './layout.ts';

export function renderMarkdown({ title, source, head, align, body, notes }: Layout): string {
  const rows = [head, ...body].map((row) => row.map(escapeMarkdown));
  const parts = [`# ${escapeMarkdown(title)}`];
  if (source !== null) parts.push(`Source: ${escapeMarkdown(source)}`);
  parts.push(markdownTable(rows, { align }));
  if (notes.length > 0) parts.push(notes.map((note) => `- ${escapeMarkdown(note)}`).join('\n'));
  return `${parts.join('\n\n')}\n`;
}

/** Only what would be read as markup, so that the source stays readable: "<= 0.1" and batch_size are fine as they are. */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*[\]|]|(?<!\w)_|_(?!\w)|<(?=[a-z/!?])|~(?! )|&(?=#?\w+;)/gi, (match) => `\\${match}`);
}
