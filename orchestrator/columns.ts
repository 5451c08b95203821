import stringWidth from 'string-width';
import { oneLine } from '../shared/mod.ts';

export type Align = 'left' | 'right';

/**
 * Rows as lines, with each column as wide as its widest cell, which acts on no terminal, and two spaces between columns. In time linear in the rows, of which a
 * table may have 10^5.
 * @returns the lines, and their width in columns of the terminal
 */
export function inColumns(
  rows: readonly (readonly string[])[],
  align: readonly Align[],
): { lines: string[]; width: number } {
  const shown = rows.map((row) => row.map(oneLine));
  const widths = align.map((_, column) => shown.reduce((most, row) => Math.max(most, stringWidth(row[column])), 0));
  const cell = (text: string, column: number): string => {
    const space = ' '.repeat(widths[column] - stringWidth(text));
    return align[column] === 'right' ? space + text : text + space;
  };
  const lines = shown.map((row) => row.map(cell).join('  ').trimEnd());
  return { lines, width: widths.reduce((sum, width) => sum + width, 0) + 2 * (widths.length - 1) };
}

export type Columns = { head: readonly string[]; align: readonly Align[]; body: readonly (readonly string[])[] };

/**
 * A table as lines. Where it is wider than the terminal, each row is a list of its values, one per line, between rules.
 * @param columns of the terminal; undefined for a file, which has no width
 */
export function tableLines({ head, align, body }: Columns, columns: number | undefined): string[] {
  const { lines, width } = inColumns([head, ...body], align);
  return columns === undefined || width <= columns ? lines : asLists(head, body, ruleOf(columns));
}

/** Columns of the terminal that a last column keeps when it is cut. */
const LEAST = 16;

/** The table with its last column cut where only that one is too wide for the terminal. */
export function cutLast({ head, align, body }: Columns, columns: number | undefined): Columns {
  const others = inColumns(
    [head, ...body].map((row) => row.slice(0, -1)),
    align.slice(0, -1),
  ).width;
  const room = (columns ?? Number.POSITIVE_INFINITY) - others - 2;
  if (room < LEAST) return { head, align, body };
  const cut = (text: string) => (text.length > room ? `${text.slice(0, room - 1).trimEnd()}…` : text);
  return { head, align, body: body.map((row) => [...row.slice(0, -1), cut(row.at(-1) ?? '')]) };
}

export const ruleOf = (width: number): string => '─'.repeat(width);

/** Each row as a list of its values, with a rule before and after each. */
export function asLists(head: readonly string[], body: readonly (readonly string[])[], rule: string): string[] {
  const lists = body.map(
    (row) =>
      inColumns(
        row.map((value, i) => [head[i], value]),
        ['left', 'left'],
      ).lines,
  );
  return [rule, ...lists.flatMap((lines) => [...lines, rule])];
}
