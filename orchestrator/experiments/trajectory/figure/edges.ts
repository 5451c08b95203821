import type { Point } from '../../../figure/thin.ts';
import { extent } from './axes.ts';
import { byBlocks, curvesOf, FULL } from './curves.ts';
import type { Line, TrajectoryFigure } from './types.ts';

/** Where gradient descent ceases to be stable: 2 / step size, against iterations. */
export type Edge = {
  /** the name of the only curves that it is of; undefined where it is of several, or of the whole panel */
  name: string | undefined;
  points: Point[];
};

/**
 * Of constant step sizes one for each; of others the curve where a panel is of one network's blocks, and none where lines are compared,
 * as the curves would hide what they are the bound of. None of step sizes for each layer.
 * @param lines the panel's trainings
 * @param last iteration of the figure: a constant is drawn up to there
 */
export function edgesOf(figure: TrajectoryFigure, lines: readonly Line[], last: number): Edge[] {
  const constants = new Map<number, Set<string>>();
  const varying: Edge[] = [];
  for (const { name, points, geometricMean } of curvesOf(figure, 'step-size', lines)) {
    if (points.length === 0 || geometricMean || (byBlocks(figure) && name !== FULL)) continue;
    const [low, high] = extent(points.map(({ value }) => value));
    // a constant may have been through float32
    if (high <= low * (1 + 1e-6)) constants.set(low, (constants.get(low) ?? new Set()).add(name));
    else if (byBlocks(figure)) varying.push({ name: undefined, points: points.map(twoOver) });
  }
  const straight = [...constants].map(([stepSize, names]): Edge => {
    const value = 2 / stepSize;
    return {
      name: !byBlocks(figure) && names.size === 1 ? [...names][0] : undefined,
      points: [1, last].map((x) => ({ x, value })),
    };
  });
  return [...straight, ...varying];
}

const twoOver = ({ x, value }: Point): Point => ({ x, value: 2 / value });
