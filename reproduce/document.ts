import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** The data that a chapter's report is about, each by itself. */
export type Part = 'synthetic' | 'cifar10' | 'fashion-mnist';

const beginning = (part: string): string => `<!-- ${part} -->`;

/** Writes one part of the document of reproductions; the other parts, each by its own command, stay as they are. */
export function writePart(file: string, part: string, text: string): void {
  const old = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const parts = old.split(/^(?=<!-- [\w-]+ -->$)/m).filter((piece) => piece.trim() !== '');
  const piece = `${beginning(part)}\n\n${text.trim()}\n`;
  const index = parts.findIndex((other) => other.startsWith(beginning(part)));
  if (index < 0) parts.push(piece);
  else parts[index] = piece;
  // in the order of the thesis: chapter-3, chapter-3-cifar10, chapter-3-fashion-mnist, chapter-4, ..., explanations
  writeFileSync(
    file,
    parts
      .map((other) => `${other.trim()}\n`)
      .toSorted()
      .join('\n'),
  );
}
