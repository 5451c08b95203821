import { EdgesweepError, type GridValue, oneLine } from '../../../../shared/mod.ts';
import { expand, type SearchSweep } from '../../../../shared/sweep/mod.ts';
import { settle } from '../../../adaptive/mod.ts';
import { readOutcomes } from '../../../directory/mod.ts';
import type { DrawOptions } from '../../../figure/mod.ts';
import { valueHeading } from '../../../report/mod.ts';
import { type Entry, pooling, reduction, type Table, tableRows } from '../table/mod.ts';
import { type Encoding, encodingOf } from './encoding.ts';

/** The runs of one point of the figure: where it stands, and the statistics of the table. */
export type Point = {
  x: GridValue;
  /** heading of the panel */
  facet: string | undefined;
  /** the values of the line's keys, joined; undefined where a panel has one line */
  line: string | undefined;
  entry: Entry;
};

export type FigureData = {
  /** a line each */
  titles: string[];
  source: string | undefined;
  encoding: Encoding;
  points: Point[];
  tasks: { done: number; total: number };
  /** what a reader has to know of the tables */
  notes: string[];
  /** runs that each point should have; undefined where that differs */
  runs: number | undefined;
};

/**
 * What a figure of these sweep directories, whose sweeps were read, shows. Of several, the lines are by the directories unless `by` names keys.
 * @throws EdgesweepError USAGE for a key that does not exist; what reading a directory throws
 */
export async function readFigure(
  directories: readonly string[],
  sweeps: readonly SearchSweep[],
  options: DrawOptions = {},
): Promise<FigureData> {
  const expansions = sweeps.map((sweep) => expand(sweep));
  const cells = expansions.map((expansion) => expansion.cells);
  const encoding = encodingOf(sweeps[0].figure, cells, options);
  const keys = [encoding.x, ...(encoding.facet === undefined ? [] : [encoding.facet]), ...encoding.color];
  const tables: Table[] = [];
  for (const [i, directory] of directories.entries()) {
    const { expansion, outcomes } = await settle(sweeps[i], expansions[i], readOutcomes(directory));
    tables.push(await tableRows(sweeps[i], expansion, outcomes, { by: keys }));
  }
  const byDirectory = directories.length > 1 && (options.by ?? []).length === 0;
  const points = tables.flatMap((table, i) =>
    table.entries.map((entry) => pointOf(entry, encoding, byDirectory ? sweeps[i].name : undefined)),
  );
  refuseTwice(points, directories);
  const runs = new Set(points.map(({ entry }) => entry.runs));
  return {
    titles: (options.title === undefined ? [...new Set(sweeps.map(({ title }) => title))] : [options.title]).map(
      oneLine,
    ),
    source: oneLine([...new Set(sweeps.flatMap(({ source }) => source ?? []))].join('; ')) || undefined,
    notes: [...new Set(tables.flatMap((table) => [...pooling(table), ...reduction(table)]))],
    encoding,
    points,
    tasks: {
      done: tables.reduce((sum, { tasks }) => sum + tasks.done, 0),
      total: tables.reduce((sum, { tasks }) => sum + tasks.total, 0),
    },
    runs: runs.size === 1 ? [...runs][0] : undefined,
  };
}

function pointOf(entry: Entry, { facet, color }: Encoding, directory: string | undefined): Point {
  const [x, ...rest] = entry.row;
  const values = facet === undefined ? rest : rest.slice(1);
  const line = [...(directory === undefined ? [] : [directory]), ...values.map(String)].join(', ');
  return {
    x,
    facet: facet === undefined ? undefined : valueHeading(facet, rest[0]),
    line: color.length === 0 && directory === undefined ? undefined : line,
    entry,
  };
}

/** Two directories with the same point would be drawn as one line that goes back and forth. */
function refuseTwice(points: readonly Point[], directories: readonly string[]): void {
  const seen = new Set<string>();
  for (const { x, facet, line } of points) {
    const place = JSON.stringify([x, facet ?? null, line ?? null]);
    if (seen.has(place)) {
      throw new EdgesweepError('USAGE', 'two of the directories have the same data point', {
        where: directories.join(' '),
        got: [x, facet, line].filter((value) => value !== undefined).join(', '),
        fix: 'name the key that distinguishes them, for instance --by batchSize, or omit --by',
      });
    }
    seen.add(place);
  }
}
