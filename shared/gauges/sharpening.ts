import { z } from 'zod';
import { columnOf, type Scope, scopesOf } from '../series/series.ts';
import { defineGauge } from './gauge.ts';

/** Names of the columns of a layer, or of the network: `mass` is of layers alone. */
export const sharpeningColumns = (block: Scope) => ({
  mass: columnOf('eigenvector_mass', block),
  rate: columnOf('sharpening', block),
  error: columnOf('sharpening_error', block),
});

/** Norm of the gradient of the sharpness, |grad lambda|. */
export const SHARPNESS_GRADIENT_NORM = 'sharpness_gradient_norm';

/** Which layer sharpens: where the top eigenvector is, and how fast gradient flow raises the sharpness through each layer. */
export const sharpening = defineGauge({
  name: 'sharpening',
  describe:
    'which layer sharpens: mass of the top eigenvector, and rate of change of the sharpness under gradient flow',
  schema: () => z.literal(true),
  written: () => z.boolean(),
  panels: ['eigenvector-mass', 'sharpening'],
  columns({ depth }) {
    const [whole, ...layers] = scopesOf(depth, true);
    return [
      ...layers.map((layer) => sharpeningColumns(layer).mass),
      ...[whole, ...layers].flatMap((block) => [sharpeningColumns(block).rate, sharpeningColumns(block).error]),
      SHARPNESS_GRADIENT_NORM,
    ];
  },
  // four gradients and four products with the Hessian
  cost: () => 12,
});
