import type { SearchCell } from '../../../experiments/mod.ts';
import { tableProblems } from '../../table.ts';
import { defineKind, type SweepOf } from '../kind.ts';
import { batchProblems, dataOf, networkAt, reductionProblems, trainingAt } from './cells.ts';
import { figureProblems } from './figure.ts';
import { modelProblems } from './models.ts';
import { printedValues } from './printed.ts';
import { searchFileSchema } from './schema.ts';

export type SearchSweep = SweepOf<ReturnType<typeof searchFileSchema>>;

export const maximalStepSize = defineKind({
  name: 'maximal-step-size',
  file: searchFileSchema,
  cellMaker(sweep) {
    const { search, layers } = sweep;
    const data = dataOf(sweep.data);
    // cells with as many steps share their search
    const searches = new Map([[search.steps, search]]);
    const searchOf = (steps = search.steps) => {
      const known = searches.get(steps) ?? { ...search, steps };
      searches.set(steps, known);
      return known;
    };
    return (point, dataset): SearchCell => ({
      ...networkAt(point, dataset),
      data,
      search: searchOf((point as { steps?: number }).steps),
      ...trainingAt(point, sweep.engine, layers),
    });
  },
  problems(cells, { grid, engine }) {
    const found = cells as readonly SearchCell[];
    return [...batchProblems(found, grid.batchSize), ...reductionProblems(found), ...modelProblems(found, engine)];
  },
  finish(sweep, cells, source) {
    const table = { ...sweep.table, paper: printedValues(sweep, cells, source) };
    return {
      sweep: { ...sweep, table },
      problems: [...tableProblems(table, cells), ...figureProblems(sweep.figure, cells)],
    };
  },
});
