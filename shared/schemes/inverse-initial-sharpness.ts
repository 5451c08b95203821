import { defineScheme, factor, inverse, inverseLabel } from './scheme.ts';

/** 1 / (c lambda_0), lambda_0 the sharpness of the initial network: constant, and found without a search. */
export const inverseInitialSharpness = defineScheme({
  kind: '1/lambda0',
  describe: '1 / (c * sharpness at the start), at every iteration',
  parameters: { factor },
  defaults: { factor: 1 },
  layered: false,
  costs: { measures: 0, losses: 0 },
  label: ({ factor: c }) => inverseLabel('lambda0', c),
  step({ factor: c }, iterate, [first]) {
    const stepSize = first ?? inverse(iterate.sharpness(), c);
    return { stepSize, memory: [stepSize] };
  },
});
