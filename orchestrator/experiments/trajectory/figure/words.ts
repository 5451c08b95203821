import { type GridValue, oneLine, panelFacts } from '../../../../shared/mod.ts';
import { partialNote } from '../../../figure/heading.ts';
import { wrapped } from '../../../figure/style.ts';
import { keyHeading, valueHeading } from '../../../report/mod.ts';
import { byBlocks, type Curve, nameOf, valuesAt } from './curves.ts';
import type { Line, TrajectoryFigure } from './types.ts';

/** What stands in a panel without lines. */
export const EMPTY = { none: 'no runs yet', diverged: 'diverged at once', unmeasured: 'not measured' };

const ALONG_WORDS: { readonly [Name in TrajectoryFigure['along']]: readonly string[] } = {
  iteration: [],
  time: ['time: the sum of the step sizes before an iteration'],
  distance: ['distance: the length of the path of the weights before an iteration; known for sgd alone'],
};

/** Of the trainings that diverged so many are named. */
const NAMED = 4;

/** What is true of something in the figure, and so has to be said. */
export type Facts = {
  curves: readonly Curve[];
  /** edges of stability: words of those that are drawn somewhere, and whether one is left out somewhere */
  edges: { drawn: ReadonlySet<string>; beyond: ReadonlySet<string> };
  /** whether values are beyond an axis */
  cut: boolean;
};

export const headingOf = (values: readonly [string, GridValue][]): string =>
  oneLine(values.map(([key, value]) => valueHeading(key, value)).join(', '));

/**
 * What a reader has to know, in lines that fit.
 * @param letters in a line
 */
export function subtitle(figure: TrajectoryFigure, lines: readonly Line[], facts: Facts, letters: number): string[] {
  const { source, tasks, panels, along, notes } = figure;
  const { curves } = facts;
  const told = [
    ...(source === undefined ? [] : [oneLine(source)]),
    ...whatLinesAre(figure, lines),
    ...partialNote(tasks),
    ...edgeWords(facts),
    ...ALONG_WORDS[along],
    ...panels.flatMap((panel) => panelFacts(panel).note ?? []),
    ...(curves.some(({ geometricMean }) => geometricMean)
      ? ['step size of a scheme with one per layer: the geometric mean']
      : []),
    ...divergences(figure, lines),
    ...(facts.cut ? ['lines beyond their panel are cut off'] : []),
    ...(curves.some(({ leftOut }) => leftOut > 0) ? ['logarithmic axes omit values of 0 or less'] : []),
    ...notes.map(oneLine),
  ];
  return told.flatMap((line) => wrapped(line, letters));
}

function edgeWords({ edges: { drawn, beyond } }: Facts): string[] {
  const told = (edges: ReadonlySet<string>) => [...edges].join(', ');
  if (drawn.size > 0) {
    const missing = beyond.size > 0 ? ', except where it is far above' : '';
    return [`wide pale lines in sharpness: ${told(new Set([...drawn, ...beyond]))}${missing}`];
  }
  return beyond.size > 0 ? [`${told(beyond)} is far above the sharpness`] : [];
}

/** Lines of one color may be of several runs, or of cells that nothing in the figure tells apart. */
function whatLinesAre(figure: TrajectoryFigure, lines: readonly Line[]): string[] {
  const told = new Set([...figure.rows, ...(byBlocks(figure) ? [] : [figure.lines])]);
  const untold = [...new Set(lines.flatMap(({ values }) => [...values.keys()]))].filter(
    (key) => !told.has(key) && new Set(lines.map(({ values }) => values.get(key))).size > 1,
  );
  const runs = new Set(lines.map(({ run }) => run)).size;
  const each = [...(runs > 1 ? [`of ${runs} runs`] : []), ...untold.map(keyHeading)];
  return each.length === 0 ? [] : [`one line for each ${each.join(', ')}`];
}

function divergences(figure: TrajectoryFigure, lines: readonly Line[]): string[] {
  const diverged = lines.filter(({ divergence }) => divergence !== null);
  if (diverged.length === 0) return [];
  const runs = new Set(lines.map(({ run }) => run)).size;
  const named = diverged.slice(0, NAMED).map((line) => {
    const name = byBlocks(figure) || !line.values.has(figure.lines) ? '' : nameOf(figure, line);
    const who = [headingOf(valuesAt(figure.rows, line)), name, ...(runs > 1 ? [`run ${line.run}`] : [])];
    const words = who.filter((text) => text !== '').join(', ');
    const when = `at iteration ${line.divergence?.iteration}`;
    return words === '' ? when : `${words} ${when}`;
  });
  const more = diverged.length > NAMED ? [`${diverged.length - NAMED} more`] : [];
  return [`diverged: ${[...named, ...more].join('; ')} (cross: the last finite value)`];
}
