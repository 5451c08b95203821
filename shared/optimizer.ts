import { z } from 'zod';

const momentum = z.number().gt(0).lt(1);

/**
 * How a gradient becomes a step, as PyTorch's optimisers do it; eta is the step size, g the gradient, v is 0 at first:
 *
 * - sgd: w <- w - eta g; a task that has no optimiser has this one
 * - momentum (Polyak): v <- momentum v + g, w <- w - eta v
 * - nesterov: v <- momentum v + g, w <- w - eta (g + momentum v)
 * - adam (Kingma and Ba 2015, algorithm 1)
 */
export const optimizerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sgd') }),
  z.strictObject({ kind: z.literal('momentum'), momentum }),
  z.strictObject({ kind: z.literal('nesterov'), momentum }),
  z.strictObject({
    kind: z.literal('adam'),
    beta1: z.number().min(0).lt(1),
    beta2: z.number().min(0).lt(1),
    epsilon: z.number().positive(),
  }),
]);
export type Optimizer = z.infer<typeof optimizerSchema>;
export const OPTIMIZER_KINDS = optimizerSchema.options.map(({ shape }) => shape.kind.value);

/** What a sweep file may leave out. */
export const OPTIMIZER_DEFAULTS: Record<Optimizer['kind'], Record<string, number>> = {
  sgd: {},
  momentum: { momentum: 0.9 },
  nesterov: { momentum: 0.9 },
  adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
};

/** How tables and figures call it, such as `momentum 0.9`. */
export function optimizerLabel(optimizer: Optimizer): string {
  const { kind, ...values } = optimizer;
  const differing = Object.entries(values).filter(([key, value]) => OPTIMIZER_DEFAULTS[kind][key] !== value);
  if (kind === 'momentum' || kind === 'nesterov') return `${kind} ${optimizer.momentum}`;
  return [kind, ...differing.map(([key, value]) => `${key} ${value}`)].join(' ');
}
