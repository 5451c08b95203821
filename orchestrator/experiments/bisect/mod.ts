import { crossingsOf, middleOf } from '../../../shared/mod.ts';
import type { View } from '../view.ts';
import { drawBisect } from './figure.ts';
import { bisectReport } from './report.ts';
import { bisectTable } from './table.ts';

export const bisect: View<'bisect'> = {
  table: async (...asked) => bisectReport(await bisectTable(...asked)),
  figure: drawBisect,
  measures: {
    stepSize: ({ end, low, high }) => (end === 'found' ? middleOf(low, high) : null),
    crossings: ({ scan }) => (scan.length === 0 ? null : crossingsOf(scan)),
  },
  describe: ({ end, low, high }) =>
    end === 'found' ? `between ${low} and ${high}` : end === 'never' ? `survives at ${high}` : `diverges at ${low}`,
};
