import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  stepSizeReport,
  type Table,
  tableRows,
} from '../../../orchestrator/experiments/maximal-step-size/table/mod.ts';
import { type Format, render as renderReport } from '../../../orchestrator/report/formats.ts';
import { renderLatex } from '../../../orchestrator/report/latex.ts';
import type { Layout } from '../../../orchestrator/report/layout.ts';
import { renderMarkdown } from '../../../orchestrator/report/markdown.ts';
import { renderTerminal, wantsColor } from '../../../orchestrator/report/terminal.ts';
import { renderTypst } from '../../../orchestrator/report/typst.ts';
import { expand } from '../../../shared/sweep/mod.ts';
import { load } from '../sweep/support.ts';
import { cube, TABLE_4_1 } from './support.ts';

const render = (table: Table, format: Format) => renderReport(stepSizeReport(table), format);

const table41 = () => tableRows(TABLE_4_1.sweep, TABLE_4_1.expansion, TABLE_4_1.outcomes);

const layout = (parts: Partial<Layout>): Layout => ({
  title: 'title',
  source: null,
  head: ['key', 'mean'],
  align: ['left', 'right'],
  body: [['a', '1.00000']],
  notes: [],
  ...parts,
});

/** Fields of CSV text, quotes undone (RFC 4180). */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/g)) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === '\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

test('CSV parses back to the numbers, to the last bit', async () => {
  const table = await table41();
  const [head, ...lines] = parseCsv(render(table, 'csv'));
  const statistics = ['n', 'mean', 'sd', 'ci95', 'se', 'min', 'median', 'max'] as const;
  expect(head).toEqual(['activation', 'runs', ...statistics, 'atMost', 'atLeast', 'paper', 'difference', 'rungs']);
  expect(lines).toHaveLength(4);
  lines.forEach((line, i) => {
    const entry = table.entries[i];
    expect(line[0]).toBe(entry.row[0]);
    expect(line.slice(2, 10).map(Number)).toEqual(statistics.map((name) => entry.statistics[name]));
    expect(line.slice(12).map(Number)).toEqual([entry.paper, entry.difference, entry.rungs]);
  });
});

test('CSV has a line an entry also for a table with columns, and empty fields where there is no number', async () => {
  const { sweep, expansion, outcomes } = cube();
  const [head, ...lines] = parseCsv(render(await tableRows(sweep, expansion, outcomes.slice(0, 1)), 'csv'));
  expect(head.slice(0, 5)).toEqual(['depth', 'width', 'activation', 'runs', 'n']);
  expect(lines).toHaveLength(8);
  expect(lines[1]).toEqual(['2', '5', 'relu', '3', '0', ...Array(7).fill(''), '0', '0', '', '', '0']);
});

test('truth values, and keys that a kind of data set lacks, are readable in every format', async () => {
  const sweep = load(`grid:
  activation: linear
  dataset: [{kind: cifar10, examples: 5, grayscale: [true, false]}, {kind: mnist, examples: 5}]
table: {rows: [grayscale]}`);
  const table = await tableRows(sweep, expand(sweep), []);
  expect(parseCsv(render(table, 'csv')).map(([value]) => value)).toEqual(['grayscale', 'true', 'false', '-']);
  expect(JSON.parse(render(table, 'json')).entries.map(({ row }: { row: object }) => row)).toEqual([
    { grayscale: true },
    { grayscale: false },
    { grayscale: '-' },
  ]);
  for (const format of ['md', 'tex', 'terminal'] as const)
    for (const word of ['true', 'false', '-']) expect(render(table, format)).toMatch(new RegExp(`^[| ]*${word} `, 'm'));
});

test('CSV quotes a value with commas, quotes and line breaks', async () => {
  const table = await table41();
  const odd = 'a, "b"\nc';
  table.entries[0].row = [odd];
  expect(parseCsv(render(table, 'csv'))[1][0]).toBe(odd);
});

