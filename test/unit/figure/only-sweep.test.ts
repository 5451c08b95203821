import { expect, it } from 'vitest';
import { onlySweep } from '../../../orchestrator/figure/mod.ts';

const sweep = { experiment: 'map' };
const layout = 'a map has the axes of its sweep file';

it.each([
  ['--x', { x: 'depth' }],
  ['--facet', { facet: 'depth' }],
  ['--by', { by: ['depth'] }],
  ['--panels', { panels: ['loss'] }],
  ['--against', { against: ['results/table-4.1'] }],
  ['--log', { log: ['x' as const] }],
  ['--linear', { linear: ['y' as const] }],
])('a figure of fixed axes refuses %s', (flag, options) => {
  expect(() => onlySweep(['a'], [sweep], options, { layout })).toThrow(`${flag} does not apply to this figure`);
});

it('takes the options that the figure has, and one sweep', () => {
  const taken = ['by', 'against'] as const;
  const options = { by: ['depth'], against: ['b'], title: 'T', log: [], linear: [] };
  expect(onlySweep(['a'], [sweep], options, { taken, layout })).toBe(sweep);
  expect(() => onlySweep(['a', 'b'], [sweep, sweep], {}, { layout })).toThrow('a figure of map shows one sweep');
});
