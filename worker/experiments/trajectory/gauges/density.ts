import { columnOf, type DensitySettings, densityColumns, scopesOf } from '../../../../shared/mod.ts';
import { quadrature, signVector, solve } from '../../../eigen/mod.ts';
import type { Parts, StartGauge } from '../point.ts';

/** More than a task may ask probes of one block. */
const PARTS_A_BLOCK = 1000;

/**
 * Nodes and weights of a quadrature for each block and probe. The probes, vectors of signs named by seed, run, block and number, are the
 * same at every measurement, so that what changes from one to the next is the Hessian.
 */
export const density: StartGauge = (
  { cell, seed, run, objective: { blocks, size } }: Parts,
  { probes, steps, layers }: DensitySettings,
) => {
  const problems = scopesOf(cell.depth, layers).flatMap((layer) =>
    Array.from({ length: probes }, (_, probe) => {
      const part = (layer === 'all' ? 0 : layer + 1) * PARTS_A_BLOCK + probe;
      return { layer, probe, start: signVector(layer === 'all' ? size : blocks[layer].length, { seed, run, part }) };
    }),
  );
  return ({ objective }) => {
    const rules = solve(
      (directions) => objective.multiply(directions),
      problems.map(({ layer, start }) => ({ layer, solving: quadrature(start, steps) })),
    );
    const columns: Record<string, number> = {};
    let total = 0;
    for (const [i, { nodes, weights, products }] of rules.entries()) {
      const { layer, probe } = problems[i];
      for (const [k, value] of nodes.entries()) {
        const names = densityColumns(layer, probe + 1, k + 1);
        columns[names.node] = value;
        columns[names.weight] = weights[k];
      }
      const name = columnOf('density_products', layer);
      columns[name] = (columns[name] ?? 0) + products;
      total += products;
    }
    return { columns, products: total };
  };
};
