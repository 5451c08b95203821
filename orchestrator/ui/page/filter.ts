import type { SweepDetails } from '../wire.ts';

const PREFIX = 'f.';

/** The values that the address asks for, by key: none means all. */
export function filtersOf(query: URLSearchParams): Map<string, string[]> {
  const entries = [...query].filter(([name]) => name.startsWith(PREFIX));
  return new Map(entries.map(([name, value]) => [name.slice(PREFIX.length), value.split(',')]));
}

export const filterName = (key: string): string => PREFIX + key;

/** The numbers of the cells that pass. */
export function cellsPassing(
  { keys, standing }: SweepDetails,
  filters: ReadonlyMap<string, readonly string[]>,
): number[] {
  const tests = keys.flatMap(({ name, values, codes }) => {
    const wanted = filters.get(name);
    if (wanted === undefined) return [];
    const passes = values.map((value) => wanted.includes(String(value)));
    return [(cell: number) => passes[codes[cell]]];
  });
  const cells: number[] = [];
  for (let cell = 0; cell < standing.cells; cell += 1) if (tests.every((passes) => passes(cell))) cells.push(cell);
  return cells;
}
