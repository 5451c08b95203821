import { z } from 'zod';
import { fullKey, SHORT_KEYS } from '../../../cell-keys.ts';
import { trajectory } from '../../../experiments/trajectory.ts';
import { ALONG, PANELS } from '../../../gauges/mod.ts';
import { lazily, type Parsed } from '../../../lazily.ts';
import type { Problem } from '../../problems.ts';
import { mapping, oneOrMore } from '../../shapes.ts';

/** The lines of a panel that are the whole network and its layers, and not the values of a key. */
export const BLOCKS = 'blocks';

/** What of a sweep of trajectories stands where in its figure. What is left out is chosen from the keys that vary. */
export const trajectoryFigureSchema = lazily(() => {
  const keys = [...Object.keys(trajectory.keys), ...SHORT_KEYS];
  return mapping({
    rows: oneOrMore(z.enum(keys)).optional().describe('grid keys of the rows of panels, one row per value'),
    lines: z
      .enum([BLOCKS, ...keys])
      .optional()
      .describe(
        'blocks: the whole network and each layer; or a grid key of the lines, one per value, for the whole network',
      ),
    x: z
      .enum(ALONG)
      .optional()
      .describe(
        'horizontal axis; time: the sum of the step sizes before an iteration; distance: that of the lengths of the steps, for sgd',
      ),
    panels: z.array(z.enum(PANELS)).min(1).optional().describe('panels, from left to right'),
  });
});
export type TrajectoryFigureSpec = Parsed<typeof trajectoryFigureSchema>;

/** A key in two places, or a panel drawn twice. */
export function trajectoryFigureProblems({ rows = [], lines, panels = [] }: TrajectoryFigureSpec): Problem[] {
  const places = [...[rows].flat(), ...(lines === undefined || lines === BLOCKS ? [] : [lines])].map(fullKey);
  const twice = places.find((key, i) => places.indexOf(key) < i);
  const panelAgain = panels.findIndex((panel, i) => panels.indexOf(panel) < i);
  return [
    ...(twice === undefined ? [] : [repeated(['figure', 'rows'], `the key \`${twice}\``, twice)]),
    ...(panelAgain < 0 ? [] : [repeated(['figure', 'panels', panelAgain], 'a panel', panels[panelAgain])]),
  ];
}

function repeated(path: Problem['path'], what: string, got: string): Problem {
  return {
    path,
    message: `${what} is used twice in the figure`,
    expected: 'each once',
    got,
    fix: 'remove one of the two',
  };
}
