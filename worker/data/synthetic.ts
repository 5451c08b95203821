import { EdgesweepError, type Part, type SyntheticDataset, type TestSet } from '../../shared/mod.ts';
import { normalQuantile, Stream, type StreamName } from '../../shared/random/mod.ts';
import type { Examples } from '../engines/problem.ts';

/** float32 numbers in the inputs and targets together: 2 GiB */
const MOST_VALUES = 2 ** 29;

/**
 * Synthetic regression (thesis, section 3.1): X (n x d), V (outputs x d) and E (n x outputs) standard normal, Y = X V^T - E.
 *
 * X, V and E are streams of their own, drawn row by row, so that a smaller n has the first rows of a larger one. The products of
 * a dot product are summed in float64, inputs ascending; Y is rounded to float32 once.
 *
 * @param seed sweep seed
 * @param run names the draw
 * @throws EdgesweepError NETWORK_TOO_LARGE
 */
export function syntheticRegression(dataset: SyntheticDataset, seed: number, run: number): Examples {
  return drawRegression(dataset, seed, run, 'training');
}

/** Further examples of the regression of that run: the same V, and X and E of part 1 of their streams. */
export function syntheticTestExamples(dataset: SyntheticDataset, { examples }: TestSet, seed: number, run: number) {
  return drawRegression({ ...dataset, examples }, seed, run, 'test');
}

function drawRegression(dataset: SyntheticDataset, seed: number, run: number, part: Part): Examples {
  const { examples, dimensions, outputs } = dataset;
  const values = Math.max(examples, outputs) * (dimensions + outputs);
  if (values > MOST_VALUES) {
    throw new EdgesweepError('NETWORK_TOO_LARGE', 'the data do not fit in memory', {
      expected: `at most ${MOST_VALUES} numbers`,
      got: `${examples} examples of ${dimensions} inputs and ${outputs} outputs`,
      fix: 'use fewer examples or dimensions',
    });
  }
  const own = part === 'test' ? 1 : 0;
  const draw = (purpose: StreamName['purpose'], size: number, part = own): Float32Array => {
    const stream = new Stream({ seed, purpose, run, part });
    return Float32Array.from({ length: size }, () => normalQuantile(stream.uniform()));
  };
  const x = draw('inputs', examples * dimensions);
  const v = draw('targetWeights', outputs * dimensions, 0);
  const noise = draw('noise', examples * outputs);
  const y = new Float32Array(examples * outputs);
  for (let e = 0; e < examples; e++) {
    for (let o = 0; o < outputs; o++) {
      let sum = 0;
      for (let i = 0; i < dimensions; i++) sum += x[e * dimensions + i] * v[o * dimensions + i];
      y[e * outputs + o] = sum - noise[e * outputs + o];
    }
  }
  return { count: examples, inputs: dimensions, outputs, x, y };
}
