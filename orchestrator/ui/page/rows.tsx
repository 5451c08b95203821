import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

export type RowColumn<T> = { name: string; show(row: T): ComponentChildren; class?: string; isUnsorted?: boolean };

type Props<T> = {
  label: string;
  columns: readonly RowColumn<T>[];
  rows: readonly T[];
  /** pixels; all rows have the same */
  rowHeight: number;
  /** name of the column that the rows are sorted by, descending with a minus */
  sort: string;
  onSort(sort: string): void;
  keyOf(row: T): string | number;
};

/** Rows drawn before and after those that are seen. */
const SPARE = 8;

/** A table of which only the rows in sight are in the document: there may be very many. */
export function Rows<T>({ label, columns, rows, rowHeight, sort, onSort, keyOf }: Props<T>) {
  const box = useRef<HTMLElement>(null);
  const [view, setView] = useState({ top: 0, height: 800 });
  useEffect(() => {
    const element = box.current!;
    const look = () => setView({ top: element.scrollTop, height: element.clientHeight });
    look();
    element.addEventListener('scroll', look, { passive: true });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', look);
      observer.disconnect();
    };
  }, []);
  const first = Math.max(0, Math.min(Math.floor(view.top / rowHeight) - SPARE, rows.length - 1));
  const last = Math.min(rows.length, Math.ceil((view.top + view.height) / rowHeight) + SPARE);
  const sorted = sort.replace(/^-/, '');
  const isDown = sort.startsWith('-');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reached by the keyboard
    <section class="scroll rows" tabIndex={0} aria-label={label} ref={box}>
      <table aria-rowcount={rows.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <th
                key={column.name}
                scope="col"
                class={column.class}
                aria-sort={column.name === sorted ? (isDown ? 'descending' : 'ascending') : undefined}
              >
                {column.isUnsorted ? (
                  column.name
                ) : (
                  <button
                    type="button"
                    class="sort"
                    onClick={() => onSort(column.name === sorted && !isDown ? `-${column.name}` : column.name)}
                  >
                    {column.name}
                    <span aria-hidden="true">{column.name === sorted ? (isDown ? ' ↓' : ' ↑') : ''}</span>
                  </button>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {first > 0 && <tr class="spacer" ref={heightOf(first * rowHeight)} />}
          {rows.slice(first, last).map((row, i) => (
            <tr key={keyOf(row)} aria-rowindex={first + i + 2} ref={heightOf(rowHeight)}>
              {columns.map((column) => (
                <td key={column.name} class={column.class}>
                  {column.show(row)}
                </td>
              ))}
            </tr>
          ))}
          {last < rows.length && <tr class="spacer" ref={heightOf((rows.length - last) * rowHeight)} />}
        </tbody>
      </table>
    </section>
  );
}

const heightOf = (pixels: number) => (row: HTMLTableRowElement | null) => {
  if (row !== null) row.style.height = `${pixels}px`;
};