test('JSON tells everything, numbers to 12 significant digits', async () => {
  const table = await table41();
  const document = JSON.parse(render(table, 'json'));
  expect(document).toMatchObject({
    name: 'table-4.1',
    tasks: { done: 40, total: 40 },
    rows: ['activation'],
    paperRuns: 10,
  });
  const [linear] = document.entries;
  expect(linear).toMatchObject({
    row: { activation: 'linear' },
    runs: 10,
    bounds: { atMost: 0, atLeast: 0 },
    paper: 0.38433,
    rungs: 10,
  });
  expect(document.entries[3]).toMatchObject({ rungs: 2, marks: { difference: '†' } });
  expect(linear.marks).toEqual({});
  expect(linear.statistics.mean).toBe(Number(table.entries[0].statistics.mean!.toPrecision(12)));
  expect(render(table, 'json')).not.toMatch(/\d\.\d{17}/);
});

test('what is not known is null in JSON', async () => {
  const table = await tableRows(TABLE_4_1.sweep, TABLE_4_1.expansion, TABLE_4_1.outcomes.slice(0, 1));
  const [linear, tanh] = JSON.parse(render(table, 'json')).entries;
  expect(linear.statistics).toMatchObject({ n: 1, sd: null, ci95: null, se: null });
  expect(tanh.statistics).toMatchObject({ n: 0, mean: null });
});

test('Markdown has the title, the source, the table and the notes, in this order', () => {
  const text = renderMarkdown(layout({ source: 'a book', notes: ['a note'] }));
  expect(text).toBe(
    '# title\n\nSource: a book\n\n| key |    mean |\n| :-- | ------: |\n| a   | 1.00000 |\n\n- a note\n',
  );
});

test('Markdown escapes what would be read as markup, and only that', () => {
  const text = renderMarkdown(layout({ title: 'a|b *c* `d` <script> batch_size <= ~ 1', body: [['x|y', '1']] }));
  expect(text).toContain('# a\\|b \\*c\\* \\`d\\` \\<script> batch_size <= ~ 1');
  expect(text).toContain('| x\\|y |');
});

test('LaTeX escapes every special character', () => {
  const text = renderLatex(layout({ title: '50 % & $5 #1 a_b {c} \\d ^e ~f <g> |h|' }));
  expect(text).toContain(
    '\\caption{50 \\% \\& \\$5 \\#1 a\\_b \\{c\\} \\textbackslash{}d \\textasciicircum{}e $\\sim$f $<$g$>$ $|$h$|$}',
  );
});

test('LaTeX sets bounds, ±, daggers, dashes and signs as such', () => {
  const text = renderLatex(
    layout({
      body: [
        ['a', '<= 0.1 ± ~ 0.2'],
        ['b', '–'],
        ['[c', '>= 1 (paper 2, -0.50 SE)'],
        ['d', '† -3.71'],
      ],
    }),
  );
  expect(text).toContain('a & $\\leq$ 0.1 $\\pm$ $\\sim$ 0.2 \\\\');
  expect(text).toContain('b & -- \\\\');
  expect(text).toContain('d & $\\dagger$ $-$3.71 \\\\');
  expect(text).toContain('{[}c & $\\geq$ 1 (paper 2, $-$0.50 SE) \\\\');
});

const hasLatex = spawnSync('pdflatex', ['--version']).status === 0;

