import type { CellColumns, SweepDetails } from '../wire.ts';
import { colorAt, type Scale, type Shade } from './measures.ts';
import type { Pen } from './pen.ts';

/** Pixels of the labels above the cells. */
export const TOP = 22;
const LETTER = 7;

/** Where each cell stands: columns are the values of one key, rows the combinations of the others. */
export type Arrangement = {
  at: ReadonlyMap<number, { row: number; column: number }>;
  cellAt(row: number, column: number): number | undefined;
  rowLabels: readonly string[];
  columnLabels: readonly string[];
  rowKeys: string;
  columnKey: string;
};

/** @param x key of the horizontal axis */
export function arrange({ keys }: SweepDetails, cells: readonly number[], x: string): Arrangement {
  const across = keys.find(({ name }) => name === x);
  const others = keys.filter(({ name }) => name !== x);
  const rowOf = new Map<string, number>();
  const rowLabels: string[] = [];
  const columnOf = new Map<number, number>();
  const columnLabels: string[] = [];
  const at = new Map<number, { row: number; column: number }>();
  const codes = [...new Set(cells.map((cell) => across?.codes[cell] ?? 0))].sort((a, b) => a - b);
  for (const code of codes) {
    columnOf.set(code, columnLabels.length);
    columnLabels.push(across === undefined ? '' : String(across.values[code]));
  }
  for (const cell of cells) {
    const values = others.map(({ values, codes: own }) => values[own[cell]]);
    const id = JSON.stringify(values);
    let row = rowOf.get(id);
    if (row === undefined) {
      row = rowLabels.length;
      rowOf.set(id, row);
      rowLabels.push(values.join(', '));
    }
    at.set(cell, { row, column: columnOf.get(across?.codes[cell] ?? 0)! });
  }
  const places = new Map<number, number>();
  for (const [cell, { row, column }] of at) places.set(row * columnLabels.length + column, cell);
  return {
    at,
    cellAt: (row, column) => places.get(row * columnLabels.length + column),
    rowLabels,
    columnLabels,
    rowKeys: others.map(({ heading }) => heading).join(', '),
    columnKey: across?.heading ?? '',
  };
}

export type Sizes = { left: number; cellWidth: number; cellHeight: number; width: number; height: number };

/** @param width that there is @param tallest that the whole may be; cells become lower, and labels fewer, where it would be taller */
export function sizesOf({ rowLabels, columnLabels }: Arrangement, width: number, tallest = Infinity): Sizes {
  const longest = rowLabels.reduce((most, label) => Math.max(most, label.length), 0);
  const left = Math.min(Math.max(0, longest * LETTER + 10), 180, width / 3);
  const cellWidth = Math.max(5, Math.min(84, Math.floor((width - left - 2) / Math.max(1, columnLabels.length))));
  const usual = rowLabels.length > 40 ? Math.max(5, Math.min(14, cellWidth)) : Math.max(14, Math.min(28, cellWidth));
  const cellHeight = Math.min(usual, Math.max(1, Math.floor((tallest - TOP) / Math.max(1, rowLabels.length))));
  return {
    left,
    cellWidth,
    cellHeight,
    width: left + cellWidth * columnLabels.length + 2,
    height: TOP + cellHeight * rowLabels.length + 2,
  };
}

export type Scene = {
  layout: Arrangement;
  sizes: Sizes;
  columns: CellColumns;
  shade: Shade;
  scale: Scale;
  colors: { ink: string; line: string; ground: string };
};

/** The part that is in sight. */
export type View = { width: number; height: number; scrollLeft: number; scrollTop: number };

/** @param marked cells with a frame around them */
export function paintGrid(
  pen: Pen,
  { layout, sizes, columns, shade, scale, colors }: Scene,
  { width, height, scrollLeft, scrollTop }: View,
  marked: readonly { cell: number | null; thickness: number }[] = [],
): void {
  const { at, cellAt, rowLabels, columnLabels } = layout;
  const { left, cellWidth, cellHeight } = sizes;
  const { ink, line, ground } = colors;
  const gap = cellWidth >= 8 && cellHeight >= 8 ? 1 : 0;
  const firstRow = Math.max(0, Math.floor(scrollTop / cellHeight));
  const lastRow = Math.min(rowLabels.length, Math.ceil((scrollTop + height) / cellHeight));
  const firstColumn = Math.max(0, Math.floor(scrollLeft / cellWidth));
  const lastColumn = Math.min(columnLabels.length, Math.ceil((scrollLeft + width) / cellWidth));
  const place = (row: number, column: number) => [
    left + column * cellWidth - scrollLeft,
    TOP + row * cellHeight - scrollTop,
  ];
  for (let row = firstRow; row < lastRow; row += 1) {
    for (let column = firstColumn; column < lastColumn; column += 1) {
      const cell = cellAt(row, column);
      if (cell === undefined) continue;
      const [x, y] = place(row, column);
      const value = shade.read(columns, cell);
      const isEmpty = columns.done[cell] === 0 && !(shade.isOfEmpty && value !== null);
      pen.rect(x, y, cellWidth - gap, cellHeight - gap, value === null || isEmpty ? line : colorAt(scale.at(value)));
      if (isEmpty && gap === 1) pen.rect(x + 1, y + 1, cellWidth - gap - 2, cellHeight - gap - 2, ground);
      // not all of its runs are there
      const isPart = !isEmpty && columns.done[cell] < columns.wanted[cell];
      if (isPart && cellHeight >= 12 && cellWidth >= 12) pen.dot(x + cellWidth - gap - 5, y + 5, 2.5);
    }
  }
  // labels over what scrolls below them
  pen.rect(0, 0, width, TOP, ground);
  pen.rect(0, 0, left, height, ground);
  const everyRow = Math.ceil(15 / cellHeight);
  for (let row = firstRow; row < lastRow; row += 1) {
    if (row % everyRow !== 0) continue;
    const [, y] = place(row, 0);
    if (y >= TOP - 4) pen.text(0, y + cellHeight / 2, clipped(pen, rowLabels[row], left - 8), ink);
  }
  const widest = columnLabels.reduce((most, label) => Math.max(most, pen.widthOf(label)), 0) + 8;
  const everyColumn = Math.max(1, Math.ceil(Math.min(widest, 90) / cellWidth));
  for (let column = firstColumn; column < lastColumn; column += 1) {
    if (column % everyColumn !== 0) continue;
    const [x] = place(0, column);
    if (x >= left - 4) pen.text(x, TOP / 2, clipped(pen, columnLabels[column], everyColumn * cellWidth - 4), ink);
  }
  for (const { cell, thickness } of marked) {
    const found = cell === null ? undefined : at.get(cell);
    if (found === undefined) continue;
    const [x, y] = place(found.row, found.column);
    if (x < left - 2 || y < TOP - 2) continue;
    pen.frame(x, y, cellWidth - gap, cellHeight - gap, ground, thickness + 2);
    pen.frame(x, y, cellWidth - gap, cellHeight - gap, ink, thickness);
  }
}

function clipped(pen: Pen, text: string, width: number): string {
  if (pen.widthOf(text) <= width) return text;
  let end = text.length;
  while (end > 1 && pen.widthOf(`${text.slice(0, end)}…`) > width) end -= 1;
  return `${text.slice(0, end)}…`;
}
