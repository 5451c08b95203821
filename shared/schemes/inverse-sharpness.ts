import { defineScheme, factor, inverse, inverseLabel } from './scheme.ts';

/** 1 / (c lambda_t), lambda_t the sharpness of the network at this iteration. */
export const inverseSharpness = defineScheme({
  kind: '1/lambda',
  describe: 'one over c times the sharpness of each iteration; while that is not positive, the step size before it',
  parameters: { factor },
  defaults: { factor: 1 },
  layered: false,
  costs: { measures: 1, losses: 0 },
  label: ({ factor: c }) => inverseLabel('lambda', c),
  step({ factor: c }, iterate, [last]) {
    const stepSize = inverse(iterate.sharpness(), c, last);
    return { stepSize, memory: [stepSize] };
  },
});
