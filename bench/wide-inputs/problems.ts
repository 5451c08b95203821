import { type Activation, ROW_SPACE, type SearchCell } from '../../dist/shared/mod.js';
import { engineOf, ladder, type problemOf } from '../../dist/worker/mod.js';

export type Problem = ReturnType<typeof problemOf>;
export type Shape = { activation: Activation; examples: number; inputs: number; growth: number };

/** Depth 3, width 10, ten targets, 100 steps a rung, as in the thesis's sweeps on CIFAR-10, but for the data, which are synthetic. */
export function cellOf({ activation, examples, inputs, growth }: Shape): SearchCell {
  return {
    activation,
    depth: 3,
    width: 10,
    dataset: { kind: 'synthetic', examples, dimensions: inputs, outputs: 10 },
    batchSize: 'full',
    initialization: 'pytorch-default',
    data: { draw: 'per-run' },
    search: { initialStepSize: 0.001, growth, steps: 100, ceiling: 1e4 },
  };
}

export const reducedOf = (cell: SearchCell): SearchCell => ({ ...cell, data: { ...cell.data, reduce: ROW_SPACE } });

/** The same training with the sums over examples in the opposite order: what rounding alone does. */
export function reversed(problem: Problem): Problem {
  const { count, inputs, outputs, x, y } = problem.examples;
  const backwards = (rows: Float32Array, width: number) => {
    const result = new Float32Array(rows.length);
    for (let e = 0; e < count; e++) result.set(rows.subarray(e * width, (e + 1) * width), (count - 1 - e) * width);
    return result;
  };
  return { ...problem, examples: { ...problem.examples, x: backwards(x, inputs), y: backwards(y, outputs) } };
}

/** The first rung that diverges. */
export function rungOf(problem: Problem, cell: SearchCell, run: number): number {
  const engine = engineOf('simd');
  const trainer = engine.prepare(problem);
  let group = [];
  for (const trial of ladder(cell.search, 0, run)) {
    group.push(trial);
    if (group.length < engine.lanes) continue;
    const last = trainer.train(group).length - 1;
    if (last < engine.lanes - 1 || trainer.train([group[last]])[0].divergence !== null) return group[last].rung;
    group = [];
  }
  throw new Error('no rung diverges');
}
