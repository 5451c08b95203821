import type { SeriesColumns } from '../wire.ts';
import { type PanelLines, type StyledLine, styledLines } from './panels.ts';
import { type Pen, svgPen } from './pen.ts';
import type { CsvValue } from './save.ts';
import { decades, roundTicks, tickText } from './ticks.ts';

const WIDTH = 760;
const HEIGHT = 240;
const LEFT = 66;
const MARGIN = 12;
const LINE = 18;
const THICKNESS = 1.75;

type Colors = { ink: string; line: string; ground: string };

/** All panels below each other, each with its lines named. */
export function seriesSvg(title: string, panels: readonly PanelLines[], isDark: boolean, colors: Colors): string {
  const heights = panels.map(({ lines }) => LINE + HEIGHT + 2 * LINE + lines.length * LINE + MARGIN);
  const height = heights.reduce((sum, one) => sum + one, 2 * MARGIN + LINE);
  const { pen, file } = svgPen(WIDTH, height, colors.ground);
  pen.text(MARGIN, MARGIN + LINE / 2, title, colors.ink);
  let top = MARGIN + 2 * LINE;
  panels.forEach(({ title: heading, isLog, lines }, i) => {
    pen.text(MARGIN, top, heading, colors.ink);
    drawPanel(pen, top + LINE, styledLines(lines, isDark), isLog, colors);
    top += heights[i];
  });
  return file();
}

type Point = readonly [x: number, y: number];

function drawPanel(pen: Pen, top: number, lines: readonly StyledLine[], isLog: boolean, { ink, line }: Colors): void {
  const points = lines.map(({ x, y }) =>
    x.flatMap((at, i): Point[] => {
      const value = y[i];
      return at === null || value === null || (isLog && value <= 0) ? [] : [[at, value]];
    }),
  );
  const all = points.flat();
  if (all.length === 0) {
    pen.text(LEFT, top + HEIGHT / 2, 'nothing was measured', ink);
    return;
  }
  const [xLow, xHigh] = ends(all.map(([x]) => x));
  const [yLow, yHigh] = ends(all.map(([, y]) => y));
  const scale = isLog ? Math.log : (value: number) => value;
  const share = (value: number, low: number, high: number) => (high === low ? 0.5 : (value - low) / (high - low));
  const xOf = (x: number) => LEFT + (WIDTH - LEFT - MARGIN) * share(x, xLow, xHigh);
  const yOf = (y: number) => top + HEIGHT * (1 - share(scale(y), scale(yLow), scale(yHigh)));
  const powers = isLog ? decades(yLow, yHigh) : [];
  for (const tick of powers.length < 2 ? roundTicks(yLow, yHigh) : powers) {
    pen.line(segment(LEFT, yOf(tick), WIDTH - MARGIN, yOf(tick)), line, 1);
    pen.text(LEFT - 6, yOf(tick), tickText(tick), ink, 'end');
  }
  for (const tick of roundTicks(xLow, xHigh)) {
    pen.line(segment(xOf(tick), top, xOf(tick), top + HEIGHT), line, 1);
    pen.text(xOf(tick), top + HEIGHT + LINE / 2 + 2, tickText(tick), ink, 'middle');
  }
  lines.forEach(({ label, color, dash }, i) => {
    pen.line(
      points[i].map(([x, y]) => [xOf(x), yOf(y)] as const),
      color,
      THICKNESS,
      dash,
    );
    const y = top + HEIGHT + LINE * (i + 2);
    pen.line(segment(LEFT, y, LEFT + 30, y), color, THICKNESS, dash);
    pen.text(LEFT + 38, y, label, ink);
  });
}

const segment = (x1: number, y1: number, x2: number, y2: number): Point[] => [
  [x1, y1],
  [x2, y2],
];

function ends(values: readonly number[]): [low: number, high: number] {
  return values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [values[0], values[0]]);
}

/** The points that are shown, one row per run and iteration. */
export function seriesRows(all: readonly SeriesColumns[], runs: readonly number[]): CsvValue[][] {
  const names = [...new Set(all.flatMap(({ columns }) => Object.keys(columns)))];
  return [
    ['run', ...names],
    ...all.flatMap(({ columns }, i) => {
      const rows = Object.values(columns)[0]?.length ?? 0;
      return Array.from({ length: rows }, (_, row) => [runs[i], ...names.map((name) => columns[name]?.[row])]);
    }),
  ];
}
