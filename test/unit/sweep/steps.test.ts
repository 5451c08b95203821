import { expect, it } from 'vitest';
import { expand, formatSweep, loadSweepOf } from '../../../shared/sweep/mod.ts';
import { refusalOfText, withFile } from './support.ts';

const HEAD = 'name: probe\ntitle: Probe\nexperiment: maximal-step-size\n';
const sweepOf = (text: string) => withFile(HEAD + text, (file) => loadSweepOf('maximal-step-size', file));

it('steps are a key of the grid: a cell has those of its rungs, and the others are those of the search', () => {
  const sweep = sweepOf(
    'grid: {steps: [30, 100], activation: [tanh, relu]}\nexclude: [{steps: 30, activation: relu}]\n',
  );
  const { cells } = expand(sweep);
  expect(cells.map(({ activation, search }) => [search.steps, activation])).toEqual([
    [30, 'tanh'],
    [100, 'tanh'],
    [100, 'relu'],
  ]);
  expect(sweep.table.rows).toEqual(['steps', 'activation']);
  expect(withFile(formatSweep(sweep), (file) => loadSweepOf('maximal-step-size', file))).toEqual(sweep);
  // a cell is that of a sweep with these steps alone
  const alone = expand(sweepOf('grid: {activation: tanh}\nsearch: {steps: 30}\n'));
  expect(expand(sweep).task(0, 0)).toEqual(alone.task(0, 0));
  expect(refusalOfText(`${HEAD}grid: {steps: 0, activation: tanh}\n`).text).toContain('grid.steps');
});
