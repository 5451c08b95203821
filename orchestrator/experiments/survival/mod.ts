import { counted } from '../../../shared/mod.ts';
import type { View } from '../view.ts';

const diverged = ({ divergedAt }: { divergedAt: readonly number[] }): number =>
  divergedAt.filter((iteration) => iteration > 0).length;

export const survival: View<'survival'> = {
  async table(...asked) {
    const [{ survivalReport }, { survivalTable }] = await Promise.all([import('./report.ts'), import('./table.ts')]);
    return survivalReport(await survivalTable(...asked));
  },
  figure: async (...asked) => (await import('./figure.ts')).drawSurvival(...asked),
  measures: {
    share: (result) => diverged(result) / result.divergedAt.length,
    diverged,
  },
  describe: (result) => `${diverged(result)} of ${counted(result.divergedAt.length, 'training')} diverged`,
};
