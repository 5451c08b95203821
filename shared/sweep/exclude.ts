import type { Cell } from '../cell.ts';
import { type CellKey, type GridValue, reader } from './keys.ts';
import type { Problem } from './problems.ts';
import type { Sweep } from './schema.ts';

type Exclude = Sweep['exclude'][number];

/** Tells which cells to leave out, and afterwards which of the exclusions had no use. */
export function excluder(excludes: readonly Exclude[]): {
  matches(cell: Cell): boolean;
  problems(cellsLeft: number): Problem[];
} {
  const rules = excludes.map((exclude) => ({ conditions: conditionsOf(exclude), used: false }));
  return {
    // every rule is asked, so that one that others make superfluous still counts as used
    matches: (cell) => {
      let any = false;
      for (const rule of rules) {
        if (!rule.conditions.every(({ read, values }) => values.has(read(cell)))) continue;
        rule.used = true;
        any = true;
      }
      return any;
    },
    problems: (cellsLeft) => [
      ...rules.flatMap(({ used }, i) => (used ? [] : [unused(i)])),
      ...(cellsLeft === 0 ? [nothingLeft] : []),
    ],
  };
}

function conditionsOf({ dataset = {}, ...rest }: Exclude): { read(cell: Cell): GridValue; values: Set<unknown> }[] {
  const parts = Object.entries(dataset).map(([part, value]) => [`dataset.${part}`, value] as const);
  return [...Object.entries(rest), ...parts]
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ({ read: reader(key as CellKey), values: new Set<unknown>([value].flat()) }));
}

function unused(index: number): Problem {
  return {
    path: ['exclude', index],
    message: 'this exclusion matches no cell',
    expected: 'values that the grid has together',
    got: 'none of its cells',
    fix: 'correct the values, or remove the exclusion',
  };
}

const nothingLeft: Problem = {
  path: ['exclude'],
  message: 'every cell is excluded',
  expected: 'a cell that is left',
  got: 'none',
  fix: 'name more keys in the exclusions, or remove some',
};
