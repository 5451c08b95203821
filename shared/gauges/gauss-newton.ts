import { z } from 'zod';
import { matrixColumns, scopesOf } from '../series/series.ts';
import { endsOf } from '../solver.ts';
import { defineGauge, eigenvalueCost } from './gauge.ts';

/**
 * The largest eigenvalues of the Gauss-Newton matrix G = J' (d2L/dz2) J, z the network's outputs and J their derivatives by the
 * parameters, of the network and of each layer's block. The Hessian is H = G + R, and R has the second derivatives of z.
 */
export const gaussNewton = defineGauge({
  name: 'gaussNewton',
  describe: 'also measure the largest eigenvalues of the Gauss-Newton matrix, wherever the sharpness is measured',
  schema: () => z.literal(true),
  written: () => z.boolean(),
  panels: ['gauss-newton'],
  columns: ({ depth, trajectory: { layers, solver } }) =>
    matrixColumns('gaussNewton', scopesOf(depth, layers), endsOf(solver)),
  cost: eigenvalueCost,
});
