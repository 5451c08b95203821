import {
  type Cell,
  cellValue,
  EdgesweepError,
  experimentOf,
  type GridValue,
  isParameterKey,
  keyName,
  nearest,
  type Outcome,
  varyingKeys,
} from '../../shared/mod.ts';
import { viewOf } from '../experiments/mod.ts';
import { tupleKey } from '../report/groups.ts';
import { columnsOf, type Run, readRuns, type SweepRuns } from '../runs/mod.ts';
import { histogramOf } from '../statistics.ts';
import { type Comparison, compare, type Sample, sampleOf } from './welch.ts';

/** Cells of both sweeps with the same values of the keys; a side is null where that sweep has no run of them. */
export type DiffRow = {
  values: GridValue[];
  a: Sample | null;
  b: Sample | null;
  /** the only sweep that has such a cell, whether it was run or not */
  only: 'a' | 'b' | null;
  comparison: Comparison | null;
  /** runs whose value is only a bound */
  bounds: number;
};

export type Side = { directory: string; sweep: string; done: number; total: number };
export type Diff = {
  measure: string;
  keys: readonly string[];
  a: Side;
  b: Side;
  rows: DiffRow[];
  /** settings, by name, whose values differ between the sweeps and are no key of the rows */
  differing: { name: string; a: string; b: string }[];
};

type DiffOptions = { measure?: string | undefined; by?: readonly string[] | undefined };

/** @throws EdgesweepError USAGE for sweeps of two experiments, an unknown key or measure; what reading a directory throws */
export async function readDiff(directories: readonly [string, string], options: DiffOptions): Promise<Diff> {
  const [a, b] = [await readRuns(directories[0]), await readRuns(directories[1])];
  const experiment = experimentOf(a.sweep);
  if (a.sweep.experiment !== b.sweep.experiment) {
    throw new EdgesweepError('USAGE', 'these are sweeps of different experiments', {
      where: directories.join(' '),
      got: `${a.sweep.name}: ${a.sweep.experiment}, ${b.sweep.name}: ${b.sweep.experiment}`,
      fix: 'compare sweeps of one experiment',
    });
  }
  const view = viewOf(a.sweep.experiment);
  const [usual] = Object.keys(view.measures);
  const reported = view.measure === undefined ? [] : numbersOf([...a.runs, ...b.runs]);
  const measure = measureNamed(options.measure ?? usual, [...Object.keys(view.measures), ...reported]);
  const varying = varyingKeys([...a.cells, ...b.cells]).filter((key) => key in experiment.keys || isParameterKey(key));
  const keys = options.by === undefined ? varying : [...new Set(options.by.map(keyName))];

  const groups = new Map<string, { values: GridValue[]; a: Outcome[]; b: Outcome[]; sides: Set<'a' | 'b'> }>();
  const groupOf = (cell: Cell) => {
    const values = keys.map((key) => cellValue(cell, key));
    const id = tupleKey(values);
    const group = groups.get(id) ?? { values, a: [], b: [], sides: new Set() };
    groups.set(id, group);
    return group;
  };
  for (const [name, side] of [
    ['a', a],
    ['b', b],
  ] as const) {
    const ofCells = side.cells.map(groupOf);
    for (const group of ofCells) group.sides.add(name);
    for (const { index, outcome } of side.runs) if (outcome !== undefined) ofCells[index][name].push(outcome);
  }
  const read = view.measures[measure] ?? view.measure!(measure);
  const isBound = measure === usual ? view.isBound : undefined;
  const rows = [...groups.values()].map(({ values, sides, ...group }): DiffRow => {
    const numbers = (outcomes: readonly Outcome[]) => outcomes.flatMap(({ result }) => read(result as never) ?? []);
    const [left, right] = [sampleOf(histogramOf(numbers(group.a))), sampleOf(histogramOf(numbers(group.b)))];
    return {
      values,
      a: left,
      b: right,
      only: sides.size === 2 ? null : [...sides][0],
      comparison: left === null || right === null ? null : compare(left, right),
      bounds: [...group.a, ...group.b].filter(({ result }) => isBound?.(result as never)).length,
    };
  });
  return {
    measure,
    keys,
    a: sideOf(directories[0], a),
    b: sideOf(directories[1], b),
    rows,
    differing: differingSettings(a, b, keys),
  };
}

const sideOf = (directory: string, { sweep, runs }: SweepRuns): Side => ({
  directory,
  sweep: sweep.name,
  done: runs.filter(({ state }) => state === 'done').length,
  total: runs.length,
});

/** Names of the numbers that programs reported. */
const numbersOf = (runs: readonly Run[]): string[] => [
  ...new Set(
    runs.flatMap(({ outcome }) => Object.keys((outcome?.result as { values?: object } | undefined)?.values ?? {})),
  ),
];

function measureNamed(name: string, known: readonly string[]): string {
  if (known.includes(name)) return name;
  const meant = nearest(name, known);
  throw new EdgesweepError('USAGE', `there is no measure \`${name}\``, {
    where: '--measure',
    expected: `one of ${known.join(', ')}`,
    got: name,
    fix: meant === undefined ? 'use one of these' : `did you mean \`${meant}\`?`,
  });
}

/** Columns of what each task asks for; those of its outcome come after. */
function differingSettings(a: SweepRuns, b: SweepRuns, keys: readonly string[]): Diff['differing'] {
  const textsOf = (side: SweepRuns) => {
    const columns = columnsOf(side).filter(({ name }) => !['task', 'cell', 'run'].includes(name));
    const firsts = side.runs.filter(({ index }, i) => index !== side.runs[i - 1]?.index);
    return new Map(
      columns.map(({ name, read }) => {
        // of a task alone: whatever came of it is compared elsewhere
        const values = firsts.map(({ state, index, task }) => read({ state, index, task }));
        return [name, [...new Set(values)].join(', ')];
      }),
    );
  };
  const [left, right] = [textsOf(a), textsOf(b)];
  return [...new Set([...left.keys(), ...right.keys()])]
    .filter((name) => !keys.includes(name) && left.get(name) !== right.get(name))
    .map((name) => ({ name, a: left.get(name) ?? '', b: right.get(name) ?? '' }));
}
