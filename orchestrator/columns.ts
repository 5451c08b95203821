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