test('LaTeX output is a whole booktabs table, and compiles where pdflatex is installed', async () => {
  const { sweep, expansion, outcomes } = cube();
  const tables = [await table41(), await tableRows(sweep, expansion, outcomes.slice(0, 20))];
  const text = tables.map((table) => render(table, 'tex')).join('\n');
  for (const name of ['table', 'tabular']) {
    expect(text.split(`\\begin{${name}}`)).toHaveLength(3);
    expect(text.split(`\\end{${name}}`)).toHaveLength(3);
  }
  const rules = text.match(/\\(top|mid|bottom)rule/g);
  expect(rules).toEqual(['\\toprule', '\\midrule', '\\bottomrule', '\\toprule', '\\midrule', '\\bottomrule']);
  const rows = text.split('\n').filter((line) => line.endsWith('\\\\'));
  expect(rows.map((row) => row.split(/(?<!\\)&/).length)).toEqual([7, 7, 7, 7, 7, 4, 4, 4, 4, 4]);
  if (!hasLatex) return;
  const directory = mkdtempSync(join(tmpdir(), 'edgesweep-latex-'));
  try {
    const document = `\\documentclass{article}\\usepackage{booktabs}\\begin{document}\n${text}\\end{document}\n`;
    writeFileSync(join(directory, 'table.tex'), document);
    const options = { cwd: directory, encoding: 'utf8' } as const;
    const { status, stdout } = spawnSync(
      'pdflatex',
      ['-interaction=nonstopmode', '-halt-on-error', 'table.tex'],
      options,
    );
    expect(status, stdout).toBe(0);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('Typst gets a figure with a table of strings, in which nothing is markup', () => {
  const text = renderTypst(
    layout({ title: 'a "b" \\c #d *e* $f$', source: 'g', body: [['[h]', '<= 0.1 ± -0.2']], notes: ['>= 1-2'] }),
  );
  expect(text).toBe(`#figure(
  caption: "a \\"b\\" \\\\c #d *e* $f$ (g)",
  table(
    columns: 2,
    align: (left, right,),
    stroke: none,
    table.hline(),
    table.header("key", "mean"),
    table.hline(stroke: 0.5pt),
    "[h]", "≤ 0.1 ± −0.2",
    table.hline(),
  ),
)
#text(size: 0.8em, "≥ 1-2")
`);
});

test('the terminal gets the table plain, numbers on the right', async () => {
  const lines = render(await table41(), 'terminal').split('\n');
  expect(lines.slice(0, 2)).toEqual([TABLE_4_1.sweep.title, TABLE_4_1.sweep.source]);
  expect(lines[3]).toBe('activation      mean       sd  95 % CI         n     paper  difference (SE)');
  expect(lines[5]).toBe('linear       0.38099  0.03255  0.02329  10 of 10   0.38433            -0.23');
  expect(lines[8]).toBe('sigmoid     12.56976  0.05258  0.03761  10 of 10  12.58223          † -0.53');
  expect(lines[2]).toBe('─'.repeat(lines[3].length));
  expect(lines.join('')).not.toContain('\u001b');
});

test('where the columns do not fit the terminal, each row is a list', () => {
  const rows: Layout = {
    ...{ title: 'title', source: null, head: ['activation', 'mean'], align: ['left', 'right'], notes: [] },
    body: [
      ['linear', '0.38'],
      ['tanh', '12.5'],
    ],
  };
  const list = ['title', '─'.repeat(15), 'activation  linear', 'mean        0.38', '─'.repeat(15)];
  const wide = renderTerminal(rows, { color: false });
  expect(renderTerminal(rows, { color: false, columns: 15 }).split('\n').slice(0, 5)).toEqual(list);
  expect(renderTerminal(rows, { color: false, columns: 16 })).toBe(wide);
});

test('on a terminal with colour title and headings are bold and nothing moves', () => {
  const plain = renderTerminal(layout({}), { color: false });
  const bold = renderTerminal(layout({}), { color: true });
  expect(bold).toContain('\u001b[1mtitle\u001b[22m');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences are what is looked for
  expect(bold.replace(/\u001b\[\d+m/g, '')).toBe(plain);
});

test('colour is for terminals without NO_COLOR', () => {
  expect(wantsColor({ isTTY: true }, {})).toBe(true);
  expect(wantsColor({ isTTY: true }, { NO_COLOR: '' })).toBe(true);
  expect(wantsColor({ isTTY: true }, { NO_COLOR: '1' })).toBe(false);
  expect(wantsColor({}, {})).toBe(false);
});

test('line breaks and escape sequences in a title reach no format that is read by eye', async () => {
  const table = { ...(await table41()), title: 'one\ntwo \u001b[31mred' };
  for (const format of ['md', 'tex', 'typ', 'terminal'] as const) {
    expect(render(table, format)).toMatch(/one two \S*u001b\S*31mred/);
    expect(render(table, format)).not.toContain('\u001b');
  }
});
