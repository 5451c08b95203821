import { EdgesweepError } from '../../shared/mod.ts';
import { draw } from '../experiments/mod.ts';
import { renderPng, renderSvg } from '../figure/mod.ts';
import type { Figure, FigureOptions } from './types.ts';

/**
 * The figure of one or more sweep directories of one experiment.
 * @throws EdgesweepError USAGE for what does not exist, or does not suit the experiment; what reading the directories throws
 */
export async function figure(
  directories: string | readonly string[],
  { log = [], linear = [], ...options }: FigureOptions = {},
): Promise<Figure> {
  const list = typeof directories === 'string' ? [directories] : directories;
  if (list.length === 0) {
    throw new EdgesweepError('USAGE', 'a figure needs a sweep directory', {
      expected: 'one directory or more',
      got: 'none',
    });
  }
  const spec = await draw(list, { ...options, log, linear });
  let drawn: Promise<string> | undefined;
  const svg = () => (drawn ??= renderSvg(spec));
  return { spec: { ...spec }, svg, png: async () => renderPng(await svg()) };
}
