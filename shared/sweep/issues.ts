import type { z } from 'zod';
import { nearest } from '../nearest.ts';
import { dotted, type Path, type Problem, show, valueAt } from './problems.ts';

type Issue = z.core.$ZodIssue;

/** What a refinement of the schema may add to its issue; the message says what is wrong. */
export type Details = { expected: string; got: string; fix: string };

/** Every problem that the schema found, in the words of a sweep file. `input` is what was validated. */
export function problemsOf(issues: readonly Issue[], input: unknown): Problem[] {
  return issues.flatMap((issue) => problemsOfIssue(issue, input, []));
}

function problemsOfIssue(issue: Issue, input: unknown, prefix: Path): Problem[] {
  const path = [...prefix, ...issue.path];
  const value = valueAt(input, path);
  if (issue.code === 'invalid_union') {
    const branch = intendedBranch(issue.errors, value);
    if (branch !== undefined) return branch.flatMap((inner) => problemsOfIssue(inner, input, path));
  }
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...path, key], issue.message));
  if (issue.code === 'invalid_key') {
    const expected = issue.issues.map(expectation).join(', ');
    const message = `bad name of the key \`${dotted(path)}\``;
    return [{ path, atKey: true, message, expected, got: String(path.at(-1)), fix: `write ${expected}` }];
  }
  if (issue.code === 'custom') {
    return [{ path, message: issue.message, ...(issue.params as Details) }];
  }
  if (issue.code === 'invalid_union' && issue.discriminator !== undefined) return [wrongKind(path, value, issue)];
  const expected = expectation(issue);
  const name = path.length === 0 ? 'the sweep file' : `\`${dotted(path)}\``;
  if (value === undefined) {
    return [{ path, message: `missing key ${name}`, expected, got: 'nothing', fix: `add ${name}: ${expected}` }];
  }
  const message = Array.isArray(value) && value.length === 0 ? `${name} is an empty list` : `bad value for ${name}`;
  return [{ path, message, expected, got: show(value), fix: fixFor(issue, value, expected) }];
}

/** A mapping whose `kind` is none of those that there are: what else it has cannot be judged. */
function wrongKind(path: Path, value: unknown, { message }: Issue): Problem {
  const name = `\`${dotted(path)}\``;
  const expected = `one of ${message}`;
  if (value === undefined)
    return { path, message: `missing key ${name}`, expected, got: 'nothing', fix: `add ${name}` };
  const meant = typeof value === 'string' ? nearest(value, message.split(', ')) : undefined;
  const fix = meant === undefined ? `write ${expected}` : `did you mean \`${meant}\`?`;
  return { path, message: `bad value for ${name}`, expected, got: show(value), fix };
}

/**
 * A union fails with the issues of every branch. The one that was meant is the one whose outermost type fits the value;
 * of several (the two ways to write a range) the one with the fewest issues. Undefined when no branch fits.
 */
function intendedBranch(branches: readonly Issue[][], value: unknown): readonly Issue[] | undefined {
  return branches
    .filter((issues) => !issues.some((issue) => issue.path.length === 0 && isOfOtherType(issue, value)))
    .sort((a, b) => a.length - b.length)[0];
}

function isOfOtherType(issue: Issue, value: unknown): boolean {
  if (issue.code === 'invalid_type') return !(typeof value === 'number' && isNumeric(issue.expected));
  if (issue.code === 'invalid_value') return !issue.values.some((known) => typeof known === typeof value);
  return issue.code === 'invalid_union' && intendedBranch(issue.errors, value) === undefined;
}

function isNumeric(type: string): boolean {
  return type === 'number' || type === 'int';
}

const TYPE_NAMES: Record<string, string> = {
  int: 'a whole number',
  number: 'a number',
  string: 'text',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

/** What the schema wanted, as a noun phrase. */
export function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return TYPE_NAMES[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return issue.values.length === 1 ? String(issue.values[0]) : `one of ${issue.values.join(', ')}`;
    case 'too_small':
      return `${bounded(issue.origin)} ${issue.inclusive ? 'of at least' : 'above'} ${issue.minimum}${unit(issue.origin)}`;
    case 'too_big':
      return `${bounded(issue.origin)} ${issue.inclusive ? 'of at most' : 'below'} ${issue.maximum}${unit(issue.origin)}`;
    case 'invalid_union': {
      if (issue.message !== 'Invalid input') return issue.message;
      const wanted = issue.errors.flatMap((branch) => branch.slice(0, 1).map(expectation));
      return [...new Set(wanted)].join(', or ');
    }
    default:
      return issue.message;
  }
}

function bounded(origin: string): string {
  return origin === 'array' ? 'a list' : origin === 'string' ? 'text' : 'a number';
}

function unit(origin: string): string {
  return origin === 'array' ? ' value(s)' : origin === 'string' ? ' character(s)' : '';
}

/** @param known the keys that exist, joined by ", ": what `mapping` in the schema puts into the message of such issues */
function unknownKey(path: Path, known: string): Problem {
  const key = String(path.at(-1));
  const meant = nearest(key, known.split(', '));
  return {
    path,
    atKey: true,
    message: `unknown key \`${dotted(path)}\``,
    expected: `one of the keys ${known}`,
    got: key,
    fix: meant === undefined ? 'remove it, or use one of these keys' : `did you mean \`${meant}\`?`,
  };
}

function fixFor(issue: Issue, value: unknown, expected: string): string {
  if (issue.code === 'invalid_value' && typeof value === 'string') {
    const meant = nearest(value, issue.values.map(String));
    if (meant !== undefined) return `did you mean \`${meant}\`?`;
  }
  if (issue.code === 'invalid_type' && issue.expected === 'string') return `put it in quotes, or write ${expected}`;
  if (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))) return 'remove the quotes';
  return `write ${expected}`;
}
