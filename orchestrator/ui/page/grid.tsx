import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { CellColumns, SweepDetails } from '../wire.ts';
import { Exports } from './exports.tsx';
import { gridRows, gridSvg } from './grid-file.ts';
import { arrange, paintGrid, sizesOf, TOP } from './grid-layout.ts';
import { colorAt, type Shade, scaleOf } from './measures.ts';
import { canvasPen } from './pen.ts';
import { csvBlob, fileName, pngBlob, svgBlob } from './save.ts';
import { colorsOf } from './use.ts';

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

/** The cells as a picture, drawn where it is in sight; the arrow keys move through it. Beside it stands the same as a table. */
export function Grid({ details, columns, cells, shade, x, cursor, onCursor, onOpen, isDark }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const [hovered, setHovered] = useState<number | null>(null);
  const [scrolled, setScrolled] = useState(0);
  const layout = useMemo(() => arrange(details, cells, x), [details, cells, x]);
  const { at, cellAt, rowLabels, columnLabels } = layout;
  const sizes = sizesOf(layout, width);
  const { left, cellWidth, cellHeight } = sizes;
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
      Math.min(element.clientWidth, sizes.width),
      Math.min(element.clientHeight, sizes.height),
    ];
    if (target.width !== Math.round(viewWidth * ratio) || target.height !== Math.round(viewHeight * ratio)) {
      target.width = Math.round(viewWidth * ratio);
      target.height = Math.round(viewHeight * ratio);
      target.style.width = `${viewWidth}px`;
      target.style.height = `${viewHeight}px`;
    }
    const context = target.getContext('2d')!;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, viewWidth, viewHeight);
    const { scrollLeft, scrollTop } = element;
    paintGrid(
      canvasPen(context),
      { layout, sizes, columns, shade, scale, colors: colorsOf(element) },
      { width: viewWidth, height: viewHeight, scrollLeft, scrollTop },
      [
        { cell: hovered, thickness: 1 },
        { cell: cursor, thickness: 2 },
      ],
    );
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
    return column < columnLabels.length ? cellAt(row, column) : undefined;
  };

  const move = (rows: number, along: number): void => {
    const start = (cursor === null ? undefined : at.get(cursor)) ?? { row: 0, column: 0 };
    if (cursor === null) rows = along = 0;
    let { row, column } = start;
    // over places that no cell has
    for (let step = 0; step < rowLabels.length + columnLabels.length; step += 1) {
      row = Math.min(rowLabels.length - 1, Math.max(0, row + rows));
      column = Math.min(columnLabels.length - 1, Math.max(0, column + along));
      const cell = cellAt(row, column);
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
  const file = fileName(details.standing.name, 'grid');
  const svg = () => gridSvg({ details, columns, cells, shade, scale, x, colors: colorsOf(box.current!) });
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
        <div class="grid-space" style={{ width: `${sizes.width}px`, height: `${sizes.height}px` }} />
      </div>
      <Legend shade={shade} scale={scale} />
      <p class="readout" id="grid-readout" aria-live="polite">
        {shown === null ? 'no cell chosen' : readout(details, columns, shade, shown)}
      </p>
      <Exports
        what="the grid"
        formats={[
          { label: 'PNG', file: `${file}.png`, make: () => pngBlob(svg()) },
          { label: 'SVG', file: `${file}.svg`, make: () => svgBlob(svg()) },
          { label: 'CSV', file: `${file}.csv`, make: () => csvBlob(gridRows(details, columns, cells)) },
        ]}
      />
    </figure>
  );
}

function readout(details: SweepDetails, columns: CellColumns, shade: Shade, cell: number): string {
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
