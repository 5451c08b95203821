import type { View } from '../view.ts';

export const map: View<'map'> = {
  async table(...asked) {
    const { mapReport, mapTable } = await import('./table.ts');
    return mapReport(await mapTable(...asked));
  },
  figure: async (...asked) => (await import('./figure.ts')).drawMaps(...asked),
  measures: {
    converged: ({ converged }) => converged,
    diverged: ({ diverged }) => diverged,
  },
  describe: ({ points, converged, diverged }) => `${converged} of ${points} points converged, ${diverged} diverged`,
};
