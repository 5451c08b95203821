import type { SweepNamed } from '../../../shared/sweep/mod.ts';
import { headingOf, partialNote } from '../../figure/heading.ts';

/** Letters of the title that fit above the figure. */
const TITLE_LETTERS = 48;

/** Title, source and what a reader has to know of a figure. */
export const headOf = (
  sweep: SweepNamed<'program'>,
  title: string | undefined,
  tasks: { done: number; total: number },
  facts: readonly string[],
) => headingOf(title ?? sweep.title, sweep.source, [...facts, ...partialNote(tasks)], TITLE_LETTERS);

/** Flags come before the sweep file. */
export const isLogarithmic = (
  axis: 'x' | 'y',
  preset: boolean | undefined,
  log: readonly string[],
  linear: readonly string[],
): boolean => log.includes(axis) || (preset === true && !linear.includes(axis));
