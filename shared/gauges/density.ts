import { z } from 'zod';
import { lazily, type Parsed } from '../lazily.ts';
import { count, LIMITS } from '../limits.ts';
import { columnOf, type Scope, scopesOf } from '../series/series.ts';
import { mapping } from '../sweep/shapes.ts';
import { defineGauge } from './gauge.ts';

/** Columns that a series may have of densities: each takes 8 bytes an iteration in memory and in a checkpoint. */
const MOST_COLUMNS = 2000;

const values = lazily(() => ({
  every: count(LIMITS.iterations).describe('interval between densities, in iterations'),
  probes: count(100).describe('random vectors of signs per density'),
  steps: count(200).describe('products, and so nodes, per vector'),
  layers: z.boolean().describe('also of the block of each layer'),
}));

/** Names of the columns of a node and of its weight; probes and nodes count from 1, nodes in ascending order. */
export function densityColumns(block: Scope, probe: number, k: number): { node: string; weight: string } {
  return {
    node: columnOf(`density_node_${probe}_${k}`, block),
    weight: columnOf(`density_weight_${probe}_${k}`, block),
  };
}

const schema = lazily(() => z.strictObject(values()));
export type DensitySettings = Parsed<typeof schema>;

/** The spectral density of the Hessian by stochastic Lanczos quadrature, of the network and, if wanted, of each layer's block. */
export const density = defineGauge({
  name: 'density',
  describe: 'spectral density of the Hessian by stochastic Lanczos quadrature',
  schema,
  written() {
    const { every, probes, steps, layers } = values();
    return z.union([
      z.literal(false),
      mapping({
        every: every.default(100),
        probes: probes.default(4),
        steps: steps.default(24),
        layers: layers.default(false),
      }),
    ]);
  },
  panels: ['density'],
  due: (iteration, { every }) => (iteration - 1) % every === 0,
  columns: ({ depth }, { probes, steps, layers }) =>
    scopesOf(depth, layers).flatMap((block) => [
      ...Array.from({ length: probes * steps }, (_, i) =>
        Object.values(densityColumns(block, Math.floor(i / steps) + 1, (i % steps) + 1)),
      ).flat(),
      columnOf('density_products', block),
    ]),
  cost({ depth, trajectory }, { every, probes, steps, layers }) {
    const products = probes * steps * (layers ? 1 + Math.min(2, depth) : 1);
    return (2 * products * trajectory.every) / every;
  },
  fault({ depth }, { probes, steps, layers }) {
    const columns = 2 * probes * steps * scopesOf(depth, layers).length;
    if (columns <= MOST_COLUMNS) return undefined;
    return {
      message: 'the densities have too many columns',
      expected: `at most ${MOST_COLUMNS}: a node and a weight for each step of each probe${layers ? ' of each block' : ''}`,
      got: String(columns),
      fix: 'lower `probes` or `steps`, or omit `layers`',
    };
  },
});
