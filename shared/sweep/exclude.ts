import { type Cell, reader } from '../experiments/mod.ts';
import { DEFAULTS } from './defaults.ts';
import type { Problem } from './problems.ts';

/** Values of some keys of a cell; of a key whose value is a mapping, values of some of its parts. */
type Exclude = Readonly<Record<string, unknown>>;

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
        if (!rule.conditions.every((holds) => holds(cell))) continue;
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

type Condition = (cell: Cell) => boolean;

function conditionsOf(exclude: Exclude): Condition[] {
  return given(exclude).flatMap(([key, wanted]): Condition[] => {
    if (!isMapping(wanted)) {
      const read = reader(key);
      return [(cell) => isOneOf(read(cell), wanted)];
    }
    // what a cell omits is the default
    const usual = (DEFAULTS.grid as Readonly<Record<string, unknown>>)[key];
    const partsOf = (cell: Cell) => ((cell as Readonly<Record<string, unknown>>)[key] ?? usual) as Parts;
    return given(wanted).map(
      ([part, values]) =>
        (cell) =>
          isOneOf(partsOf(cell)[part], values),
    );
  });
}

type Parts = Readonly<Record<string, unknown>>;

const given = (mapping: object): [string, unknown][] =>
  Object.entries(mapping).filter(([, value]) => value !== undefined);

const isMapping = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @param wanted one value, or a list of them; a list of labels is one value */
function isOneOf(value: unknown, wanted: unknown): boolean {
  if (!Array.isArray(value)) return [wanted].flat().includes(value);
  const lists = (Array.isArray(wanted) && Array.isArray(wanted[0]) ? wanted : [wanted]) as readonly unknown[];
  return lists.some((list) => JSON.stringify(list) === JSON.stringify(value));
}

function unused(index: number): Problem {
  return {
    path: ['exclude', index],
    message: 'this exclusion matches no cell',
    expected: 'a combination of values in the grid',
    got: 'none of its cells',
    fix: 'correct the values, or remove the exclusion',
  };
}

const nothingLeft: Problem = {
  path: ['exclude'],
  message: 'every cell is excluded',
  expected: 'at least one remaining cell',
  got: 'none',
  fix: 'name more keys in the exclusions, or remove some',
};
