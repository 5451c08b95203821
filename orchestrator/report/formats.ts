import { stringify } from 'csv-stringify/sync';
import { type GridValue, visible } from '../../shared/mod.ts';
import { renderLatex } from './latex.ts';
import { type Layout, visibleLayout } from './layout.ts';
import { renderMarkdown } from './markdown.ts';
import { renderTerminal, type Style } from './terminal.ts';
import { renderTypst } from './typst.ts';

/** The table of a sweep of any experiment, as every format needs it. */
export type Report = {
  /** for people: Markdown, LaTeX, Typst, the terminal and pages */
  layout(): Layout;
  /** for programs: one row per entry, at full precision */
  records(): Records;
  /** for programs: everything that is known of the table */
  json(): string;
};

/** Named columns; null where there is no value. */
export type Records = { columns: readonly string[]; rows: readonly (readonly (GridValue | null)[])[] };

type Render = (report: Report, style: Style) => string;

/** Each format's text, ending with a line break. */
export const FORMATS = {
  md: (report) => renderMarkdown(visibleLayout(report.layout())),
  csv: (report) => visible(csvText(report.records())),
  json: (report) => visible(report.json()),
  tex: (report) => renderLatex(visibleLayout(report.layout())),
  typ: (report) => renderTypst(visibleLayout(report.layout())),
  terminal: (report, style) => renderTerminal(visibleLayout(report.layout()), style),
} as const satisfies Record<string, Render>;

/** A line of names, then one per row, empty where there is no value. */
function csvText({ columns, rows }: Records): string {
  // by default the library writes 1 for true and nothing for false
  return stringify([columns, ...rows], { cast: { boolean: String } });
}

export type Format = keyof typeof FORMATS;

/** Formats of which every sweep directory has a file; the others are printed on demand. */
export const FILE_FORMATS = ['md', 'csv', 'json', 'tex'] as const satisfies Format[];

export function render(report: Report, format: Format, style: Style = { color: false }): string {
  return FORMATS[format](report, style);
}

/** What the user may ask for instead of what the sweep file says. */
export type TableOptions = {
  /** grid keys whose values make the rows; a table made so has no columns */
  by?: readonly string[] | undefined;
  /** statistics to show, in this order */
  stat?: readonly string[] | undefined;
  /** numbers of results to show, where an experiment has several */
  value?: readonly string[] | undefined;
};
