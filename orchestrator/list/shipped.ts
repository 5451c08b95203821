import { datasetsOf, expectedCost, experimentOf } from '../../shared/mod.ts';
import { expand, listShippedSweeps, loadSweep } from '../../shared/sweep/mod.ts';

export type ShippedSweep = {
  kind: 'sweep';
  name: string;
  title: string;
  experiment: string;
  /** where the results are computed: TensorFlow.js takes far longer per multiply-add */
  engine: string;
  /** kinds of data sets */
  data: string[];
  tasks: number;
  /** expected multiply-adds of all tasks: a count of the work, and no time; null of programs, where nobody knows */
  work: number | null;
};

/** Every shipped sweep, in the order of their names. */
export const readShippedSweeps = (): ShippedSweep[] => listShippedSweeps().map(describeShipped);

function describeShipped(name: string): ShippedSweep {
  const sweep = loadSweep(name);
  const { cells, runs, tasks } = expand(sweep);
  const { title, experiment } = sweep;
  const isProgram = experimentOf(sweep).byProgram === true;
  return {
    kind: 'sweep',
    name,
    title,
    experiment,
    engine: 'engine' in sweep ? sweep.engine : experiment,
    data: [...new Set(datasetsOf(cells).map(({ kind }) => kind))],
    tasks,
    work: isProgram ? null : cells.reduce((sum, cell) => sum + expectedCost(cell), 0) * runs,
  };
}
