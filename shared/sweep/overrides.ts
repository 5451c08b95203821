import { parseDocument } from 'yaml';
import { EdgesweepError } from '../errors.ts';
import type { SweepEngine } from '../vocabulary.ts';
import { DEFAULTS } from './defaults.ts';
import type { Path, Problem } from './problems.ts';
import { show, valueAt } from './problems.ts';

/** A value from outside the file, with the words that gave it, for errors. */
export type Override = { path: Path; value: unknown; label: string };

export type Flags = { runs?: number; seed?: number; engine?: SweepEngine; shard?: string; set?: readonly string[] };

const VARIABLES = { EDGESWEEP_RUNS: 'runs', EDGESWEEP_SEED: 'seed', EDGESWEEP_ENGINE: 'engine' } as const;

/** A variable that is set to nothing counts as not set. */
export function fromEnvironment(environment: Readonly<Record<string, string | undefined>>): Override[] {
  return Object.entries(VARIABLES).flatMap(([variable, key]) => {
    const text = environment[variable];
    if (text === undefined || text === '') return [];
    const label = `${variable}=${text}`;
    return [{ path: [key], value: parseValue(text, label), label }];
  });
}

/** At dots, except for the one in `params.lr`, which is one key of the grid. */
const PARTS = /(?<!^(?:grid)\.params)(?<!^grid\.params\..*)\./;

/** `--runs`, `--seed`, `--engine` and `--shard` come after, so they win over a `--set` of the same key. */
export function fromFlags(flags: Flags): Override[] {
  const named = (['runs', 'seed', 'engine', 'shard'] as const).flatMap((key) => {
    const value = flags[key];
    return value === undefined ? [] : [{ path: [key], value, label: `--${key} ${value}` }];
  });
  return [...(flags.set ?? []).map(fromSet), ...named];
}

/** Values of a program. Those that are undefined count as not given. */
export const fromValues = (values: Readonly<Record<string, unknown>>): Override[] =>
  Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ({ path: key.split('.'), value, label: `set['${key}']` }));

/** `key.path=value`, the value in YAML; commas outside of brackets and quotes make a list. */
function fromSet(text: string): Override {
  const label = `--set ${text}`;
  const equals = text.indexOf('=');
  const path = text.slice(0, Math.max(equals, 0)).trim().split(PARTS);
  if (path.includes('')) {
    throw new EdgesweepError('USAGE', `cannot read \`${label}\``, {
      expected: '--set key=value or --set key.path=value',
      got: text,
      fix: 'for instance --set search.growth=1.02',
    });
  }
  return { path, value: parseValue(text.slice(equals + 1), label), label };
}

function parseValue(text: string, label: string): unknown {
  const document = parseDocument(`[${text}\n]`, { prettyErrors: false });
  const [problem] = [...document.errors, ...document.warnings];
  const values: unknown = problem === undefined ? document.toJS() : undefined;
  if (!Array.isArray(values)) {
    throw new EdgesweepError('USAGE', `the value of \`${label}\` is not YAML: ${problem?.message ?? 'unbalanced'}`, {
      where: label,
      expected: 'a number, a word, a list such as 5,10,20 or a quoted text',
      got: text,
      fix: 'quote the value, and quote the quotes for the shell',
    });
  }
  return values.length > 1 ? values : (values[0] ?? null);
}

/**
 * The file's value with the overrides laid over it, the last one on top. Keys that were there keep their place, new ones
 * come last: the order of the grid is the order of its product. A key inside of a mapping that the file leaves out is
 * laid over that mapping's default.
 */
export function overlay(file: unknown, ...overrides: readonly Override[]): unknown {
  return overrides.reduce((value, { path, value: over }) => withValue(value, path, over, DEFAULTS), file);
}

function withValue(base: unknown, path: Path, value: unknown, defaults: unknown): unknown {
  if (path.length === 0) return value;
  const [key, ...rest] = path;
  const entries = new Map(isMapping(base) ? Object.entries(base) : isMapping(defaults) ? Object.entries(defaults) : []);
  const name = String(key);
  return Object.fromEntries(entries.set(name, withValue(entries.get(name), rest, value, valueAt(defaults, [name]))));
}

/** Overrides that would reach into a list or a single value. */
export function unreachable(file: unknown, overrides: readonly Override[]): Problem[] {
  return overrides.flatMap(({ path, label }, i) => {
    const base = overlay(file, ...overrides.slice(0, i));
    const parents = path.slice(1).map((_, length) => path.slice(0, length + 1));
    const blocked = parents.find((parent) => {
      const value = valueAt(base, parent);
      return value !== undefined && !isMapping(value);
    });
    if (blocked === undefined) return [];
    const name = blocked.join('.');
    return [
      {
        path,
        message: `\`${label}\` refers to a key inside \`${name}\`, which is not a mapping here`,
        expected: `a mapping at \`${name}\``,
        got: show(valueAt(base, blocked)),
        fix: `set the whole value: --set '${name}=...'`,
      },
    ];
  });
}

/** The words outside the file that a problem at this path comes from, if it does. */
export function labelOf(
  path: Path,
  overrides: readonly Override[],
  inFile: (path: Path) => boolean,
): string | undefined {
  const startsWith = (long: Path, short: Path) => short.every((key, i) => String(long[i]) === String(key));
  return overrides.findLast(
    (override) => startsWith(path, override.path) || (startsWith(override.path, path) && !inFile(path)),
  )?.label;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
