import { EXIT, oneLine } from '../../shared/mod.ts';
import { ASIDE_FILE, repairDirectory } from '../directory/mod.ts';
import { listOption, splitList } from '../options/common.ts';
import type { Command } from './command.ts';

type RepairOptions = { directory: string; forget: string[] | undefined; json: boolean };

export const command: Command<RepairOptions> = {
  examples: [
    ['repair results/table-4.1', 'move damaged lines aside'],
    ['repair results/table-4.1 --forget 3fa2b1c4', 'recompute one task in the next run'],
  ],
  options: (yargs) =>
    yargs
      .positional('directory', { type: 'string', demandOption: true, describe: 'a sweep directory' })
      .option('forget', {
        ...listOption,
        describe: 'also move aside the lines of these tasks, by prefixes of their ids',
      })
      .option('json', { type: 'boolean', default: false, describe: 'print one JSON object' }),
  paths: ['directory'],
  async act({ directory, forget, json }, { stdout }) {
    const repair = await repairDirectory(directory, forget === undefined ? [] : splitList(forget));
    if (json) {
      stdout.write(`${JSON.stringify(repair)}\n`);
      return EXIT.done;
    }
    const { lines, damaged, series } = repair;
    for (const { line, why } of damaged) stdout.write(`line ${line} moved aside: ${oneLine(why)}\n`);
    for (const file of series) stdout.write(`series moved aside: ${oneLine(file)}\n`);
    const where = damaged.length > 0 ? ` to ${ASIDE_FILE}` : '';
    stdout.write(`${damaged.length} of ${lines} lines moved aside${where}, ${series.length} series\n`);
    if (damaged.length + series.length > 0) stdout.write('rerun the sweep to recompute these tasks\n');
    return EXIT.done;
  },
};
