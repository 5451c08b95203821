import { readFileSync } from 'node:fs';
import { parseSync } from 'rolldown/utils';

export type Node = { type: string; start: number; end: number; [key: string]: unknown };
type Comment = { value: string; start: number; end: number };

/** A module as a tree, and the documentation comment that stands before a place in it. */
export type Source = { text: string; body: readonly Node[]; commentBefore(start: number): string };

/** @param file within this repository */
export function readSource(file: string): Source {
  const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  const { program, comments, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0].message}`);
  return {
    text,
    body: program.body as unknown as readonly Node[],
    commentBefore(start) {
      const before = (comments as Comment[]).find(({ end }) => end <= start && text.slice(end, start).trim() === '');
      return before === undefined ? '' : textOf(before.value);
    },
  };
}

/** Without the asterisks. */
const textOf = (comment: string): string =>
  comment
    .replace(/^\*/, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trim())
    .join('\n')
    .trim();

/** What the comments say of the fields of a schema that is written as `const NAME = lazily(() => z.strictObject({...}))`, by the field's name with dots. */
export function fieldComments(file: string, name: string): Map<string, string> {
  const source = readSource(file);
  const found = new Map<string, string>();
  const walk = (node: unknown, prefix: string): void => {
    if (typeof node !== 'object' || node === null) return;
    const { type, start, ...parts } = node as Node;
    const key = type === 'Property' ? (parts.key as { name?: string }).name : undefined;
    if (key === undefined) {
      for (const part of Object.values(node)) walk(part, prefix);
      return;
    }
    const path = prefix === '' ? key : `${prefix}.${key}`;
    const comment = source.commentBefore(start);
    if (comment !== '') found.set(path, comment);
    walk(parts.value, path);
  };
  const isNamed = (node: Node) => node.type === 'VariableDeclarator' && (node.id as { name?: string }).name === name;
  const declarators = source.body
    .map((node) => (node.declaration ?? node) as Node)
    .flatMap((node) => (node.declarations ?? []) as Node[]);
  walk(declarators.find(isNamed)?.init, '');
  return found;
}
