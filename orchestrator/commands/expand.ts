import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { counted, describeCells, EXIT } from '../../shared/mod.ts';
import { type Expansion, expand, isAdaptive, type Sweep } from '../../shared/sweep/mod.ts';
import { loadWithOptions, type SweepOptions, shardOption, withSweepOptions } from '../options/sweep.ts';
import type { Command } from './command.ts';

type ExpandOptions = SweepOptions & { json: boolean };

export const command: Command<ExpandOptions> = {
  examples: [
    ['expand table-4.1', 'list the cells of a built-in sweep'],
    ['expand my-sweep.yaml --set grid.depth=2,4 --json', 'list the cells as JSON, with an override'],
  ],
  options: (yargs) =>
    withSweepOptions(yargs)
      .option('shard', shardOption)
      .option('json', { type: 'boolean', default: false, describe: 'print one JSON object per cell' }),
  paths: [],
  async act(options, context) {
    const sweep = loadWithOptions(options, context);
    const expansion = expand(sweep);
    const lines = options.json ? jsonLines(expansion) : textLines(expansion, sweep);
    try {
      // at the pace of the reader, and no further than it reads: there may be millions of cells
      await pipeline(Readable.from(lines), context.stdout, { end: false });
    } catch (error) {
      // what is wrong with the output is told where it is listened to
      if ((error as NodeJS.ErrnoException).syscall !== 'write') throw error;
    }
    return EXIT.done;
  },
};

function* jsonLines({ cells, runsOf }: Expansion): Generator<string> {
  for (const [i, cell] of cells.entries()) yield `${JSON.stringify({ cell: i, runs: runsOf(i), ...cell })}\n`;
}

function* textLines({ cells, runs, runsOf, tasks }: Expansion, { name, shard, runs: asked }: Sweep): Generator<string> {
  const { common, each } = describeCells(cells);
  const most = isAdaptive(asked) ? 'at most ' : '';
  if (common !== '') yield `all cells: ${common}\n`;
  for (const [i, cell] of cells.entries()) yield `${i}  ${each(cell)}\n`;
  if (shard !== undefined) {
    const largest = cells.reduce((largest, _, i) => Math.max(largest, runsOf(i)), 0);
    yield `${name}, shard ${shard}: ${counted(cells.length, 'cell')}, at most ${counted(largest, 'run')} each, ${counted(tasks, 'task')}\n`;
    return;
  }
  yield `${name}: ${counted(cells.length, 'cell')}, ${most}${counted(runs, 'run')} each, ${most}${counted(tasks, 'task')}\n`;
}
