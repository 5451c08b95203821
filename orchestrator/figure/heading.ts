import { counted, oneLine } from '../../shared/mod.ts';
import { wrapped } from './style.ts';

/** Says of a figure that outcomes are missing; nothing where none are. */
export const partialNote = ({ done, total }: { done: number; total: number }): string[] =>
  done < total ? [`partial: ${done} of ${counted(total, 'task')}`] : [];

/**
 * The heading of a figure, as Vega-Lite has it: the title, below it where the numbers beside ours are from, and what a reader has to know.
 * @param letters of the title that fit into a line
 */
export const headingOf = (
  title: string,
  source: string | null | undefined,
  facts: readonly string[],
  letters: number,
) => ({
  text: wrapped(oneLine(title), letters),
  subtitle: [...(typeof source === 'string' ? [oneLine(source)] : []), ...facts],
  anchor: 'start',
  offset: 14,
});
