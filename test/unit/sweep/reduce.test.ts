import { expect, it } from 'vitest';
import { expand } from '../../../shared/sweep/mod.ts';
import { runTask } from '../../../worker/mod.ts';
import { load, refusalOf } from './support.ts';

const WIDE = 'grid: {activation: tanh, dataset: {kind: synthetic, examples: 8, dimensions: 40, outputs: 2}}\nruns: 5\n';
const SEARCH = 'search: {growth: 1.1, steps: 30}\n';

it('is part of the task, with the name of its arithmetic, and absent from the tasks of other sweeps', () => {
  const plain = expand(load(`${WIDE}data: {draw: per-cell}`));
  const reduced = expand(load(`${WIDE}data: {draw: per-cell, reduce: row-space}`));
  expect(plain.cells[0].data).toEqual({ draw: 'per-cell' });
  expect(reduced.cells[0].data).toEqual({ draw: 'per-cell', reduce: 'row-space-1' });
  expect(reduced.task(0, 0).id).not.toBe(plain.task(0, 0).id);
});

it('finds the rungs of the direct computation but for rounding, on both engines', async () => {
  const [plain, reduced] = ['', 'data: {reduce: row-space}'].map((data) => expand(load(`${WIDE}${SEARCH}${data}`)));
  for (let run = 0; run < 5; run++) {
    const { result: direct } = await runTask(plain.task(0, run), 'simd');
    const { result: small } = await runTask(reduced.task(0, run), 'simd');
    expect(Math.abs(small.rung - direct.rung)).toBeLessThanOrEqual(2);
    expect((await runTask(reduced.task(0, run), 'reference')).result).toEqual(small);
  }
});

it('has golden outcomes', async () => {
  const sweep = expand(load(`${WIDE}${SEARCH}data: {reduce: row-space}`));
  const outcomes = await Promise.all([0, 1].map((run) => runTask(sweep.task(0, run), 'simd')));
  expect(outcomes.map(({ result }) => result)).toMatchInlineSnapshot(`
    [
      {
        "divergence": {
          "iteration": 29,
          "kind": "infinity",
        },
        "end": "diverged",
        "rung": 24,
        "stepSize": 0.9849732675807628,
        "steps": 749,
        "trials": 25,
      },
      {
        "divergence": {
          "iteration": 29,
          "kind": "infinity",
        },
        "end": "diverged",
        "rung": 25,
        "stepSize": 1.0834705943388392,
        "steps": 779,
        "trials": 26,
      },
    ]
  `);
  expect(sweep.task(0, 0).id).toMatchInlineSnapshot(`"764d217085fa8ce5dfe25c2b855df8f6"`);
});

it('is refused where there are no fewer examples than inputs, and for an unknown word', () => {
  expect(refusalOf('grid: {activation: tanh}\ndata: {reduce: row-space}').text).toContain(
    'nothing to reduce in cell 0',
  );
  expect(refusalOf(`${WIDE}data: {reduce: rowspace}`).text).toContain('did you mean `row-space`?');
});
