import { edgeOf } from '../optimizer.ts';
import { defineScheme, factor, inverse, inverseLabel } from './scheme.ts';

/** 1 / (c lambda_0), lambda_0 the sharpness of the initial network: constant, and found without a search. */
export const inverseInitialSharpness = defineScheme({
  kind: '1/lambda0',
  describe: '1 / (c * sharpness at the start), at every iteration',
  parameters: factor,
  defaults: { factor: 1 },
  layered: false,
  measures: true,
  costs: { measures: 0, losses: 0 },
  fault(optimizer) {
    if (edgeOf({ optimizer }).matrix === 'hessian') return undefined;
    return {
      message:
        "the optimiser's first preconditioner is made of one gradient: the sharpness over it says nothing of later ones",
      expected: 'optimizer sgd, momentum or nesterov',
      fix: 'use the scheme constant or 1/lambda',
    };
  },
  label: ({ factor: c }) => inverseLabel('lambda0', c),
  step({ factor: c }, iterate, [first]) {
    const stepSize = first ?? inverse(iterate.sharpness(), c);
    return { stepSize, memory: [stepSize] };
  },
});
