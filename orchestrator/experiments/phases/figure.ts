import type { TopLevelSpec } from 'vega-lite';
import { PHASES } from '../../../shared/mod.ts';
import { expand, type SweepNamed } from '../../../shared/sweep/mod.ts';
import { readOutcomes } from '../../directory/mod.ts';
import { headingOf, partialNote } from '../../figure/heading.ts';
import { type DrawOptions, onlySweep } from '../../figure/mod.ts';
import { COLORS, CONFIG, SCHEMA } from '../../figure/style.ts';
import { phasesTable } from './table.ts';

const LETTERS = 60;
const FACT = 'shares of trainings by what becomes of the loss; c: step size times initial sharpness';
const COLORS_OF_PHASES = [COLORS[6], COLORS[1], COLORS[5], COLORS[2]];

/** The shares of the phases against c, a panel for each combination of the other keys. */
export async function drawPhases(
  directories: readonly string[],
  sweeps: readonly SweepNamed<'phases'>[],
  options: DrawOptions,
): Promise<TopLevelSpec> {
  const { title, by } = options;
  const sweep = onlySweep(directories, sweeps, options, {
    taken: ['by'],
    layout: 'a figure of phases has c along x, and one panel for each combination of the other keys',
  });
  const others = (by ?? sweep.table.rows).filter((key) => key !== 'c');
  const table = await phasesTable(sweep, expand(sweep), readOutcomes(directories[0]), { by: [...others, 'c'] });
  const { entries, tasks, source } = table;
  const values = entries.flatMap(({ row, n, counts }) =>
    n === 0
      ? []
      : PHASES.map((phase, order) => ({
          panel: row.slice(0, -1).join(', '),
          c: row[row.length - 1],
          phase,
          order,
          share: counts[phase] / n,
        })),
  );
  const names = [...new Set(values.map(({ panel }) => panel))];
  return {
    $schema: SCHEMA,
    title: headingOf(title ?? sweep.title, source, [...partialNote(tasks), FACT], LETTERS),
    data: { values },
    ...(names.length > 1 && {
      facet: { field: 'panel', type: 'nominal', sort: names, title: null, header: { labelFontSize: 12 } },
      columns: names.length <= 3 ? names.length : 2,
    }),
    ...(names.length > 1
      ? { spec: { width: names.length === 3 ? 230 : 300, height: 180, ...layer } }
      : { width: 440, height: 260, ...layer }),
    config: CONFIG,
  } as unknown as TopLevelSpec;
}

const layer = {
  mark: { type: 'area', line: false, opacity: 0.9 },
  encoding: {
    x: { field: 'c', type: 'quantitative', scale: { type: 'log', nice: false }, title: 'c = η λ0' },
    y: { field: 'share', type: 'quantitative', stack: 'zero', scale: { domain: [0, 1] }, title: 'share of trainings' },
    order: { field: 'order', type: 'quantitative' },
    color: {
      field: 'phase',
      type: 'nominal',
      sort: [...PHASES],
      scale: { domain: [...PHASES], range: COLORS_OF_PHASES },
      title: null,
    },
  },
};
