import { expect, it } from 'vitest';
import type { EngineName } from '../../../shared/mod.ts';
import {
  type BatchObjective,
  batchesOf,
  batchSampler,
  engineOf,
  type Objective,
  referenceObjective,
} from '../../../worker/engines/mod.ts';
import { wasBuilt } from '../../../worker/engines/native/mod.ts';
import { examplesAt } from '../../../worker/engines/objective.ts';
import { chiSquare } from '../random/support.ts';
import { problemOf } from './support.ts';

const ENGINES: EngineName[] = ['reference', 'simd', 'native'];
if (!wasBuilt()) console.log('not tested: batches on the native engine, which was not built');
const TRIAL = { seed: 1, run: 2, rung: 0 };

/** Loss, gradient, and products of the whole network and of each layer. */
function valuesOf(objective: Objective, rows: number, scale: number) {
  const w = Float32Array.from({ length: objective.size }, (_, i) => scale * Math.fround(Math.sin(i + 1)));
  const gradient = new Float32Array(objective.size);
  const loss = objective.evaluate(w, gradient);
  const directions = (['all', ...objective.blocks.keys()] as const).map((layer) => {
    const block = layer === 'all' ? { offset: 0, length: objective.size } : objective.blocks[layer];
    const vector = gradient.subarray(block.offset, block.offset + block.length);
    return { layer, vector, product: new Float32Array(block.length) };
  });
  objective.multiply(directions);
  const outputs = new Float32Array(3 * rows);
  objective.outputs(outputs);
  return { loss, outputs, alone: objective.loss(w), gradient, products: directions.map(({ product }) => product) };
}

it.each(ENGINES.filter((name) => name !== 'native' || wasBuilt()))(
  'the objective of a batch has the bits of one on its examples alone, whatever was selected before: %s',
  (name) => {
    for (const [activation, inputs, loss] of [
      ['gelu', 5, 'mse'],
      ['relu', 9, 'cross-entropy'],
      ['linear', 2, 'mse'],
    ] as const) {
      const problem = problemOf({ activation, inputs, width: 6, outputs: 3, depth: 3 }, 50, { loss });
      const batch: BatchObjective = engineOf(name).batchObjective(problem);
      const rows = batchSampler(50, 50, TRIAL)(1, 0);
      // a batch whose values overflow leaves infinities and NaN behind
      for (const [first, count, scale] of [
        [0, 8, 1],
        [0, 50, 1e15],
        [4, 3, 1],
        [0, 17, 1],
        [30, 17, 2],
        [9, 1, 1],
        [20, 8, 1],
      ]) {
        const chosen = rows.slice(first, first + count);
        const alone = referenceObjective({ ...problem, examples: examplesAt(problem.examples, chosen) });
        batch.select(chosen);
        expect(valuesOf(batch, count, scale)).toEqual(valuesOf(alone, count, scale));
      }
    }
  },
);

it('the batches of a training take every example once a pass, and do not depend on which were asked for before', () => {
  const batchAt = batchesOf(10, 4, TRIAL);
  const batches = Array.from({ length: 9 }, (_, t) => [...batchAt(t)]);
  expect(batches.map(({ length }) => length)).toEqual([4, 4, 2, 4, 4, 2, 4, 4, 2]);
  for (let t = 0; t < 9; t += 3) {
    const pass = batches.slice(t, t + 3).flat();
    expect(pass.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 10 }, (_, e) => e));
  }
  expect([...batchesOf(10, 4, TRIAL)(7)]).toEqual(batches[7]);
  expect(new Set(batches.map(String)).size).toBe(9);
});

it('the batches to average over take each pair of rows equally often, and each is independent of the others', () => {
  const sample = batchSampler(6, 2, TRIAL);
  const counts = new Map<string, number>();
  for (let k = 0; k < 3000; k++) {
    const [i, j] = sample(5, k);
    expect(i).not.toBe(j);
    counts.set(`${i} ${j}`, (counts.get(`${i} ${j}`) ?? 0) + 1);
  }
  expect(counts.size).toBe(30);
  // 29 degrees of freedom: beyond 58 with probability 0.001
  expect(chiSquare([...counts.values()])).toBeLessThan(58);
  const [first, later] = [sample(5, 3), sample(6, 3)];
  expect(batchSampler(6, 2, TRIAL)(5, 3)).toEqual(first);
  expect([1, 2, 3, 4].some((k) => `${sample(5, k)}` !== `${sample(6, k)}`)).toBe(true);
  expect(later).toHaveLength(2);
});
