import type { TopLevelSpec } from 'vega-lite';
import { counted, EdgesweepError, type GridValue, oneLine, varyingKeys } from '../../../shared/mod.ts';
import { expand, type SweepNamed } from '../../../shared/sweep/mod.ts';
import { readOutcomes } from '../../directory/mod.ts';
import { type DrawOptions, refuseOptions } from '../../figure/mod.ts';
import { CONFIG, LINE_WIDTH, lineStyles, SCHEMA } from '../../figure/style.ts';
import { keyHeading, valueHeading } from '../../report/headings.ts';
import { histogramOf, moments } from '../../statistics.ts';
import { headOf, isLogarithmic } from './head.ts';
import { numberOf, parameterKey, readNumbers } from './read.ts';
import { drawSeries, STEP } from './series.ts';

const SIZE = { width: 440, height: 290 };
/** Values along x that each get a tick, at most. */
const MOST_TICKS = 8;
/** Lines, without the fill of the points that stand on them. */
const LEGEND = { encoding: { symbols: { fill: { value: 'transparent' } } } };

/** A number of the program against a parameter: the mean of the runs with its 95 % confidence interval. Or its series against the step. */
export async function drawProgram(
  directories: readonly string[],
  sweeps: readonly SweepNamed<'program'>[],
  options: DrawOptions,
): Promise<TopLevelSpec> {
  const { title, panels, against, x, facet, by, log = [], linear = [] } = options;
  refuseOptions({ '--against': against }, 'it draws maximal step sizes into a figure of survival');
  if (sweeps.length > 1) {
    throw new EdgesweepError('USAGE', 'a figure of a program shows one sweep', { got: directories.join(' ') });
  }
  const [sweep] = sweeps;
  const expansion = expand(sweep);
  const { figure } = sweep;
  const { cells } = expansion;
  if (panels !== undefined || x === STEP || (x === undefined && figure.panels !== undefined)) {
    if (x !== STEP) refuseOptions({ '--x': x }, '--panels are drawn against the step');
    return drawSeries(directories[0], sweep, expansion, options);
  }
  const keyOf = (key: string | undefined) => (key === undefined ? undefined : parameterKey(key, cells));
  const varying = varyingKeys(cells);
  const panelKey = keyOf(facet ?? figure.facet);
  const along =
    keyOf(x ?? figure.x) ??
    chooseX(
      cells.map(({ params }) => params),
      varying,
      panelKey,
    );
  const asked = (by ?? (figure.color === undefined ? undefined : [figure.color]))?.map((key) =>
    parameterKey(key, cells),
  );
  const lineKeys = asked ?? varying.filter((key) => key !== along && key !== panelKey);
  const keys = [...new Set([along, ...(panelKey === undefined ? [] : [panelKey]), ...lineKeys])];
  const {
    groups,
    values: names,
    tasks,
  } = await readNumbers(sweep, expansion, readOutcomes(directories[0]), {
    keys,
    ...(figure.value !== undefined && { values: [figure.value] }),
  });
  const [name] = names;
  const at = (row: readonly GridValue[], key: string) => row[keys.indexOf(key)];
  const values = groups.flatMap(({ row, results }) => {
    const numbers = results.flatMap((result) => numberOf(result, name) ?? []).sort((a, b) => a - b);
    if (numbers.length === 0) return [];
    const { mean, ci95 } = moments(histogramOf(numbers));
    return {
      x: at(row, along),
      y: mean,
      low: mean - (ci95 ?? 0),
      high: mean + (ci95 ?? 0),
      line: lineKeys.map((key) => valueHeading(key, at(row, key))).join(', '),
      ...(panelKey !== undefined && { panel: valueHeading(panelKey, at(row, panelKey)) }),
    };
  });
  const lines = [...new Set(values.map(({ line }) => line))];
  const places = [...new Set(values.map((value) => value.x))];
  const isNumeric = values.every((value) => typeof value.x === 'number');
  const scaleOf = (axis: 'x' | 'y', preset: boolean | undefined) => ({
    type: isLogarithmic(axis, preset, log, linear) ? 'log' : 'linear',
    zero: false,
    nice: false,
    ...(axis === 'y' && { padding: 8 }),
  });
  const xField = isNumeric
    ? {
        field: 'x',
        type: 'quantitative',
        scale: { ...scaleOf('x', figure.logX), padding: 8 },
        title: keyHeading(along),
        ...(places.length <= MOST_TICKS && { axis: { values: places, grid: false } }),
      }
    : { field: 'x', type: 'nominal', sort: null, title: keyHeading(along), axis: { labelAngle: 0 } };
  const y = { type: 'quantitative', scale: scaleOf('y', figure.logY), title: oneLine(name ?? 'value') };
  // a logarithmic axis has no place for the end of an interval that reaches 0
  const least = Math.min(...values.flatMap(({ y: mean, low }) => [mean, low].filter((value) => value > 0)));
  const drawn = y.scale.type === 'log' ? values.map((one) => ({ ...one, low: Math.max(one.low, least) })) : values;
  const { colors, dashes } = lineStyles(lines.length);
  const color = {
    field: 'line',
    type: 'nominal',
    sort: lines,
    scale: { domain: lines, range: colors },
    title: null,
    legend: LEGEND,
  };
  const strokeDash = { ...color, scale: { domain: lines, range: dashes } };
  const ofLines = lines.length > 1 ? { color } : {};
  const layer = [
    {
      mark: { type: 'rule', strokeWidth: 1 },
      transform: [{ filter: 'datum.high > datum.low' }],
      encoding: {
        x: xField,
        y: { field: 'low', ...y },
        y2: { field: 'high' },
        ...ofLines,
      },
    },
    {
      mark: { type: 'line', point: true, strokeWidth: LINE_WIDTH },
      encoding: {
        x: xField,
        y: { field: 'y', ...y },
        ...ofLines,
        ...(lines.length > 1 && { strokeDash }),
      },
    },
  ];
  return {
    $schema: SCHEMA,
    title: headOf(
      sweep,
      title,
      tasks,
      expansion.runs > 1 ? [`mean of ${counted(expansion.runs, 'run')}, with its 95 % confidence interval`] : [],
    ),
    data: { values: drawn },
    ...(panelKey === undefined
      ? { ...SIZE, layer }
      : { facet: { field: 'panel', type: 'nominal', sort: null, title: null }, columns: 2, spec: { ...SIZE, layer } }),
    config: { ...CONFIG, legend: { ...CONFIG.legend, symbolType: 'stroke', symbolSize: 700 } },
  } as unknown as TopLevelSpec;
}

/** The first key that has several values, all of them numbers; else the first that varies. */
function chooseX(
  params: readonly Readonly<Record<string, unknown>>[],
  varying: readonly string[],
  taken: string | undefined,
): string {
  const free = varying.filter((key) => key !== taken);
  const isNumeric = (key: string) => params.every((values) => typeof values[key.slice('params.'.length)] === 'number');
  const chosen = free.find(isNumeric) ?? free[0] ?? Object.keys(params[0] ?? {}).map((name) => `params.${name}`)[0];
  if (chosen !== undefined) return chosen;
  throw new EdgesweepError('USAGE', 'the sweep has no parameter to plot against', { fix: 'add a key to its grid' });
}
