import { EXIT } from '../../shared/mod.ts';
import { readTable } from '../experiments/mod.ts';
import { jsonOption, listOption, splitList } from '../options/common.ts';
import { type FormatFlags, formatOption, formatsOf } from '../options/formats.ts';
import { render, type Style, styleFor, type TableOptions } from '../report/mod.ts';
import type { Command } from './command.ts';

/** The lists as typed: each item may hold several with commas. */
type TableCommand = TableOptions &
  FormatFlags & {
    /** sweep directories */
    directories: readonly string[];
    /** for a terminal */
    style?: Style;
  };

/**
 * The text to print: for each directory its table in each format, a blank line between two.
 * @throws EdgesweepError USAGE for a key, statistic or format that does not exist; what reading a directory throws
 */
export async function tableCommand({ directories, by, stat, value, style, ...flags }: TableCommand): Promise<string> {
  const formats = formatsOf(flags);
  const options: TableOptions = {
    by: by && splitList(by),
    stat: stat && splitList(stat),
    value: value && splitList(value),
  };
  const texts = [];
  for (const directory of directories) {
    const table = await readTable(directory, options);
    texts.push(...formats.map((name) => render(table, name, style)));
  }
  return texts.join('\n');
}

export const command: Command<TableCommand> = {
  examples: [
    ['table results/table-4.1', 'print the table'],
    ['table results/my-sweep --by depth,width --stat mean,ci95 --format md', 'choose rows, statistics and format'],
  ],
  options: (yargs) =>
    yargs
      .positional('directories', { type: 'string', array: true, demandOption: true, describe: 'sweep directories' })
      .option('by', { ...listOption, describe: 'row keys, for instance --by depth,width' })
      .option('stat', { ...listOption, describe: 'statistics, for instance --stat mean,sd,ci95' })
      .option('value', { ...listOption, describe: 'numbers that a program reports, for instance --value loss' })
      .option('format', formatOption)
      .option('json', jsonOption('short for --format json')),
  paths: ['directories'],
  async act(options, { stdout, env }) {
    stdout.write(await tableCommand({ ...options, style: styleFor(stdout, env) }));
    return EXIT.done;
  },
};
