import type { View } from '../view.ts';
import { drawPhases } from './figure.ts';
import { phasesReport } from './report.ts';
import { phasesTable } from './table.ts';

export const phases: View<'phases'> = {
  table: async (...asked) => phasesReport(await phasesTable(...asked)),
  figure: drawPhases,
  measures: {
    'sharpness.first': ({ sharpness }) => sharpness.first,
    'sharpness.last': ({ sharpness }) => sharpness.last,
    'loss.last': ({ loss }) => loss.last,
    stepSize: ({ stepSize }) => stepSize,
  },
  describe: ({ phase, stepSize, steps }) => `${phase} after ${steps} steps of size ${stepSize}`,
};
