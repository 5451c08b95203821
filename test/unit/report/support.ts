import type { SearchCell, SearchOutcome, SearchResult } from '../../../shared/mod.ts';
import { NUMERICS } from '../../../shared/mod.ts';
import type { ExpansionOf, SearchSweep } from '../../../shared/sweep/mod.ts';
import { ceilingResult, searchResult } from '../../support/mod.ts';

const CELL: SearchCell = {
  activation: 'tanh',
  depth: 3,
  width: 10,
  dataset: { kind: 'synthetic', examples: 100, dimensions: 10, outputs: 10 },
  batchSize: 'full',
  initialization: 'pytorch-default',
  data: { draw: 'per-run' },
  search: { initialStepSize: 0.1, growth: 1.01, steps: 100, ceiling: 10_000 },
};

export const cellOf = (parts: Partial<SearchCell> = {}): SearchCell => ({ ...CELL, ...parts });

/** A sweep as loaded, of what the report reads of it. */
export function sweepOf(
  parts: { [Key in keyof SearchSweep]?: unknown } & { table?: Partial<SearchSweep['table']> },
): SearchSweep {
  const table = { rows: ['activation'], columns: [], paperRuns: 10, ...parts.table };
  return {
    name: 'made-up',
    experiment: 'maximal-step-size',
    title: 'A made-up sweep',
    seed: 0,
    runs: 10,
    grid: { activation: [] },
    ...parts,
    table,
  } as never;
}

/** The expansion of these cells. */
export const expansionOf = (cells: SearchCell[], runs: number): ExpansionOf<'maximal-step-size'> => ({
  cells,
  runs,
  runsOf: () => runs,
  tasks: cells.length * runs,
  task: (index, run) => outcomeOf(cells[index], run, 0).task,
});

/** The outcome of a search that diverged at the given rung, or as `result` says. */
export function outcomeOf(
  cell: SearchCell,
  run: number,
  rung: number,
  result: Partial<SearchResult> = {},
): SearchOutcome {
  return {
    task: {
      id: `${JSON.stringify(cell)} ${run}`,
      experiment: 'maximal-step-size',
      cell,
      run,
      seed: 0,
      numerics: NUMERICS,
    },
    result: { ...searchResult(cell.search, rung), ...result },
    provenance: { engine: 'reference', host: 'here', seconds: 1, version: '0', node: '20', attempts: 1 },
  };
}

export const atCeiling = (cell: SearchCell, run: number): SearchOutcome =>
  outcomeOf(cell, run, 0, ceilingResult(cell.search));

/** The rungs of ten runs for each activation, in the neighbourhood of the thesis's Table 4.1. */
const RUNGS = {
  linear: [120, 136, 128, 140, 149, 131, 137, 142, 125, 133],
  tanh: [335, 341, 348, 352, 339, 344, 350, 346, 343, 347],
  relu: [290, 301, 315, 322, 334, 340, 309, 318, 327, 296],
  sigmoid: [486, 486, 485, 486, 486, 486, 485, 486, 486, 486],
} as const;

const ACTIVATIONS = ['linear', 'tanh', 'relu', 'sigmoid'] as const;

export const TABLE_4_1 = {
  sweep: sweepOf({
    name: 'table-4.1',
    title: 'Maximal step size by activation function, full batch',
    source: 'Fox, A Study of the Edge of Stability in Deep Learning, 2023, Table 4.1',
    grid: { activation: ACTIVATIONS, depth: 3, width: 10 },
    table: { paper: { linear: 0.38433, tanh: 3.12765, relu: 2.26166, sigmoid: 12.58223 } },
  }),
  expansion: expansionOf(
    ACTIVATIONS.map((activation) => cellOf({ activation })),
    10,
  ),
  outcomes: ACTIVATIONS.flatMap((activation) =>
    RUNGS[activation].map((rung, run) => outcomeOf(cellOf({ activation }), run, rung)),
  ),
};

/** Activation by depth by width, three runs each. */
export function cube() {
  const cells = (['linear', 'relu'] as const).flatMap((activation) =>
    [2, 3].flatMap((depth) => [5, 10].map((width) => cellOf({ activation, depth, width }))),
  );
  const sweep = sweepOf({
    runs: 3,
    grid: { activation: ['linear', 'relu'], depth: [2, 3], width: [5, 10] },
    table: { rows: ['depth', 'width'], columns: ['activation'] },
  });
  const outcomes = cells.flatMap((cell, i) => [0, 1, 2].map((run) => outcomeOf(cell, run, 100 + 10 * i + run)));
  return { sweep, expansion: expansionOf(cells, 3), outcomes };
}
