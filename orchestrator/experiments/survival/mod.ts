import { counted } from '../../../shared/mod.ts';
import type { View } from '../view.ts';
import { drawSurvival } from './figure.ts';
import { survivalReport } from './report.ts';
import { survivalTable } from './table.ts';

const diverged = ({ divergedAt }: { divergedAt: readonly number[] }): number =>
  divergedAt.filter((iteration) => iteration > 0).length;

export const survival: View<'survival'> = {
  table: async (...asked) => survivalReport(await survivalTable(...asked)),
  figure: drawSurvival,
  measures: {
    share: (result) => diverged(result) / result.divergedAt.length,
    diverged,
  },
  describe: (result) => `${diverged(result)} of ${counted(result.divergedAt.length, 'training')} diverged`,
};
