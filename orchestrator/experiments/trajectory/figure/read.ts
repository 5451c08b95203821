import {
  type Along,
  type Cell,
  cellValue,
  EdgesweepError,
  edgeOf,
  gaugesOf,
  isOutcomeOf,
  keyName,
  oneLine,
  PANELS,
  type Panel,
  type TrajectoryCell,
  varyingKeys,
} from '../../../../shared/mod.ts';
import { BLOCKS, expand, membersOf, type TrajectorySweep } from '../../../../shared/sweep/mod.ts';
import { readOutcomes, readSeries } from '../../../directory/mod.ts';
import type { Line, TrajectoryFigure } from './types.ts';

/** What the user may ask for instead of what the sweep file says. */
export type TrajectoryFigureOptions = {
  /** grid keys of the rows of panels, one row per value */
  rows?: readonly string[] | undefined;
  /** `blocks`, or the grid key of the lines */
  lines?: string | undefined;
  panels?: readonly Panel[] | undefined;
  along?: Along | undefined;
  title?: string | undefined;
};

/** Tells the sweeps apart in a figure of several directories. */
const SWEEP = 'sweep';

/**
 * The figure of sweep directories with trajectories, from what is there. Of several, each has rows of its own.
 * @throws EdgesweepError USAGE for a key that does not exist or comes twice; SERIES_DAMAGED; what reading a directory throws
 */
export async function readTrajectories(
  directories: readonly string[],
  sweeps: readonly TrajectorySweep[],
  options: TrajectoryFigureOptions = {},
): Promise<{ figure: TrajectoryFigure; lines: Line[] }> {
  const expansions = sweeps.map((sweep) => expand(sweep));
  const cells = expansions.map((expansion) => expansion.cells);
  const several = directories.length > 1;
  const names = new Set(sweeps.map(({ name }) => name));
  const nameOf = (i: number) => (names.size === sweeps.length ? sweeps[i].name : directories[i]);
  const varying = [...new Set(cells.flatMap(varyingKeys))];
  const layout = layoutOf(sweeps[0], cells.flat(), varying, options);
  const lines: Line[] = [];
  for (const [i, directory] of directories.entries()) {
    const cellOf = membersOf(expansions[i]);
    for await (const outcome of readOutcomes(directory)) {
      if (!isOutcomeOf(outcome, 'trajectory') || cellOf(outcome.task) === undefined) continue;
      const { task, result } = outcome;
      const series = await readSeries(directory, outcome);
      const values = new Map([
        ...(several ? [[SWEEP, nameOf(i)] as const] : []),
        ...varying.map((key) => [key, cellValue(task.cell, key)] as const),
      ]);
      lines.push({ values, run: task.run, series, edge: edgeOf(task.cell), divergence: result.divergence });
    }
  }
  const total = expansions.reduce((sum, { tasks }) => sum + tasks, 0);
  const titles = options.title === undefined ? [...new Set(sweeps.map(({ title }) => title))] : [options.title];
  return {
    figure: {
      title: titles.map(oneLine).join('; '),
      source: oneLine([...new Set(sweeps.flatMap(({ source }) => source ?? []))].join('; ')) || undefined,
      notes: [],
      ...layout,
      rows: several ? [SWEEP, ...layout.rows] : layout.rows,
      tasks: { done: lines.length, total },
    },
    lines: inOrder(lines, cells.flat(), varying),
  };
}

/** What stands where: options, then the sweep file, then a choice by what varies. */
function layoutOf(
  { figure }: TrajectorySweep,
  cells: readonly TrajectoryCell[],
  varying: readonly string[],
  options: TrajectoryFigureOptions,
): Pick<TrajectoryFigure, 'rows' | 'lines' | 'panels' | 'along'> {
  const asked = options.lines ?? figure.lines ?? (varying.includes('scheme') ? 'scheme' : BLOCKS);
  const lines = asked === BLOCKS ? BLOCKS : keyName(asked);
  const rowsAsked = options.rows ?? (figure.rows === undefined ? undefined : [figure.rows].flat());
  const rows = rowsAsked?.map(keyName) ?? varying.filter((key) => key !== lines && !isTied(key, varying, cells));
  const twice = rows.find((key, i) => key === lines || rows.indexOf(key) < i);
  if (twice !== undefined) {
    throw new EdgesweepError('USAGE', `\`${twice}\` is used in two places of the figure`, {
      got: [...rows, lines].join(', '),
      fix: 'use different keys for --facet and --by',
    });
  }
  const panels = options.panels ?? figure.panels ?? defaultPanels(lines, cells);
  return { rows, lines, panels, along: options.along ?? figure.x ?? 'iteration' };
}

/** Does the key take other values exactly where one before it does, as keys that are tied? */
function isTied(key: string, varying: readonly string[], cells: readonly Cell[]): boolean {
  return varying.slice(0, varying.indexOf(key)).some((before) => {
    const values = new Map(cells.map((cell) => [cellValue(cell, before), cellValue(cell, key)]));
    return cells.every((cell) => values.get(cellValue(cell, before)) === cellValue(cell, key));
  });
}

function defaultPanels(lines: string, cells: readonly TrajectoryCell[]): Panel[] {
  const constant = cells.every(({ scheme }) => scheme.kind === 'constant');
  const compared: Panel[] = constant ? ['loss', 'sharpness'] : ['loss', 'loss-by-cost', 'sharpness', 'step-size'];
  const usual: Panel[] = lines === BLOCKS ? ['loss', 'sharpness', 'gradient-norm'] : compared;
  const measured = cells.flatMap((cell) => gaugesOf(cell).flatMap(({ gauge }) => gauge.panels ?? []));
  return PANELS.filter((panel) => usual.includes(panel) || measured.includes(panel));
}

/** In the order of the sweep, whatever order the journal has. */
function inOrder(lines: readonly Line[], cells: readonly Cell[], varying: readonly string[]): Line[] {
  const textOf = (value: (key: string) => unknown) => JSON.stringify(varying.map(value));
  const rank = new Map(cells.map((cell, i) => [textOf((key) => cellValue(cell, key)), i]));
  const rankOf = (line: Line) => rank.get(textOf((key) => line.values.get(key))) ?? 0;
  return lines.toSorted((a, b) => rankOf(a) - rankOf(b) || a.run - b.run);
}
