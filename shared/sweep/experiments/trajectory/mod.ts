import type { TrajectoryCell, TrajectorySettings } from '../../../experiments/mod.ts';
import { GAUGES, gaugesOf, trajectoryArithmetic } from '../../../gauges/mod.ts';
import { type SchemeValues, schemeOf } from '../../../schemes/mod.ts';
import { type Loss, TRAJECTORY } from '../../../vocabulary.ts';
import { repeatedKeys } from '../../table.ts';
import { defineKind, type SweepOf } from '../kind.ts';
import { batchProblems, modelAt, networkAt } from '../maximal-step-size/cells.ts';
import { trajectoryProblems } from './cells.ts';
import { trajectoryFigureProblems } from './figure.ts';
import { trajectoryFileSchema } from './schema.ts';

export type TrajectorySweep = SweepOf<ReturnType<typeof trajectoryFileSchema>>;

export const trajectory = defineKind({
  name: 'trajectory',
  file: trajectoryFileSchema,
  complete: { scheme: completeScheme },
  cellMaker(sweep) {
    const settings = settingsOf(sweep.trajectory);
    // where the files are is no part of a task
    const data = { draw: sweep.data.draw };
    return (point, dataset): TrajectoryCell => {
      const { initialScale, optimizer, scheme } = point as TrajectoryCell;
      const { loss } = point as { loss: Loss };
      // absent where they are the usual ones: a task keeps the id that it had before there were others
      return withArithmetic(
        completeGauges({
          ...networkAt(point, dataset),
          data,
          ...(loss === 'cross-entropy' && { loss }),
          ...(initialScale !== 1 && { initialScale }),
          ...(optimizer?.kind !== 'sgd' && { optimizer }),
          scheme,
          trajectory: settings,
          ...modelAt(point, sweep.engine),
        }),
      );
    };
  },
  problems(cells, sweep) {
    const found = cells as readonly TrajectoryCell[];
    return [...batchProblems(found, sweep.grid.batchSize), ...trajectoryProblems(found, sweep)];
  },
  finish: (sweep) => ({
    sweep,
    problems: [...repeatedKeys({ ...sweep.table, columns: [] }), ...trajectoryFigureProblems(sweep.figure)],
  }),
});

/** As a task has them: a gauge that is `false` is one that is not there. */
function settingsOf(written: TrajectorySweep['trajectory']): TrajectorySettings {
  const off = (name: string, value: unknown) => value === false && GAUGES.some((gauge) => gauge.name === name);
  const given = Object.entries(written).filter(([name, value]) => !off(name, value));
  return { arithmetic: TRAJECTORY, ...Object.fromEntries(given) } as TrajectorySettings;
}

/** With what the settings of gauges depend on of the cell. */
function completeGauges(cell: TrajectoryCell): TrajectoryCell {
  const completed = gaugesOf(cell).flatMap(({ gauge, settings }) =>
    gauge.complete === undefined ? [] : [[gauge.name, gauge.complete(cell, settings)]],
  );
  if (completed.length === 0) return cell;
  return { ...cell, trajectory: { ...cell.trajectory, ...Object.fromEntries(completed) } };
}

function withArithmetic(cell: TrajectoryCell): TrajectoryCell {
  const arithmetic = trajectoryArithmetic(cell);
  // most cells share their settings
  if (arithmetic === cell.trajectory.arithmetic) return cell;
  return { ...cell, trajectory: { ...cell.trajectory, arithmetic } };
}

/** Parameters in one order, with the defaults of those that were omitted. */
function completeScheme(chosen: Record<string, unknown>): SchemeValues {
  const { kind, ...given } = chosen as SchemeValues;
  const { parameters, defaults } = schemeOf({ kind });
  const values: Record<string, number> = { ...defaults, ...given };
  return { kind, ...Object.fromEntries(Object.keys(parameters()).map((name) => [name, values[name]])) } as SchemeValues;
}
