import type { CommandModule } from 'yargs';
import { EdgesweepError } from '../../shared/mod.ts';
import { readTable } from '../experiments/mod.ts';
import { FORMATS, type Format, render, type TableOptions, wantsColor } from '../report/mod.ts';
import { listOption, splitList } from './list-option.ts';

/** The lists as typed: each item may hold several with commas. */
type TableCommand = TableOptions & {
  /** sweep directories */
  directories: readonly string[];
  /** the terminal's unless given */
  format?: readonly string[] | undefined;
};

/**
 * The text to print: for each directory its table in each format, a blank line between two.
 * @throws EdgesweepError USAGE for a key, statistic or format that does not exist; what reading a directory throws
 */
export async function tableCommand({ directories, by, stat, format = ['terminal'] }: TableCommand): Promise<string> {
  const formats = parseFormats(format);
  const options: TableOptions = { by: by && splitList(by), stat: stat && splitList(stat) };
  const style = { color: wantsColor(process.stdout, process.env) };
  const texts = [];
  for (const directory of directories) {
    const table = await readTable(directory, options);
    texts.push(...formats.map((name) => render(table, name, style)));
  }
  return texts.join('\n');
}

export const tableModule: CommandModule<object, TableCommand> = {
  command: 'table <directories..>',
  describe: 'tables of sweep directories, partial ones too',
  builder: (yargs) =>
    yargs
      .positional('directories', { type: 'string', array: true, demandOption: true, describe: 'sweep directories' })
      .option('by', { ...listOption, describe: 'rows, for instance --by depth,width' })
      .option('stat', { ...listOption, describe: 'statistics, for instance --stat mean,sd,ci95' })
      .option('format', {
        ...listOption,
        describe: `${Object.keys(FORMATS).join(', ')}; one or more, with commas`,
      }),
  async handler(options) {
    process.stdout.write(await tableCommand(options));
  },
};

function parseFormats(texts: readonly string[]): Format[] {
  return splitList(texts).map((name) => {
    if (Object.hasOwn(FORMATS, name)) return name as Format;
    throw new EdgesweepError('USAGE', `there is no format \`${name}\``, {
      where: '--format',
      expected: `one or more of ${Object.keys(FORMATS).join(', ')}`,
      got: name,
    });
  });
}
