import { crossingsOf, middleOf } from '../../../shared/mod.ts';
import type { View } from '../view.ts';

export const bisect: View<'bisect'> = {
  async table(...asked) {
    const [{ bisectReport }, { bisectTable }] = await Promise.all([import('./report.ts'), import('./table.ts')]);
    return bisectReport(await bisectTable(...asked));
  },
  figure: async (...asked) => (await import('./figure.ts')).drawBisect(...asked),
  measures: {
    stepSize: ({ end, low, high }) => (end === 'found' ? middleOf(low, high) : null),
    crossings: ({ scan }) => (scan.length === 0 ? null : crossingsOf(scan)),
  },
  describe: ({ end, low, high }) =>
    end === 'found' ? `between ${low} and ${high}` : end === 'never' ? `survives at ${high}` : `diverges at ${low}`,
};
