import { EdgesweepError } from '../../shared/mod.ts';
import { readTable } from '../experiments/mod.ts';
import { FORMATS, type Format, render, type TableOptions, wantsColor } from '../report/mod.ts';
import type { Command } from './command.ts';
import { listOption, splitList } from './options.ts';

/** The lists as typed: each item may hold several with commas. */
type TableCommand = TableOptions & {
  /** sweep directories */
  directories: readonly string[];
  /** the terminal's unless given */
  format?: readonly string[] | undefined;
  /** of headings, on a terminal */
  color?: boolean;
};

/**
 * The text to print: for each directory its table in each format, a blank line between two.
 * @throws EdgesweepError USAGE for a key, statistic or format that does not exist; what reading a directory throws
 */
export async function tableCommand({
  directories,
  by,
  stat,
  format = ['terminal'],
  color = false,
}: TableCommand): Promise<string> {
  const formats = parseFormats(format);
  const options: TableOptions = { by: by && splitList(by), stat: stat && splitList(stat) };
  const texts = [];
  for (const directory of directories) {
    const table = await readTable(directory, options);
    texts.push(...formats.map((name) => render(table, name, { color })));
  }
  return texts.join('\n');
}

export const command: Command<TableCommand> = {
  options: (yargs) =>
    yargs
      .positional('directories', { type: 'string', array: true, demandOption: true, describe: 'sweep directories' })
      .option('by', { ...listOption, describe: 'row keys, for instance --by depth,width' })
      .option('stat', { ...listOption, describe: 'statistics, for instance --stat mean,sd,ci95' })
      .option('format', {
        ...listOption,
        describe: `${Object.keys(FORMATS).join(', ')}; one or more, separated by commas`,
      }),
  paths: ['directories'],
  async act(options, { stdout, env }) {
    stdout.write(await tableCommand({ ...options, color: wantsColor(stdout, env) }));
    return 0;
  },
};

function parseFormats(texts: readonly string[]): Format[] {
  return splitList(texts).map((name) => {
    if (Object.hasOwn(FORMATS, name)) return name as Format;
    throw new EdgesweepError('USAGE', `unknown format \`${name}\``, {
      where: '--format',
      expected: `one or more of ${Object.keys(FORMATS).join(', ')}`,
      got: name,
    });
  });
}
