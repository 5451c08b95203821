import type { CommandModule } from 'yargs';
import { describeCell, expand } from '../../shared/mod.ts';
import { loadWithOptions, type SweepOptions, withSweepOptions } from './sweep-options.ts';

type ExpandOptions = SweepOptions & { json: boolean };

export const expandModule: CommandModule<object, ExpandOptions> = {
  command: 'expand <sweep>',
  describe: 'the cells and the number of tasks, without running',
  builder: (yargs) =>
    withSweepOptions(yargs).option('json', { type: 'boolean', default: false, describe: 'one JSON object a cell' }),
  handler(options) {
    const sweep = loadWithOptions(options);
    const { cells, runs, tasks } = expand(sweep);
    for (const [i, cell] of cells.entries()) {
      process.stdout.write(
        options.json ? `${JSON.stringify({ cell: i, runs, ...cell })}\n` : `${i}  ${describeCell(cell)}\n`,
      );
    }
    if (!options.json)
      process.stdout.write(`${sweep.name}: ${cells.length} cells, ${runs} runs each, ${tasks} tasks\n`);
  },
};
