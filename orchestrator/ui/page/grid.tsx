import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { CellColumns, SweepDetails } from '../wire.ts';
import { colorAt, type Shade, scaleOf } from './measures.ts';

type Props = {
  details: SweepDetails;
  columns: CellColumns;
  cells: readonly number[];
  shade: Shade;
  /** key of the horizontal axis */
  x: string;
  cursor: number | null;
  onCursor(cell: number): void;
  onOpen(cell: number): void;
  isDark: boolean;
};

const FONT = '12px system-ui, sans-serif';
const TOP = 22;
const LETTER = 7;

/** Where each cell stands: columns are the values of one key, rows the combinations of the others. */
function arrange({ details, cells, x }: Pick<Props, 'details' | 'cells' | 'x'>) {
  const across = details.keys.find(({ name }) => name === x);
  const others = details.keys.filter(({ name }) => name !== x);
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
  const cellAt = new Map<number, number>();
  for (const [cell, { row, column }] of at) cellAt.set(row * columnLabels.length + column, cell);
  return {
    at,
    cellAt,
    rowLabels,
    columnLabels,
    rowKeys: others.map(({ heading }) => heading).join(', '),
    columnKey: across?.heading ?? '',
  };
}

/** The cells as a picture, drawn where it is in sight; the arrow keys move through it. Beside it stands the same as a table. */
export function Grid({ details, columns, cells, shade, x, cursor, onCursor, onOpen, isDark }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const [hovered, setHovered] = useState<number | null>(null);
  const [scrolled, setScrolled] = useState(0);
  const layout = useMemo(() => arrange({ details, cells, x }), [details, cells, x]);
  const { at, cellAt, rowLabels, columnLabels } = layout;
  const longest = rowLabels.reduce((most, label) => Math.max(most, label.length), 0);
  const left = Math.min(Math.max(0, longest * LETTER + 10), 180, width / 3);
  const cellWidth = Math.max(5, Math.min(84, Math.floor((width - left - 2) / Math.max(1, columnLabels.length))));
  const cellHeight =
    rowLabels.length > 40 ? Math.max(5, Math.min(14, cellWidth)) : Math.max(14, Math.min(28, cellWidth));
  const size = { width: left + cellWidth * columnLabels.length + 2, height: TOP + cellHeight * rowLabels.length + 2 };
  const scale = useMemo(
    () =>
      scaleOf(
        cells.map((cell) => shade.read(columns, cell)),
        shade.id === 'done' ? cells.reduce((most, cell) => Math.max(most, columns.wanted[cell]), 0) : undefined,
      ),
    // the columns are changed in place; their version tells
    [cells, shade, columns.version, columns.epoch],
  );

  useEffect(() => {
    const element = box.current!;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    const look = () => setScrolled((count) => count + 1);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, []);

  useEffect(() => {
    const frame = requestAnimationFrame(paint);
    return () => cancelAnimationFrame(frame);
  }, [width, layout, scale, shade, columns.version, columns.epoch, cursor, hovered, scrolled, isDark]);

  function paint(): void {
    const [element, target] = [box.current, canvas.current];
    if (element === null || target === null || width === 0) return;
    const ratio = window.devicePixelRatio || 1;
    const [viewWidth, viewHeight] = [
      Math.min(element.clientWidth, size.width),
      Math.min(element.clientHeight, size.height),
    ];
    if (target.width !== Math.round(viewWidth * ratio) || target.height !== Math.round(viewHeight * ratio)) {
      target.width = Math.round(viewWidth * ratio);
      target.height = Math.round(viewHeight * ratio);
      target.style.width = `${viewWidth}px`;
      target.style.height = `${viewHeight}px`;
    }
    const context = target.getContext('2d')!;
    const style = getComputedStyle(element);
    const [ink, line, ground] = ['--ink', '--line', '--ground'].map((name) => style.getPropertyValue(name));
    const { scrollLeft, scrollTop } = element;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, viewWidth, viewHeight);
    context.font = FONT;
    const gap = cellWidth >= 8 && cellHeight >= 8 ? 1 : 0;
    const firstRow = Math.max(0, Math.floor(scrollTop / cellHeight));
    const lastRow = Math.min(rowLabels.length, Math.ceil((scrollTop + viewHeight) / cellHeight));
    const firstColumn = Math.max(0, Math.floor(scrollLeft / cellWidth));
    const lastColumn = Math.min(columnLabels.length, Math.ceil((scrollLeft + viewWidth) / cellWidth));
    const place = (row: number, column: number) => [
      left + column * cellWidth - scrollLeft,
      TOP + row * cellHeight - scrollTop,
    ];
    for (let row = firstRow; row < lastRow; row += 1) {
      for (let column = firstColumn; column < lastColumn; column += 1) {
        const cell = cellAt.get(row * columnLabels.length + column);
        if (cell === undefined) continue;
        const [px, py] = place(row, column);
        const value = shade.read(columns, cell);
        const isEmpty = columns.done[cell] === 0 && !(shade.isOfEmpty && value !== null);
        context.fillStyle = value === null || isEmpty ? line : colorAt(scale.at(value));
        context.fillRect(px, py, cellWidth - gap, cellHeight - gap);
        if (isEmpty && gap === 1) {
          context.fillStyle = ground;
          context.fillRect(px + 1, py + 1, cellWidth - gap - 2, cellHeight - gap - 2);
        }
        // not all of its runs are there
        if (!isEmpty && columns.done[cell] < columns.wanted[cell] && cellHeight >= 12 && cellWidth >= 12) {
          context.fillStyle = '#fff';
          context.strokeStyle = '#000';
          context.lineWidth = 1;
          context.beginPath();
          context.arc(px + cellWidth - gap - 5, py + 5, 2.5, 0, 2 * Math.PI);
          context.fill();
          context.stroke();
        }
      }
    }
    // labels over what scrolls below them
    context.fillStyle = ground;
    context.fillRect(0, 0, viewWidth, TOP);
    context.fillRect(0, 0, left, viewHeight);
    context.fillStyle = ink;
    context.textBaseline = 'middle';
    const everyRow = Math.ceil(15 / cellHeight);
    for (let row = firstRow; row < lastRow; row += 1) {
      if (row % everyRow !== 0) continue;
      const [, py] = place(row, 0);
      if (py >= TOP - 4) context.fillText(clipped(context, rowLabels[row], left - 8), 0, py + cellHeight / 2);
    }
    const widest = columnLabels.reduce((most, label) => Math.max(most, context.measureText(label).width), 0) + 8;
    const everyColumn = Math.max(1, Math.ceil(Math.min(widest, 90) / cellWidth));
    for (let column = firstColumn; column < lastColumn; column += 1) {
      if (column % everyColumn !== 0) continue;
      const [px] = place(0, column);
      if (px >= left - 4)
        context.fillText(clipped(context, columnLabels[column], everyColumn * cellWidth - 4), px, TOP / 2);
    }
    for (const [cell, color, thickness] of [
      [hovered, ink, 1],
      [cursor, ink, 2],
    ] as const) {
      const found = cell === null ? undefined : at.get(cell);
      if (found === undefined) continue;
      const [px, py] = place(found.row, found.column);
      if (px < left - 2 || py < TOP - 2) continue;
      context.strokeStyle = ground;
      context.lineWidth = thickness + 2;
      context.strokeRect(px, py, cellWidth - gap, cellHeight - gap);
      context.strokeStyle = color;
      context.lineWidth = thickness;
      context.strokeRect(px, py, cellWidth - gap, cellHeight - gap);
    }
  }

  const cellUnder = (event: MouseEvent): number | undefined => {
    const element = box.current!;
    const { left: boxLeft, top: boxTop } = element.getBoundingClientRect();
    const [px, py] = [event.clientX - boxLeft - left, event.clientY - boxTop - TOP];
    if (px < 0 || py < 0) return undefined;
    const [column, row] = [
      Math.floor((px + element.scrollLeft) / cellWidth),
      Math.floor((py + element.scrollTop) / cellHeight),
    ];
    return column < columnLabels.length ? cellAt.get(row * columnLabels.length + column) : undefined;
  };

  const move = (rows: number, along: number): void => {
    const start = (cursor === null ? undefined : at.get(cursor)) ?? { row: 0, column: 0 };
    if (cursor === null) rows = along = 0;
    let { row, column } = start;
    // over places that no cell has
    for (let step = 0; step < rowLabels.length + columnLabels.length; step += 1) {
      row = Math.min(rowLabels.length - 1, Math.max(0, row + rows));
      column = Math.min(columnLabels.length - 1, Math.max(0, column + along));
      const cell = cellAt.get(row * columnLabels.length + column);
      if (cell !== undefined) {
        onCursor(cell);
        reveal(row, column);
        return;
      }
      if (rows === 0 && along === 0) return;
    }
  };

  const reveal = (row: number, column: number): void => {
    const element = box.current!;
    const [top, from] = [row * cellHeight, column * cellWidth];
    if (top < element.scrollTop) element.scrollTop = top;
    if (top + cellHeight + TOP > element.scrollTop + element.clientHeight)
      element.scrollTop = top + cellHeight + TOP - element.clientHeight;
    if (from < element.scrollLeft) element.scrollLeft = from;
    if (from + cellWidth + left > element.scrollLeft + element.clientWidth)
      element.scrollLeft = from + cellWidth + left - element.clientWidth;
  };

  const onKey = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor((box.current?.clientHeight ?? 0) / cellHeight) - 1);
    const moves: Record<string, [number, number]> = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
      PageUp: [-page, 0],
      PageDown: [page, 0],
      Home: [0, -columnLabels.length],
      End: [0, columnLabels.length],
    };
    if (event.key === 'Enter' && cursor !== null) onOpen(cursor);
    else if (event.key in moves) move(...moves[event.key]);
    else return;
    event.preventDefault();
  };

  const shown = hovered ?? cursor;
  return (
    <figure class="grid">
      <figcaption class="quiet">
        {layout.rowKeys !== '' && `rows: ${layout.rowKeys}; `}
        {layout.columnKey === '' ? 'one cell' : `columns: ${layout.columnKey}`}
      </figcaption>
      <div
        class="grid-box"
        ref={box}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: its cursor is moved by the keyboard
        tabIndex={0}
        role="application"
        aria-label={`grid of ${cells.length} cells by ${shade.label}; arrow keys move, Enter opens the cell; the table below holds the same`}
        aria-describedby="grid-readout"
        onKeyDown={onKey}
        onFocus={() => cursor === null && move(0, 0)}
        onMouseMove={(event) => setHovered(cellUnder(event) ?? null)}
        onMouseLeave={() => setHovered(null)}
        onClick={(event) => {
          const cell = cellUnder(event);
          if (cell !== undefined) onOpen(cell);
        }}
      >
        <canvas ref={canvas} />
        <div class="grid-space" style={{ width: `${size.width}px`, height: `${size.height}px` }} />
      </div>
      <Legend shade={shade} scale={scale} />
      <p class="readout" id="grid-readout" aria-live="polite">
        {shown === null ? 'no cell chosen' : readout(details, columns, shade, shown)}
      </p>
    </figure>
  );
}

