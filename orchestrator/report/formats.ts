import { renderCsv } from './csv.ts';
import { renderJson } from './json.ts';
import { renderLatex } from './latex.ts';
import { layOut } from './layout.ts';
import { renderMarkdown } from './markdown.ts';
import type { Table } from './table.ts';
import { renderTerminal } from './terminal.ts';

type Render = (table: Table, style: { color: boolean }) => string;

/** Each format's text, ending with a line break. */
export const FORMATS = {
  md: (table) => renderMarkdown(layOut(table)),
  csv: (table) => renderCsv(table),
  json: (table) => renderJson(table),
  tex: (table) => renderLatex(layOut(table)),
  terminal: (table, { color }) => renderTerminal(layOut(table), color),
} as const satisfies Record<string, Render>;

export type Format = keyof typeof FORMATS;

export function render(table: Table, format: Format, style: { color: boolean } = { color: false }): string {
  return FORMATS[format](table, style);
}
