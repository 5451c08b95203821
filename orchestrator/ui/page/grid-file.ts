import type { CellColumns, Statistics, SweepDetails } from '../wire.ts';
import { arrange, paintGrid, type Scene, sizesOf } from './grid-layout.ts';
import { colorAt, type Scale, type Shade } from './measures.ts';
import { svgPen } from './pen.ts';
import type { CsvValue } from './save.ts';

/** Pixels of a saved grid: wide enough for its labels, and not taller than browsers draw. */
const WIDTH = 1200;
const TALLEST = 12_000;
const MARGIN = 12;
const LINE = 18;

type Drawn = {
  details: SweepDetails;
  columns: CellColumns;
  cells: readonly number[];
  shade: Shade;
  scale: Scale;
  x: string;
  colors: Scene['colors'];
};

/** The whole grid, also what is not in sight, with its title and legend. */
export function gridSvg({ details, columns, cells, shade, scale, x, colors }: Drawn): string {
  const layout = arrange(details, cells, x);
  const sizes = sizesOf(layout, WIDTH, TALLEST);
  const { name, title, done, total } = details.standing;
  const axes = `${layout.rowKeys === '' ? '' : `rows: ${layout.rowKeys}; `}columns: ${layout.columnKey}`;
  const head = [title || name, `${name}, ${done} of ${total} done; ${axes}`];
  const width = Math.max(sizes.width, 640) + 2 * MARGIN;
  const height = sizes.height + (head.length + 2) * LINE + 2 * MARGIN;
  const { pen, file } = svgPen(width, height, colors.ground);
  head.forEach((text, i) => {
    pen.text(MARGIN, MARGIN + LINE / 2 + i * LINE, text, colors.ink);
  });
  const below = MARGIN + head.length * LINE;
  const whole = { width: sizes.width, height: sizes.height, scrollLeft: 0, scrollTop: 0 };
  paintGrid(moved(pen, MARGIN, below), { layout, sizes, columns, shade, scale, colors }, whole);
  const y = below + sizes.height + LINE;
  const [low, high] = [scale.low, scale.high].map((value) => (Number.isFinite(value) ? shade.show(value) : '–'));
  const label = `${shade.label}: ${low} `;
  pen.text(MARGIN, y, label, colors.ink);
  const from = MARGIN + pen.widthOf(label) + 4;
  for (let i = 0; i < 120; i += 1) pen.rect(from + i, y - 5, 1.5, 10, colorAt(i / 119));
  pen.text(from + 128, y, `${high}${scale.isLog ? ' (logarithmic)' : ''}`, colors.ink);
  return file();
}

/** The same pen from another corner. */
function moved(pen: ReturnType<typeof svgPen>['pen'], dx: number, dy: number): typeof pen {
  return {
    rect: (x, y, ...rest) => pen.rect(x + dx, y + dy, ...rest),
    frame: (x, y, ...rest) => pen.frame(x + dx, y + dy, ...rest),
    dot: (x, y, radius) => pen.dot(x + dx, y + dy, radius),
    line: (points, ...rest) =>
      pen.line(
        points.map(([x, y]) => [x + dx, y + dy] as const),
        ...rest,
      ),
    text: (x, y, ...rest) => pen.text(x + dx, y + dy, ...rest),
    widthOf: pen.widthOf,
  };
}

const STATISTICS: readonly (keyof Statistics)[] = ['n', 'mean', 'sd', 'ci95', 'min', 'max'];

/** One row per cell: the keys that vary, what is done, and every statistic of every measure. */
export function gridRows(
  { keys, measures }: SweepDetails,
  columns: CellColumns,
  cells: readonly number[],
): CsvValue[][] {
  const statistics = measures.flatMap((measure) =>
    STATISTICS.map((name) => ({ heading: `${measure} ${name}`, values: columns.statistics[measure]?.[name] })),
  );
  const head = ['cell', ...keys.map(({ name }) => name), 'done', 'wanted', 'seconds'];
  return [
    [...head, ...statistics.map(({ heading }) => heading)],
    ...cells.map((cell) => [
      cell,
      ...keys.map(({ values, codes }) => values[codes[cell]]),
      columns.done[cell],
      columns.wanted[cell],
      columns.seconds[cell],
      ...statistics.map(({ values }) => values?.[cell]),
    ]),
  ];
}