export function readout(details: SweepDetails, columns: CellColumns, shade: Shade, cell: number): string {
  const values = details.keys.map(({ heading, values, codes }) => `${heading} ${values[codes[cell]]}`);
  const done = `${columns.done[cell]} of ${columns.wanted[cell]} done`;
  const parts = [values.join(', ') || 'cell 0', done];
  if (shade.id !== 'done') parts.push(`${shade.label}: ${shade.show(shade.read(columns, cell))}`);
  return parts.join('; ');
}

function Legend({ shade, scale }: { shade: Shade; scale: ReturnType<typeof scaleOf> }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current!.getContext('2d')!;
    for (let x = 0; x < 120; x += 1) {
      context.fillStyle = colorAt(x / 119);
      context.fillRect(x, 0, 1, 10);
    }
  }, []);
  const isKnown = Number.isFinite(scale.low);
  return (
    <p class="legend">
      {shade.label}: {isKnown ? shade.show(scale.low) : '–'} <canvas ref={canvas} width={120} height={10} />{' '}
      {isKnown ? shade.show(scale.high) : '–'}
      {scale.isLog && ' (logarithmic)'}; empty: no run done; dot: some runs missing
    </p>
  );
}

function clipped(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let end = text.length;
  while (end > 1 && context.measureText(`${text.slice(0, end)}…`).width > width) end -= 1;
  return `${text.slice(0, end)}…`;
}
