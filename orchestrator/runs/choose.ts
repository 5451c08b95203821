import { EdgesweepError } from '../../shared/mod.ts';
import { type Column, columnNamed } from './columns.ts';
import type { Value } from './fields.ts';
import type { Run } from './read.ts';

const OPERATORS = {
  '=': (order: number) => order === 0,
  '!=': (order: number) => order !== 0,
  '<=': (order: number) => order <= 0,
  '>=': (order: number) => order >= 0,
  '<': (order: number) => order < 0,
  '>': (order: number) => order > 0,
} as const;
type Operator = keyof typeof OPERATORS;

/**
 * Runs that pass every filter. A filter is a column, an operator and a value; `=` takes several values with commas between, any of which
 * passes. A run without a value passes `!=` only.
 * @param filters such as `activation=tanh,relu` or `seconds>1.5`
 * @throws EdgesweepError USAGE
 */
export function filterRuns(runs: readonly Run[], columns: readonly Column[], filters: readonly string[]): Run[] {
  const tests = filters.map((text) => testOf(text, columns));
  return runs.filter((run) => tests.every((passes) => passes(run)));
}

function testOf(text: string, columns: readonly Column[]): (run: Run) => boolean {
  const [, name, operator, wanted] = /^([^=<>!]+)(!=|<=|>=|=|<|>)(.*)$/s.exec(text) ?? [];
  if (name === undefined) {
    throw new EdgesweepError('USAGE', 'the filter cannot be read', {
      where: '--filter',
      expected:
        'a column, one of = != < <= > >=, and a value, such as --filter activation=tanh or --filter "seconds>1"',
      got: text,
    });
  }
  const column = columnNamed(columns, name.trim(), '--filter');
  const passes = OPERATORS[operator as Operator];
  const values = operator === '=' || operator === '!=' ? wanted.split(',') : [wanted];
  const bounds = values.map((value) => parsed(value.trim(), column, text));
  return (run) => {
    const value = column.read(run);
    if (value === null) return operator === '!=';
    const holds = (bound: string | number) => passes(compare(typeof bound === 'string' ? String(value) : value, bound));
    return operator === '!=' ? bounds.every(holds) : bounds.some(holds);
  };
}

function parsed(text: string, { name, type }: Column, filter: string): string | number {
  if (type === 'string' || type === 'boolean') return text;
  if (text !== '' && !Number.isNaN(Number(text))) return Number(text);
  throw new EdgesweepError('USAGE', `\`${name}\` is a number`, {
    where: '--filter',
    expected: 'a number',
    got: filter,
  });
}

/**
 * Runs in the order of columns, each ascending, or descending with a minus before its name. Those without a value come last.
 * @throws EdgesweepError USAGE for a column that does not exist
 */
export function sortRuns(runs: readonly Run[], columns: readonly Column[], by: readonly string[]): Run[] {
  const orders = by.map((text) => {
    const down = text.startsWith('-');
    return { down, column: columnNamed(columns, down ? text.slice(1) : text, '--sort') };
  });
  return [...runs].sort((a, b) => {
    for (const { down, column } of orders) {
      const [left, right] = [column.read(a), column.read(b)];
      if (left === right) continue;
      if (left === null || right === null) return left === null ? 1 : -1;
      const order = compare(left, right);
      if (order !== 0) return down ? -order : order;
    }
    return 0;
  });
}

function compare(a: Value, b: Value): number {
  if (a === b) return 0;
  return a !== null && b !== null && a < b ? -1 : 1;
}
