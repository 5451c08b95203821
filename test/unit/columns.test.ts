import { expect, it } from 'vitest';
import { cutLast, tableLines } from '../../orchestrator/columns.ts';

const table = {
  head: ['name', 'n', 'title'],
  align: ['left', 'right', 'left'] as const,
  body: [
    ['one', '1', 'a title of thirty-two characters'],
    ['three', '33', 'short'],
  ],
};

it('a table that fits its terminal, or goes to a file, has columns', () => {
  const lines = ['name    n  title', 'one     1  a title of thirty-two characters', 'three  33  short'];
  expect(tableLines(table, undefined)).toEqual(lines);
  expect(tableLines(table, 43)).toEqual(lines);
});

it('one that does not has a list for each row, between rules', () => {
  const rule = '─'.repeat(20);
  expect(tableLines(table, 20)).toEqual([
    rule,
    'name   one',
    'n      1',
    'title  a title of thirty-two characters',
    rule,
    'name   three',
    'n      33',
    'title  short',
    rule,
  ]);
});

it('where only the last column is too wide, it is cut as long as something of it is left', () => {
  expect(tableLines(cutLast(table, 30), 30)).toEqual([
    'name    n  title',
    'one     1  a title of thirty-…',
    'three  33  short',
  ]);
  expect(cutLast(table, 26)).toEqual(table);
  expect(cutLast(table, undefined)).toEqual(table);
});
