import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { place, setQuery } from './link.ts';
import { Head } from './parts.tsx';

type Sortable = string | number | boolean;

export type RowColumn<T> = {
  name: string;
  /** what it is sorted by, and what stands in a saved file */
  by(row: T): Sortable;
  show(row: T): ComponentChildren;
  class?: string;
  /** letters that it has room for at least, so that nothing moves when values come */
  room?: number;
  isUnsorted?: boolean;
};

type Props<T> = {
  label: string;
  columns: readonly RowColumn<T>[];
  /** in their natural order, which decides between equal ones */
  rows: readonly T[];
  /** pixels; all rows have the same */
  rowHeight: number;
  /** name of the column that the rows are sorted by until another is chosen */
  sortedBy: string;
  keyOf(row: T): string | number;
};

/** Rows drawn before and after those that are seen. */
const SPARE = 8;

/** Rows in the order that the address asks for: by a column, descending with a minus. */
export function sortedRows<T>(columns: readonly RowColumn<T>[], rows: readonly T[], sortedBy: string): readonly T[] {
  const sort = place.value.query.get('sort') ?? sortedBy;
  const column = columns.find(({ name }) => name === sort.replace(/^-/, ''));
  if (column === undefined) return rows;
  const sign = sort.startsWith('-') ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [left, right] = [column.by(a), column.by(b)];
    return left < right ? -sign : left > right ? sign : 0;
  });
}

/** A table of which only the rows in sight are in the document: there may be very many. */
export function Rows<T>({ label, columns, rows: unsorted, rowHeight, sortedBy, keyOf }: Props<T>) {
  const rows = sortedRows(columns, unsorted, sortedBy);
  const sort = place.value.query.get('sort') ?? sortedBy;
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
        <Head
          index={1}
          columns={columns.map(({ name, class: className, isUnsorted }) => ({
            name,
            class: className,
            order: name === sorted ? (isDown ? 'descending' : 'ascending') : undefined,
            content: isUnsorted ? undefined : (
              <button
                type="button"
                class="sort"
                onClick={() => setQuery({ sort: name === sorted && !isDown ? `-${name}` : name })}
              >
                {name}
                <span aria-hidden="true">{name === sorted ? (isDown ? ' ↓' : ' ↑') : ''}</span>
              </button>
            ),
          }))}
        />
        <tbody>
          {first > 0 && <tr class="spacer" ref={heightOf(first * rowHeight)} />}
          {rows.slice(first, last).map((row, i) => (
            <tr key={keyOf(row)} aria-rowindex={first + i + 2} ref={heightOf(rowHeight)}>
              {columns.map((column) => (
                <td
                  key={column.name}
                  class={column.class}
                  style={column.room === undefined ? undefined : { minWidth: `${column.room}ch` }}
                >
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
