import { expect, it } from 'vitest';
import { draw } from '../../../orchestrator/experiments/mod.ts';
import { figureCsv } from '../../../orchestrator/figure/mod.ts';
import { loadSweepOf } from '../../../shared/sweep/mod.ts';
import { makeFolder } from '../../support/mod.ts';
import { makeSweepDirectory } from './support.ts';

it('the values of a figure with panels are all there, each once, under the names of the figure', async () => {
  const sweep = loadSweepOf('maximal-step-size', 'figure-4.2');
  const directory = makeSweepDirectory(makeFolder(), sweep, (cell, run) => 100 + 10 * cell.depth + run);
  const [head, ...rows] = (await figureCsv(await draw([directory]))).trimEnd().split('\n');
  expect(head).toBe('x,facet,kind,value,runs,mean,low,high');
  // 240 runs in 24 cells
  expect(rows.filter((row) => row.includes(',run,'))).toHaveLength(240);
  expect(rows.filter((row) => row.includes(',mean,'))).toHaveLength(24);
  expect(new Set(rows).size).toBe(rows.length);
});
