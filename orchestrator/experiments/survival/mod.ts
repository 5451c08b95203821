import type { View } from '../view.ts';
import { drawSurvival } from './figure.ts';
import { survivalReport, survivalTable } from './table.ts';

export const survival: View<'survival'> = {
  table: async (...asked) => survivalReport(await survivalTable(...asked)),
  figure: drawSurvival,
  describe: ({ divergence }) =>
    divergence === null ? 'survived' : `${divergence.kind} at iteration ${divergence.iteration}`,
};
