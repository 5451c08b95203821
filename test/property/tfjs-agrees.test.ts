import { describe, expect, it } from 'vitest';
import type { SearchTask } from '../../shared/mod.ts';
import { expand, loadSweepOf } from '../../shared/sweep/mod.ts';
import { type Comparison, crosscheck } from '../../worker/experiments/mod.ts';
import { DEBIAN_FOLDER, requireFashionMnist } from '../golden/image-tasks.ts';

/** Where the ladder begins: so far below the mean of the paper that most of a run's rungs still hold. */
const SHARE = 0.85;
/** Of each task of Table 4.2; `make test-properties` takes more. */
const RUNS = process.env.EDGESWEEP_TEST_PROPERTIES === 'all' ? 2 : 1;

/** Tasks of a shipped table; their ladders begin near their ends, since TensorFlow.js takes its time. */
function tasksOf(name: string, runs: number): [string, SearchTask][] {
  const sweep = loadSweepOf('maximal-step-size', name, { environment: {}, flags: { runs, set: [] } });
  const { cells, task } = expand(sweep);
  return cells.flatMap(({ activation }, c) =>
    Array.from({ length: runs }, (_, run): [string, SearchTask] => {
      const { cell, ...rest } = task(c, run);
      const initialStepSize = SHARE * (sweep.table?.paper?.[activation] as number);
      return [`${activation}, run ${run}`, { ...rest, cell: { ...cell, search: { ...cell.search, initialStepSize } } }];
    }),
  );
}

/** As long as moving the inputs in their last places does not change a training, TensorFlow.js does not either. */
function expectAgreement({ rungs, reproducible, difference, compared, computed }: Comparison): void {
  expect(difference).toBeGreaterThan(0);
  expect(difference).toBeLessThan(1e-3);
  expect(compared).toBeGreaterThan(computed / 50);
  if (reproducible) expect(Math.abs(rungs[0] - rungs[1])).toBeLessThanOrEqual(2);
}

describe('simd and TensorFlow.js agree on the tasks of Table 4.1', () => {
  it.each(tasksOf('table-4.1', 1))('%s', async (_, task) => {
    expectAgreement(await crosscheck(task, ['simd', 'tfjs'], []));
  });
});

describe('simd and TensorFlow.js agree on the tasks of Table 4.2', () => {
  it.each(tasksOf('table-4.2', RUNS))('%s', async (_, task) => {
    const comparison = await crosscheck(task, ['simd', 'tfjs'], []);
    expectAgreement(comparison);
    // with one example a step, chaos leaves the rungs alone
    expect(Math.abs(comparison.rungs[0] - comparison.rungs[1])).toBeLessThanOrEqual(2);
  });
});

it('takes the rounding of outputs that cancel for no disagreement', async () => {
  const sweep = loadSweepOf('maximal-step-size', 'table-4.2', {
    environment: {},
    flags: { set: ['search.growth=1.05', 'search.steps=10', 'search.ceiling=10'] },
  });
  const { cells, task } = expand(sweep);
  const sigmoid = cells.findIndex(({ activation }) => activation === 'sigmoid');
  // at rung 140, iteration 7, the loss falls from 45914 to 138, and the engines are 1.1e-3 apart
  expectAgreement(await crosscheck(task(sigmoid, 0), ['simd', 'tfjs'], []));
});

it('takes a loss that the last place of the step size decides for no disagreement', async () => {
  requireFashionMnist();
  const set = [
    'grid.activation=tanh',
    'grid.loss=cross-entropy',
    'grid.width=4',
    'search.initialStepSize=1000',
    'search.growth=1000',
  ];
  const sweep = loadSweepOf('maximal-step-size', 'extra/cnn', { environment: {}, flags: { runs: 7, set } });
  // the engines are 1.6e-2 apart in one loss of rung 0, which moved inputs change by 2e-7
  const comparison = await crosscheck(expand(sweep).task(0, 6), ['simd', 'tfjs'], [DEBIAN_FOLDER]);
  expectAgreement(comparison);
  expect(comparison.compared).toBeLessThan(comparison.computed);
});

it('finds no difference between simd and the reference, in either order', async () => {
  const [, task] = tasksOf('table-4.2', 1)[0];
  for (const engines of [['simd', 'reference'] as const, ['reference', 'simd'] as const]) {
    const { rungs, difference, at, compared } = await crosscheck(task, engines, []);
    expect({ difference, at }).toEqual({ difference: 0, at: null });
    expect(rungs[0]).toBe(rungs[1]);
    expect(compared).toBeGreaterThan(0);
  }
});
