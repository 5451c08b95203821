import type { View } from '../view.ts';
import { drawSurvival } from './figure.ts';
import { survivalReport, survivalTable } from './table.ts';

export const survival: View<'survival'> = {
  table: async (...asked) => survivalReport(await survivalTable(...asked)),
  figure: drawSurvival,
  measures: {
    diverged: ({ divergence }) => (divergence === null ? 0 : 1),
    'divergence.iteration': ({ divergence }) => divergence?.iteration ?? null,
  },
  describe: ({ divergence }) =>
    divergence === null ? 'survived' : `${divergence.kind} at iteration ${divergence.iteration}`,
};
