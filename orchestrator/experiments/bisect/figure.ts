import type { TopLevelSpec } from 'vega-lite';
import { expand, type SweepNamed } from '../../../shared/sweep/mod.ts';
import { readOutcomes } from '../../directory/mod.ts';
import { headingOf, partialNote } from '../../figure/heading.ts';
import { type DrawOptions, onlySweep } from '../../figure/mod.ts';
import { COLORS, CONFIG, SCHEMA } from '../../figure/style.ts';
import { keyHeading } from '../../report/headings.ts';
import { bisectTable } from './table.ts';

const LETTERS = 50;
const FACT = 'each tick: the step size between survival and divergence of one initialisation';

/** The threshold of each run as a tick, a row for each combination of the keys. */
export async function drawBisect(
  directories: readonly string[],
  sweeps: readonly SweepNamed<'bisect'>[],
  options: DrawOptions,
): Promise<TopLevelSpec> {
  const { title, by = [] } = options;
  const sweep = onlySweep(directories, sweeps, options, {
    taken: ['by'],
    layout: 'a figure of bisect has the step size along x, and one row for each combination of the other keys',
  });
  const table = await bisectTable(sweep, expand(sweep), readOutcomes(directories[0]), { by });
  const { entries, tasks, keys, source } = table;
  const values = entries.flatMap(({ row, thresholds, several }) => {
    const others = new Set(several);
    return thresholds.map((stepSize) => ({
      line: row.join(', '),
      stepSize,
      crossings: others.has(stepSize) ? 'several' : 'one',
    }));
  });
  const isScanned = sweep.bisect.scan > 0;
  return {
    $schema: SCHEMA,
    title: headingOf(title ?? sweep.title, source, [...partialNote(tasks), FACT], LETTERS),
    width: 480,
    height: { step: 34 },
    data: { values },
    mark: { type: 'tick', thickness: 1.25, opacity: 0.7 },
    encoding: {
      x: {
        field: 'stepSize',
        type: 'quantitative',
        scale: { type: 'log', nice: false, padding: 10 },
        title: 'step size',
      },
      y: {
        field: 'line',
        type: 'nominal',
        sort: entries.map(({ row }) => row.join(', ')),
        title: keys.map(keyHeading).join(', ') || null,
      },
      color: isScanned
        ? {
            field: 'crossings',
            type: 'nominal',
            sort: ['one', 'several'],
            scale: { domain: ['one', 'several'], range: [COLORS[1], COLORS[2]] },
            title: 'changes of the verdict along the scan',
          }
        : { value: COLORS[1] },
    },
    config: CONFIG,
  } as unknown as TopLevelSpec;
}
