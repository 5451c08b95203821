import type { TopLevelSpec } from 'vega-lite';
import { counted, EdgesweepError, oneLine } from '../../../shared/mod.ts';
import { expand, type SweepNamed } from '../../../shared/sweep/mod.ts';
import { readOutcomes } from '../../directory/mod.ts';
import { type DrawOptions, refuseOptions } from '../../figure/mod.ts';
import { COLORS, CONFIG, LINE_WIDTH, SCHEMA, wrapped } from '../../figure/style.ts';
import { survivalTable } from './table.ts';

const STEP_SIZE = 'stepSize';
const SIZE = { width: 440, height: 290 };
/** Letters of the title that fit above the figure. */
const TITLE_LETTERS = 48;

/** The share of runs that diverged against the step size, one line for each combination of the other keys. */
export async function drawSurvival(
  directories: readonly string[],
  sweeps: readonly SweepNamed<'survival'>[],
  { title, ...options }: DrawOptions,
): Promise<TopLevelSpec> {
  const { x, facet, by, panels } = options;
  const given = (axes: readonly unknown[] | undefined) => (axes?.length ? axes : undefined);
  refuseOptions(
    {
      '--x': x,
      '--facet': facet,
      '--by': by,
      '--panels': panels,
      '--log': given(options.log),
      '--linear': given(options.linear),
    },
    'a figure of survival has the step size along x, and one line for each combination of the other keys',
  );
  if (sweeps.length > 1) {
    throw new EdgesweepError('USAGE', 'a figure of survival shows one sweep', { got: directories.join(' ') });
  }
  const [sweep] = sweeps;
  const keys = [STEP_SIZE, ...sweep.table.rows.filter((key) => key !== STEP_SIZE)];
  const { entries, tasks } = await survivalTable(sweep, expand(sweep), readOutcomes(directories[0]), { by: keys });
  const values = entries
    .filter(({ n }) => n > 0)
    .map(({ row: [stepSize, ...others], n, diverged }) => ({
      stepSize,
      share: diverged / n,
      n,
      line: others.join(', '),
    }));
  const lines = [...new Set(values.map(({ line }) => line))];
  const color = { field: 'line', type: 'nominal', sort: lines, scale: { domain: lines, range: COLORS }, title: null };
  return {
    $schema: SCHEMA,
    title: {
      text: wrapped(oneLine(title ?? sweep.title), TITLE_LETTERS),
      subtitle: [
        ...(sweep.source === undefined ? [] : [oneLine(sweep.source)]),
        ...(tasks.done < tasks.total ? [`partial: ${tasks.done} of ${counted(tasks.total, 'task')}`] : []),
      ],
      anchor: 'start',
      offset: 14,
    },
    ...SIZE,
    data: { values },
    mark: { type: 'line', point: true, strokeWidth: LINE_WIDTH },
    encoding: {
      x: { field: 'stepSize', type: 'quantitative', scale: { type: 'log', nice: false }, title: 'step size' },
      y: { field: 'share', type: 'quantitative', scale: { domain: [0, 1] }, title: 'share of runs that diverged' },
      ...(lines.length > 1 && { color }),
    },
    config: CONFIG,
  } as unknown as TopLevelSpec;
}
