import { expect, it } from 'vitest';
import { counted, duration, roughly } from '../../shared/mod.ts';

it('one is singular', () => {
  expect([0, 1, 2].map((count) => counted(count, 'run'))).toEqual(['0 runs', '1 run', '2 runs']);
  expect(counted(2, 'series', 'series')).toBe('2 series');
});

it.each([
  [4.377972686000001, '4.38 s'],
  [0.000123456, '0.000123 s'],
  [10, '10 s'],
  [59.96, '1 min 0 s'],
  [83.4, '1 min 23 s'],
  [3599.6, '1 h 0 min'],
  [86400 * 2, '48 h 0 min'],
])('%d seconds are %s', (seconds, text) => expect(duration(seconds)).toBe(text));

it.each([
  [0.0123, '0.012 s'],
  [59.4, '59 s'],
  [59.6, '0.99 min'],
  [192, '3.2 min'],
  [3580, '0.99 h'],
  [47 * 3600, '47 h'],
  [1e7, '120 days'],
])('about %d seconds are %s', (seconds, text) => expect(roughly(seconds)).toBe(text));
