import type { View } from '../view.ts';
import { drawStepSizes } from './figure/mod.ts';
import { stepSizeReport, tableRows } from './table/mod.ts';

export const maximalStepSize: View<'maximal-step-size'> = {
  async table(sweep, expansion, outcomes, options) {
    return stepSizeReport(await tableRows(sweep, expansion, outcomes, options));
  },
  figure: drawStepSizes,
  measures: { stepSize: ({ stepSize }) => stepSize, steps: ({ steps }) => steps },
  isBound: ({ end, rung }) => end === 'ceiling' || rung === 0,
  describe({ stepSize, rung, end, divergence }) {
    const how = divergence === null ? end : `${divergence.kind} at iteration ${divergence.iteration}`;
    return `step size ${stepSize} (rung ${rung}): ${how}`;
  },
};
