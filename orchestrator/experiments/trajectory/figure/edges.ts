import { isPlainEdge, overText, type PanelFacts } from '../../../../shared/mod.ts';
import type { Point } from '../../../figure/thin.ts';
import { extent } from './axes.ts';
import { byBlocks, curvesOf, FULL } from './curves.ts';
import type { Line, TrajectoryFigure } from './types.ts';

/** Where an optimiser ceases to be stable, such as 2 / step size, against iterations. */
export type Edge = {
  /** what is over the step size */
  over: number;
  /** the name of the only curves that it is of; undefined where it is of several, or of the whole panel */
  name: string | undefined;
  points: Point[];
};

/** Such as `2 / step size`. */
export const edgeWords = (edge: Edge): string => `${overText(edge)} / step size`;

/**
 * Of constant step sizes one for each; of others the curve where a panel is of one network's blocks, and none where lines are compared,
 * as the curves would hide what they are the bound of. None of step sizes for each layer.
 * @param panel whose eigenvalues it shows
 * @param lines the panel's trainings
 * @param last iteration of the figure: a constant is drawn up to there
 */
export function edgesOf(
  figure: TrajectoryFigure,
  panel: Pick<PanelFacts, 'edge' | 'plain'>,
  lines: readonly Line[],
  last: number,
): Edge[] {
  const bounded = lines.filter(({ edge }) => edge.matrix === panel.edge && (!panel.plain || isPlainEdge(edge)));
  const constants = new Map<string, { over: number; stepSize: number; names: Set<string> }>();
  const varying: Edge[] = [];
  for (const { name, line, points, geometricMean } of curvesOf(figure, 'step-size', bounded)) {
    if (points.length === 0 || geometricMean || (byBlocks(figure) && name !== FULL)) continue;
    const { over } = line.edge;
    const [low, high] = extent(points.map(({ value }) => value));
    // a constant may have been through float32
    if (high <= low * (1 + 1e-6)) {
      const key = `${over} ${low}`;
      const constant = constants.get(key) ?? { over, stepSize: low, names: new Set() };
      constants.set(key, constant);
      constant.names.add(name);
    } else if (byBlocks(figure)) {
      varying.push({ over, name: undefined, points: points.map(({ x, value }) => ({ x, value: over / value })) });
    }
  }
  const straight = [...constants.values()].map(
    ({ over, stepSize, names }): Edge => ({
      over,
      name: !byBlocks(figure) && names.size === 1 ? [...names][0] : undefined,
      points: [figure.along === 'iteration' ? 1 : 0, last].map((x) => ({ x, value: over / stepSize })),
    }),
  );
  return [...straight, ...varying];
}
