import type { CellColumns, FailedRun, SweepDetails } from '../wire.ts';
import { duration, shortNumber } from './format.ts';

/** What the grid may be coloured by. */
export type Shade = {
  id: string;
  label: string;
  read(columns: CellColumns, cell: number): number | null;
  /** is there something to show of cells of which no run is done? */
  isOfEmpty?: boolean;
  show(value: number | null): string;
};

/** Failed tasks where there are any, share of the runs, seconds, and for each measure its mean and the width of its interval. */
export function shadesOf({ measures }: SweepDetails, failed: readonly FailedRun[]): Shade[] {
  const failures = new Map<number, number>();
  for (const { cell } of failed) failures.set(cell, (failures.get(cell) ?? 0) + 1);
  return [
    ...measures.flatMap((name): Shade[] => [
      {
        id: `mean:${name}`,
        label: `${name}, mean`,
        read: ({ statistics }, cell) => statistics[name]?.mean[cell] ?? null,
        show: shortNumber,
      },
      {
        id: `ci95:${name}`,
        label: `${name}, half-width of the 95 % interval`,
        read: ({ statistics }, cell) => statistics[name]?.ci95[cell] ?? null,
        show: shortNumber,
      },
    ]),
    {
      id: 'done',
      label: 'runs done',
      read: ({ done }, cell) => done[cell],
      show: (value) => String(value ?? 0),
    },
    ...(failed.length === 0
      ? []
      : [
          {
            id: 'failed',
            label: 'failed tasks',
            read: (_: CellColumns, cell: number) => failures.get(cell) ?? null,
            show: (value: number | null) => String(value ?? 0),
            isOfEmpty: true,
          },
        ]),
    {
      id: 'seconds',
      label: 'seconds per run',
      read: ({ done, seconds }, cell) => (done[cell] === 0 ? null : seconds[cell] / done[cell]),
      show: (value) => (value !== null && value >= 60 ? duration(value) : `${shortNumber(value, 3)} s`),
    },
  ];
}

/** Viridis, which stays in order for the colour-blind and in grey. */
const STOPS = [0x440154, 0x482878, 0x3e4989, 0x31688e, 0x26828e, 0x1f9e89, 0x35b779, 0x6ece58, 0xb5de2b, 0xfde725];

/** @param share from 0 to 1 */
export function colorAt(share: number): string {
  const place = Math.min(1, Math.max(0, share)) * (STOPS.length - 1);
  const low = Math.min(STOPS.length - 2, Math.floor(place));
  const mix = (shift: number) => {
    const [a, b] = [(STOPS[low] >> shift) & 255, (STOPS[low + 1] >> shift) & 255];
    return Math.round(a + (b - a) * (place - low));
  };
  return `rgb(${mix(16)},${mix(8)},${mix(0)})`;
}

export type Scale = { low: number; high: number; isLog: boolean; at(value: number): number };

/** Logarithmic where the values are positive and spread over more than a factor of 20. */
export function scaleOf(values: Iterable<number | null>, whole?: number): Scale {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value === null) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (whole !== undefined) [low, high] = [0, whole];
  const isLog = whole === undefined && low > 0 && high / low > 20;
  const place = isLog ? Math.log : (value: number) => value;
  const [from, to] = [place(low), place(high)];
  return { low, high, isLog, at: (value) => (to === from ? 0.5 : (place(value) - from) / (to - from)) };
}
