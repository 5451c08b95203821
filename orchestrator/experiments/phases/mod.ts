import type { View } from '../view.ts';

export const phases: View<'phases'> = {
  async table(...asked) {
    const [{ phasesReport }, { phasesTable }] = await Promise.all([import('./report.ts'), import('./table.ts')]);
    return phasesReport(await phasesTable(...asked));
  },
  figure: async (...asked) => (await import('./figure.ts')).drawPhases(...asked),
  measures: {
    'sharpness.first': ({ sharpness }) => sharpness.first,
    'sharpness.last': ({ sharpness }) => sharpness.last,
    'loss.last': ({ loss }) => loss.last,
    stepSize: ({ stepSize }) => stepSize,
  },
  describe: ({ phase, stepSize, steps }) => `${phase} after ${steps} steps of size ${stepSize}`,
};
