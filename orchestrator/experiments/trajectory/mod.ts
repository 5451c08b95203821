import { counted, EdgesweepError } from '../../../shared/mod.ts';
import type { View } from '../view.ts';

export const trajectory: View<'trajectory'> = {
  async table(sweep, expansion, outcomes, { by, stat }) {
    if (stat !== undefined && stat.length > 0) {
      throw new EdgesweepError('USAGE', 'a table of trajectories has no statistics over runs', {
        where: '--stat',
        got: stat.join(', '),
        fix: 'omit --stat: each run has its own row',
      });
    }
    const { trajectoryReport, trajectoryTable } = await import('./table/mod.ts');
    return trajectoryReport(await trajectoryTable(sweep, expansion, outcomes, by));
  },
  figure: async (...asked) => (await import('./figure/mod.ts')).drawTrajectories(...asked),
  measures: {
    loss: ({ loss }) => loss,
    'test.loss': ({ test }) => test?.loss ?? null,
    'test.accuracy': ({ test }) => test?.accuracy ?? null,
    edge: ({ edge }) => edge,
    'plateau.sharpness': ({ plateau }) => plateau?.sharpness ?? null,
    'plateau.ofEdge': ({ plateau }) => plateau?.ofEdge ?? null,
    iterations: ({ iterations }) => iterations,
    products: ({ products }) => products,
    cost: ({ cost }) => cost,
  },
  describe({ iterations, series, end, divergence }) {
    const how = divergence === null ? end : `${divergence.kind} at iteration ${divergence.iteration}`;
    return `${counted(iterations, 'iteration')}, series ${series.slice(0, 12)}: ${how}`;
  },
};
