import { defineScheme, factor, inverse, inverseLabel } from './scheme.ts';

/** 1 / (c lambda_t), lambda_t the sharpness of the network at this iteration. */
export const inverseSharpness = defineScheme({
  kind: '1/lambda',
  describe: '1 / (c * sharpness) at each iteration; the previous step size while the sharpness is not positive',
  parameters: factor,
  defaults: { factor: 1 },
  layered: false,
  measures: true,
  costs: { measures: 1, losses: 0 },
  label: ({ factor: c }) => inverseLabel('lambda', c),
  step({ factor: c }, iterate, [last]) {
    const stepSize = inverse(iterate.sharpness(), c, last);
    return { stepSize, memory: [stepSize] };
  },
});
