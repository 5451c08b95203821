import { z } from 'zod';
import { edgeOf } from '../optimizer.ts';
import { schemeOf } from '../schemes/mod.ts';
import { matrixColumns, scopesOf } from '../series/series.ts';
import { endsOf } from '../solver.ts';
import { defineGauge, eigenvalueCost } from './gauge.ts';

/** The largest eigenvalues of the Hessian, of the network and of each layer's block. */
export const sharpness = defineGauge({
  name: 'sharpness',
  describe: 'largest eigenvalues of the Hessian',
  implied: () => true,
  schema: () => z.undefined(),
  written: () => z.undefined(),
  columns({ depth, scheme, optimizer, trajectory: { layers, solver } }) {
    // a scheme with a step size for each layer measures the layers for itself
    const measuresLayers = schemeOf(scheme).layered && edgeOf({ optimizer }).matrix === 'hessian';
    return matrixColumns('hessian', scopesOf(depth, layers || measuresLayers), endsOf(solver));
  },
  cost: eigenvalueCost,
});
