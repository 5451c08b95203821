import { z } from 'zod';
import { lazily } from '../lazily.ts';
import { type Details, expectation } from './issues.ts';
import { MAX_RANGE, type Range, rangeLength, rangeValues } from './range.ts';

/** A mapping without other keys; the message of an unknown key lists those that exist, for `problemsOf` to suggest from. */
export function mapping<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? Object.keys(shape).join(', ') : undefined),
  });
}

/** One value or several. */
export function oneOrMore<Value extends z.ZodType>(value: Value) {
  return z.union([value, z.array(value).min(1)]);
}

/** One number, several, or a range of them, each of which `value` accepts. */
export function numbers<Value extends z.ZodType>(value: Value) {
  return z.union([value, z.array(value).min(1), rangeOf(value)]);
}

/** Built once: zod takes milliseconds to build as many of these as a sweep has keys. */
const range = lazily((): z.ZodType<Range, Range> => {
  const to = z.number().describe('upper limit of the range, inclusive');
  return z.union(
    [
      mapping({ from: z.number(), to, step: z.number().positive().describe('difference between consecutive values') }),
      mapping({ from: z.number().positive(), to, factor: z.number().gt(1).describe('ratio of consecutive values') }),
    ],
    'a range {from, to, step} or {from, to, factor}',
  );
});

const rangeOf = (value: z.ZodType) =>
  range().superRefine((written, context) => {
    if (context.issues.length > 0) return; // the parts first
    const problem = rangeProblem(written, value);
    if (problem !== undefined) context.addIssue({ code: 'custom', ...problem });
  });

function rangeProblem(range: Range, value: z.ZodType): { message: string; params: Details } | undefined {
  const got = `{${Object.entries(range)
    .map(([key, number]) => `${key}: ${number}`)
    .join(', ')}}`;
  if (range.from > range.to) {
    const params = { expected: 'from at most to', got, fix: 'swap the two: ranges go upward' };
    return { message: 'the range is empty', params };
  }
  if (rangeLength(range) > MAX_RANGE) {
    const params = { expected: `at most ${MAX_RANGE} values`, got, fix: 'use a larger step or factor' };
    return { message: 'the range is too long', params };
  }
  for (const number of rangeValues(range)) {
    const { error } = value.safeParse(number);
    if (error === undefined) continue;
    const expected = `only values that are ${expectation(error.issues[0])}`;
    const params = { expected, got, fix: 'change from, to, step or factor, or write a list' };
    return { message: `the range contains ${number}`, params };
  }
  return undefined;
}
