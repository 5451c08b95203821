import type { TopLevelSpec } from 'vega-lite';
import { cellValue, EdgesweepError, isOutcomeOf, type Series, varyingKeys } from '../../../shared/mod.ts';
import { type ExpansionOf, membersOf, type SweepNamed } from '../../../shared/sweep/mod.ts';
import { readOutcomes, readSeries } from '../../directory/mod.ts';
import type { DrawOptions } from '../../figure/mod.ts';
import { CONFIG, LINE_WIDTH, lineStyles, SCHEMA } from '../../figure/style.ts';
import { thin } from '../../figure/thin.ts';
import { valueHeading } from '../../report/headings.ts';
import { headOf, isLogarithmic } from './head.ts';
import { parameterKey, requireKnown } from './read.ts';

/** What a program calls the place of a row in its series; `--x step` asks for a figure of them. */
export const STEP = 'step';

/** Pixels of a panel, by how many stand in a row. */
const SIZES = [
  { width: 440, height: 290 },
  { width: 300, height: 220 },
  { width: 240, height: 190 },
];
/** Points kept of a line, and of all lines together. */
const LINE_POINTS = 600;
const FIGURE_POINTS = 36_000;
const LEAST_POINTS = 60;

/** The series of one run. */
type Recorded = { line: string; panel: string; run: number; series: Series };

/**
 * Numbers that a program reported step by step, against the step: a panel for each number, a line for each run, colours by cell.
 * @throws EdgesweepError USAGE for a key or a number that there is not, and where no steps are recorded; what reading a directory throws
 */
export async function drawSeries(
  directory: string,
  sweep: SweepNamed<'program'>,
  expansion: ExpansionOf<'program'>,
  { title, panels: asked, facet, by, log = [], linear = [] }: DrawOptions,
): Promise<TopLevelSpec> {
  const { figure } = sweep;
  const { cells, tasks } = expansion;
  const rowKey = facet ?? figure.facet;
  const facetKey = rowKey === undefined ? undefined : parameterKey(rowKey, cells);
  const lineKeys =
    (by ?? (figure.color === undefined ? undefined : [figure.color]))?.map((key) => parameterKey(key, cells)) ??
    varyingKeys(cells).filter((key) => key !== facetKey);
  const heading = (cell: number, keys: readonly string[]) =>
    keys.map((key) => valueHeading(key, cellValue(cells[cell], key))).join(', ');
  const cellOf = membersOf(expansion);
  const recorded: (Recorded & { cell: number })[] = [];
  let done = 0;
  for await (const outcome of readOutcomes(directory)) {
    const cell = isOutcomeOf(outcome, 'program') ? cellOf(outcome.task) : undefined;
    if (cell === undefined) continue;
    done += 1;
    if (!isOutcomeOf(outcome, 'program') || outcome.result.series === null) continue;
    recorded.push({
      cell,
      run: outcome.task.run,
      series: await readSeries(directory, outcome),
      line: heading(cell, lineKeys),
      panel: heading(cell, facetKey === undefined ? [] : [facetKey]),
    });
  }
  // in the order of the sweep, whatever order the journal has
  recorded.sort((a, b) => a.cell - b.cell || a.run - b.run);
  const panels = panelsOf(recorded, asked ?? figure.panels);
  const names = unique(recorded.map(({ line }) => line));
  const points = Math.min(
    LINE_POINTS,
    Math.max(LEAST_POINTS, Math.floor(FIGURE_POINTS / Math.max(1, recorded.length * panels.length))),
  );
  const logarithmic = {
    x: isLogarithmic('x', undefined, log, linear),
    y: isLogarithmic('y', figure.logY, log, linear),
  };
  const encoding = encodingOf(names, logarithmic, Math.max(1, ...recorded.map(({ series }) => lastStep(series))));
  const size = SIZES[Math.min(panels.length, SIZES.length) - 1];
  const rows = recorded.length === 0 ? [''] : unique(recorded.map(({ panel }) => panel));
  const concat = rows.flatMap((row) =>
    panels.map((name) => ({
      ...size,
      title: { text: row === '' ? name : `${row}: ${name}`, anchor: 'start', frame: 'group', fontSize: 12 },
      data: {
        values: recorded.flatMap((one, training) =>
          one.panel === row ? pointsOf(one, name, training, points, logarithmic) : [],
        ),
      },
      mark: { type: 'line', strokeWidth: LINE_WIDTH, strokeJoin: 'round', opacity: 0.9, clip: true },
      encoding,
    })),
  );
  const runs = new Set(recorded.map(({ run }) => run)).size;
  return {
    $schema: SCHEMA,
    title: headOf(sweep, title, { done, total: tasks }, runs > 1 ? [`one line for each of ${runs} runs`] : []),
    concat,
    columns: panels.length,
    spacing: { row: 22, column: 26 },
    resolve: { scale: { x: 'independent', y: 'independent', color: 'shared', strokeDash: 'shared' } },
    config: {
      ...CONFIG,
      legend: { ...CONFIG.legend, symbolType: 'stroke', symbolSize: 700, labelLimit: 0, columns: columnsFor(names) },
    },
  } as unknown as TopLevelSpec;
}

