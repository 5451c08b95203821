import { counted, oneLine } from '../../../shared/mod.ts';
import type { SweepNamed } from '../../../shared/sweep/mod.ts';
import { wrapped } from '../../figure/style.ts';

/** Letters of the title that fit above the figure. */
const TITLE_LETTERS = 48;

/** Title, source and what a reader has to know of a figure. */
export const headOf = (
  sweep: SweepNamed<'program'>,
  title: string | undefined,
  { done, total }: { done: number; total: number },
  facts: readonly string[],
) => ({
  text: wrapped(oneLine(title ?? sweep.title), TITLE_LETTERS),
  subtitle: [
    ...(sweep.source === undefined ? [] : [oneLine(sweep.source)]),
    ...facts,
    ...(done < total ? [`partial: ${done} of ${counted(total, 'task')}`] : []),
  ],
  anchor: 'start',
  offset: 14,
});

/** Flags come before the sweep file. */
export const isLogarithmic = (
  axis: 'x' | 'y',
  preset: boolean | undefined,
  log: readonly string[],
  linear: readonly string[],
): boolean => log.includes(axis) || (preset === true && !linear.includes(axis));
