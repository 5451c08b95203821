import type { View } from '../view.ts';
import { drawMaps } from './figure.ts';
import { mapReport, mapTable } from './table.ts';

export const map: View<'map'> = {
  table: async (...asked) => mapReport(await mapTable(...asked)),
  figure: drawMaps,
  measures: {
    converged: ({ converged }) => converged,
    diverged: ({ diverged }) => diverged,
  },
  describe: ({ points, converged, diverged }) => `${converged} of ${points} points converged, ${diverged} diverged`,
};
