import { expect, test } from 'vitest';
import { formatDifference, formatNumber } from '../../../orchestrator/report/numbers.ts';

test.each([
  [0.38433, '0.38433'],
  [12.582231, '12.58223'],
  [99.5, '99.50000'],
  [123.4567, '123.457'],
  [12345.678, '12345.7'],
  [123456.7, '123457'],
  [1234567, '1.2346e+6'],
  [0.000123456, '1.2346e-4'],
  [0, '0.00000'],
  [-3.5, '-3.50000'],
  [null, '–'],
])('%d reads %s', (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test('a deviation has the decimals of its mean', () => {
  expect(formatNumber(0.0005, 12.5)).toBe('0.00050');
  expect(formatNumber(1.23456, 12345)).toBe('1.2');
});

test('a difference is signed, and zero has no sign', () => {
  expect([1.234, -1.234, 0.001, -0.001, null].map(formatDifference)).toEqual(['+1.23', '-1.23', '0.00', '0.00', '–']);
});
