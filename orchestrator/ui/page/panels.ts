import type { SeriesColumns } from '../wire.ts';

/** What the rows of a series count. */
const AXES = ['iteration', 'step'];

export const isAxis = (name: string): boolean => AXES.includes(name);

export const axisOf = (columns: SeriesColumns['columns']) =>
  AXES.map((name) => columns[name]).find((column) => column !== undefined);

/** Columns that stand together, since they have one unit. Every other column has a panel of its own, under its own name. */
type Group = {
  title: string;
  takes: Pick<RegExp, 'test'>;
  isLog?: boolean;
  /** its lines are eigenvalues of that matrix: the edge of it is drawn */
  matrix?: Edge['matrix'];
};
type Edge = NonNullable<SeriesColumns['edge']>;

/** Names that end so, before a layer, are about a measurement. */
const ABOUT = '(?!.*_(residual|converged|error|gradient_norm))';
const OF_OTHERS = '(?!preconditioned_|gauss_newton_)';

const GROUPS: readonly Group[] = [
  { title: 'loss', takes: /^(test_)?loss$/, isLog: true },
  { title: 'sharpness', takes: RegExp(`^${ABOUT}${OF_OTHERS}.*sharpness`), matrix: 'hessian' },
  {
    title: 'preconditioned sharpness',
    takes: RegExp(`^${ABOUT}preconditioned_sharpness`),
    isLog: true,
    matrix: 'preconditioned',
  },
  { title: 'sharpness, Gauss-Newton', takes: RegExp(`^${ABOUT}gauss_newton_sharpness`), matrix: 'gaussNewton' },
  { title: 'gradient norm', takes: /^gradient_norm/, isLog: true },
  { title: 'step size', takes: /^step_size/ },
  { title: 'eigenvalues', takes: RegExp(`^${ABOUT}${OF_OTHERS}.*eigenvalue`) },
  { title: 'preconditioned eigenvalues', takes: RegExp(`^${ABOUT}preconditioned_.*eigenvalue`) },
  { title: 'eigenvalues, Gauss-Newton', takes: RegExp(`^${ABOUT}gauss_newton_.*eigenvalue`) },
];

/** Without it there is no edge to draw beside the sharpness. */
export const STEP_SIZE = 'step_size';

export type Line = {
  label: string;
  x: (number | null)[];
  y: (number | null)[];
  /** index of its run among those shown */
  run: number;
  isBound: boolean;
};
export type PanelLines = { title: string; isLog: boolean; lines: Line[] };

/**
 * What to draw of the series of runs.
 * @param columns the only ones to draw; undefined: all that were sent
 */
export function panelsOf(
  all: readonly SeriesColumns[],
  runs: readonly number[],
  columns: readonly string[] | undefined,
): PanelLines[] {
  const sent = new Set(all.flatMap((series) => Object.keys(series.columns)));
  const names = [...sent].filter((name) => !isAxis(name) && (columns === undefined || columns.includes(name)));
  const alone = names.filter((name) => !GROUPS.some(({ takes }) => takes.test(name)));
  const groups = [
    ...GROUPS,
    ...alone.map((name): Group => ({ title: wordsOf(name), takes: { test: (other) => other === name } })),
  ];
  return groups.flatMap(({ title, takes, isLog = false, matrix }) => {
    const taken = names.filter((name) => takes.test(name));
    const lines = all.flatMap((series, i) => linesOf(series, taken, matrix, i, runs));
    return lines.length === 0 ? [] : [{ title, isLog, lines }];
  });
}

function linesOf(
  { columns, edge }: SeriesColumns,
  names: readonly string[],
  matrix: Edge['matrix'] | undefined,
  run: number,
  runs: readonly number[],
): Line[] {
  const of = runs.length > 1 ? `run ${runs[run]}: ` : '';
  const x = axisOf(columns)!;
  const lines = names
    .filter((name) => columns[name] !== undefined)
    .map((name): Line => ({ label: of + wordsOf(name), x, y: columns[name], run, isBound: false }));
  const steps = columns[STEP_SIZE];
  if (edge !== undefined && edge.matrix === matrix && lines.length > 0 && steps !== undefined) {
    const bound = steps.map((step) => (step === null || step === 0 ? null : edge.over / step));
    lines.push({ label: `${of}${Number(edge.over.toPrecision(4))} / step size`, x, y: bound, run, isBound: true });
  }
  return lines;
}

export const wordsOf = (name: string): string => name.replaceAll('_', ' ');

/** As the figures have them. */
const COLORS = ['#000000', '#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#999999'];
const DARK_COLORS = ['#f2f2f2', '#3d9fdb', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#999999'];
const DASHES = [[], [6, 3], [2, 2], [8, 3, 2, 3], [4, 4], [1, 3], [10, 4], [3, 1]];

export type StyledLine = Line & { color: string; dash: number[] };

export function styledLines(lines: readonly Line[], isDark: boolean): StyledLine[] {
  const colors = isDark ? DARK_COLORS : COLORS;
  return lines.map((line, i) => ({
    ...line,
    color: line.isBound ? colors[7] : colors[i % 7],
    dash: line.isBound ? [2, 3] : DASHES[i % DASHES.length],
  }));
}
