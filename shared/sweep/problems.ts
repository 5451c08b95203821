import type { ErrorCode } from '../error-codes.ts';
import { EdgesweepError } from '../errors.ts';

/** The way from the root of a sweep file to a value in it, such as ['grid', 'width', 2]. */
export type Path = readonly PropertyKey[];

/** One thing wrong, wherever it stands. */
export type Fault = {
  code?: Extract<ErrorCode, 'SWEEP_INVALID' | 'SWEEP_TOO_LARGE'>;
  message: string;
  expected: string;
  got: string;
  fix: string;
};

/** One thing wrong with a sweep; where in the file it stands is found from its path. */
export type Problem = Fault & {
  path: Path;
  /** true: the key at the end of the path is at fault, not its value */
  atKey?: boolean;
};

/** After so many, the rest is counted only: a list of a hundred thousand wrong values would bury what matters. */
const SHOWN = 100;

/**
 * Does nothing without problems.
 * @param subject the file or the sweep, named above a list of several problems
 * @throws EdgesweepError that tells all of them
 */
export function refuse<F extends Fault>(problems: readonly F[], subject: string, where: (problem: F) => string): void {
  if (problems.length === 0) return;
  if (problems.length === 1) {
    const [{ code = 'SWEEP_INVALID', message, expected, got, fix }] = problems;
    throw new EdgesweepError(code, message, { where: where(problems[0]), expected, got, fix });
  }
  const told = problems.slice(0, SHOWN).map((problem) => {
    const { message, expected, got, fix } = problem;
    return `\n  ${where(problem)}: ${message}\n    expected: ${expected}\n    got:      ${got}\n    fix:      ${fix}`;
  });
  const rest = problems.length - told.length;
  throw new EdgesweepError(
    'SWEEP_INVALID',
    `${problems.length} problems:${told.join('')}${rest > 0 ? `\n  and ${rest} more` : ''}`,
    { where: subject },
  );
}

/** `grid.dataset[1].examples` */
export function dotted(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}

/** The value as short YAML, for the "got" of an error. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'an empty value';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}...` : value);
  if (typeof value !== 'number' || Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? '.nan (not a number)' : value > 0 ? '.inf (infinity)' : '-.inf (minus infinity)';
}

/** The value at the path; undefined when the path leads nowhere. */
export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as Record<PropertyKey, unknown>)[key]
        : undefined,
    root,
  );
}
