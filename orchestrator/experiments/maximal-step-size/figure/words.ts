import { counted } from '../../../../shared/mod.ts';
import { keyHeading } from '../../../report/mod.ts';
import type { FigureData } from './data.ts';

const TITLES: Record<string, string> = {
  depth: 'depth (weight matrices)',
  width: 'width (hidden units per layer)',
  activation: 'activation function',
  'dataset.examples': 'number of examples',
  'dataset.dimensions': 'inputs per example',
  'dataset.outputs': 'targets per example',
  'dataset.kind': 'dataset',
};

export const axisTitle = (key: string): string => TITLES[key] ?? keyHeading(key);

/** What a reader has to know, a line each. */
export function subtitle({ points, source, tasks, runs, encoding, notes }: FigureData): string[] {
  const some = (is: (point: FigureData['points'][number]) => boolean) => points.some(is);
  const several = runs === undefined ? 'the runs' : runs === 1 ? 'one run' : `${runs} runs`;
  const numeric = points.every(({ x }) => typeof x === 'number');
  const lines = [
    ...(source === undefined ? [] : [source]),
    `mean of ${several} with its 95 % confidence ${numeric ? 'band' : 'interval'}; faint dots: the runs, larger where more agree`,
  ];
  if (tasks.done < tasks.total)
    lines.push(`partial: ${tasks.done} of ${counted(tasks.total, 'task')}; hollow: runs are missing`);
  if (some(({ entry }) => entry.atMost > 0)) lines.push('arrow down: diverged at the first step size, so at most this');
  if (some(({ entry }) => entry.atLeast > 0))
    lines.push('arrow up: did not diverge up to the ceiling, so at least this');
  if (some(({ entry }) => entry.paper !== null)) lines.push('dash: the printed value');
  lines.push(...notes);
  if (encoding.facet !== undefined) lines.push('each panel has its own vertical axis');
  return lines;
}