const lastStep = ({ columns }: Series): number => columns.get(STEP)!.at(-1)!;

/** @param last step of all runs */
function encodingOf(names: readonly string[], logarithmic: { x: boolean; y: boolean }, last: number) {
  const { colors, dashes } = lineStyles(names.length);
  const byLine = (range: readonly unknown[]) => ({
    field: 'line',
    type: 'nominal',
    sort: names,
    title: null,
    scale: { domain: names, range },
  });
  const scale = (isLog: boolean) => ({ type: isLog ? 'log' : 'linear', zero: false, nice: false });
  return {
    x: {
      field: 'x',
      type: 'quantitative',
      title: STEP,
      scale: { ...scale(logarithmic.x), domainMax: last },
      axis: { grid: false, tickCount: 6, tickMinStep: 1, format: ',d', labelFlush: false },
    },
    y: { field: 'y', type: 'quantitative', title: null, scale: { ...scale(logarithmic.y), padding: 6 } },
    detail: { field: 'training', type: 'nominal' },
    ...(names.length > 1 && { color: byLine(colors), strokeDash: byLine(dashes) }),
  };
}

const unique = (names: readonly string[]): string[] => [...new Set(names)];

/** Entries of the legend in a row: a letter is about 7 pixels wide. */
const columnsFor = (names: readonly string[]): number =>
  Math.max(1, Math.floor(560 / (50 + 7 * Math.max(0, ...names.map((name) => name.length)))));

/** @throws EdgesweepError USAGE */
function panelsOf(recorded: readonly Recorded[], asked: readonly string[] | undefined): readonly string[] {
  const known = unique(recorded.flatMap(({ series }) => [...series.columns.keys()])).filter((name) => name !== STEP);
  if (asked !== undefined && asked.length > 0) {
    if (recorded.length > 0) requireKnown(asked, known, 'the program reports no `%` step by step');
    return asked;
  }
  if (known.length > 0) return known;
  throw new EdgesweepError('USAGE', 'the directory has no steps to plot', {
    expected: 'lines `{"step": ..., "loss": ...}` from the program',
    got: 'none',
    fix: 'report steps (`task.step` in Python), or plot against a parameter with --x',
  });
}

function pointsOf(
  { line, series }: Recorded,
  name: string,
  training: number,
  most: number,
  logarithmic: { x: boolean; y: boolean },
) {
  const steps = series.columns.get(STEP)!;
  const values = series.columns.get(name) ?? new Float64Array(series.rows).fill(Number.NaN);
  const drawn = Array.from(steps, (x, i) => ({ x, value: values[i] })).filter(
    ({ x, value }) => !Number.isNaN(value) && !(logarithmic.x && x <= 0) && !(logarithmic.y && value <= 0),
  );
  return thin(drawn, most).map(({ x, value }) => ({ line, training, x, y: Number(value.toPrecision(5)) }));
}
