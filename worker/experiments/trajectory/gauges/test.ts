import { hasClasses, TEST_COLUMNS } from '../../../../shared/mod.ts';
import type { Examples, Objective } from '../../../engines/mod.ts';
import type { StartGauge } from '../point.ts';

export const test: StartGauge = ({ cell, engine, problem, testExamples }) => {
  const examples = testExamples!;
  const objective = engine.objective({ ...problem, examples });
  return ({ w, objective: training }) => {
    const loss = objective.loss(w);
    const columns: Record<string, number> = { [TEST_COLUMNS.loss]: loss };
    if (hasClasses(cell)) {
      columns[TEST_COLUMNS.accuracy] = accuracyOf(objective, examples);
      columns[TEST_COLUMNS.trainingAccuracy] = accuracyOf(training, problem.examples);
    }
    return { columns, products: 0 };
  };
};

/** The share of the examples whose largest output, the first of equal ones, is that of their largest target; a NaN is no largest output. */
function accuracyOf(objective: Objective, { count, outputs, y }: Examples): number {
  const z = new Float32Array(count * outputs);
  objective.outputs(z);
  let right = 0;
  for (let e = 0; e < z.length; e += outputs) if (largest(z, e, outputs) === largest(y, e, outputs)) right++;
  return right / count;
}

function largest(values: Float32Array, start: number, length: number): number {
  let [place, value] = [-1, Number.NEGATIVE_INFINITY];
  for (let j = 0; j < length; j++) if (values[start + j] > value) [place, value] = [j, values[start + j]];
  return place;
}
