import { renderCsv } from './csv.ts';
import { renderJson } from './json.ts';
import { renderLatex } from './latex.ts';
import { type Layout, layOut } from './layout.ts';
import { renderMarkdown } from './markdown.ts';
import type { Table } from './table.ts';
import { renderTerminal } from './terminal.ts';
import { layOutTrajectories, type TrajectoryTable, trajectoryCsv, trajectoryJson } from './trajectory/mod.ts';

/** The table of a sweep of either experiment. */
export type AnyTable = Table | TrajectoryTable;

type Render = (table: AnyTable, style: { color: boolean }) => string;

export const layOutAny = (table: AnyTable): Layout =>
  table.kind === 'trajectories' ? layOutTrajectories(table) : layOut(table);

/** Each format's text, ending with a line break. */
export const FORMATS = {
  md: (table) => renderMarkdown(layOutAny(table)),
  csv: (table) => (table.kind === 'trajectories' ? trajectoryCsv(table) : renderCsv(table)),
  json: (table) => (table.kind === 'trajectories' ? trajectoryJson(table) : renderJson(table)),
  tex: (table) => renderLatex(layOutAny(table)),
  terminal: (table, { color }) => renderTerminal(layOutAny(table), color),
} as const satisfies Record<string, Render>;

export type Format = keyof typeof FORMATS;

export function render(table: AnyTable, format: Format, style: { color: boolean } = { color: false }): string {
  return FORMATS[format](table, style);
}
