import { defineScheme, factor, inverse, inverseLabel } from './scheme.ts';

/** Layer i with its own step size 1 / (c lambda_i,t), lambda_i,t the sharpness of its block (W_i, b_i) at this iteration. */
export const layerInverseSharpness = defineScheme({
  kind: 'layer 1/lambda',
  describe:
    "for each layer, one over c times the sharpness of its own block of the Hessian; by 1/lambda's rule while that is not positive",
  parameters: factor,
  defaults: { factor: 1 },
  layered: true,
  measures: true,
  costs: { measures: 1, losses: 0 },
  label: ({ factor: c }) => `layer ${inverseLabel('lambda', c)}`,
  step({ factor: c }, iterate, last) {
    const stepSize = iterate.layerSharpness().map((lambda, l) => inverse(lambda, c, last[l]));
    return { stepSize, memory: stepSize };
  },
});
