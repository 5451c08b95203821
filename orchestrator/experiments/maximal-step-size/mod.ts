import type { View } from '../view.ts';

export const maximalStepSize: View<'maximal-step-size'> = {
  async table(...asked) {
    const { stepSizeReport, tableRows } = await import('./table/mod.ts');
    return stepSizeReport(await tableRows(...asked));
  },
  figure: async (...asked) => (await import('./figure/mod.ts')).drawStepSizes(...asked),
  measures: { stepSize: ({ stepSize }) => stepSize, steps: ({ steps }) => steps },
  isBound: ({ end, rung }) => end === 'ceiling' || rung === 0,
  describe({ stepSize, rung, end, divergence }) {
    const how = divergence === null ? end : `${divergence.kind} at iteration ${divergence.iteration}`;
    return `step size ${stepSize} (rung ${rung}): ${how}`;
  },
};
