import { EdgesweepError, EXIT } from '../../shared/mod.ts';
import { firstPassage } from '../experiments/mod.ts';
import { jsonOption, listOption, splitList } from '../options/common.ts';
import { type FormatFlags, formatOption, formatsOf } from '../options/formats.ts';
import { render, styleFor } from '../report/mod.ts';
import type { Command } from './command.ts';

type FirstPassageCommand = FormatFlags & {
  directory: string;
  against: string[] | undefined;
  growth: string[] | undefined;
  from: number | undefined;
  by: string[] | undefined;
};

/** Ladders with more rungs would take minutes. */
const LEAST_GROWTH = 1.0005;

export const command: Command<FirstPassageCommand> = {
  examples: [
    ['first-passage results/survival-4.1 --growth 1.05,1.01,1.003 --from 0.1', 'predict Algorithm 2 for three ladders'],
    ['first-passage results/survival-4.1 --against results/table-4.1', 'test the prediction on measured runs'],
  ],
  options: (yargs) =>
    yargs
      .positional('directory', { type: 'string', demandOption: true, describe: 'directory of a sweep of survival' })
      .option('against', {
        ...listOption,
        describe: 'directory of maximal step sizes to compare with; repeat it for several',
      })
      .option('growth', {
        ...listOption,
        describe: 'ratios of consecutive step sizes, for instance --growth 1.05,1.01',
      })
      .option('from', {
        type: 'number',
        requiresArg: true,
        describe: 'step size of rung 0  [default: that of --against, else the smallest of the grid]',
      })
      .option('by', { ...listOption, describe: 'row keys; default: those of the sweep' })
      .option('format', formatOption)
      .option('json', jsonOption('short for --format json')),
  paths: ['directory', 'against'],
  async act({ directory, against = [], growth = [], from, by = [], ...flags }, { stdout, env }) {
    const formats = formatsOf(flags);
    if (from !== undefined && !(from > 0 && Number.isFinite(from)))
      throw invalid('--from', 'a positive number', String(from));
    const ratios = splitList(growth).map((text) => {
      const ratio = Number(text);
      if (!(ratio >= LEAST_GROWTH && ratio <= 1e6))
        throw invalid('--growth', `numbers of at least ${LEAST_GROWTH}`, text);
      return ratio;
    });
    const report = await firstPassage(directory, { against, growth: ratios, from, by: splitList(by) });
    stdout.write(formats.map((name) => render(report, name, styleFor(stdout, env))).join('\n'));
    return EXIT.done;
  },
};

const invalid = (where: string, expected: string, got: string) =>
  new EdgesweepError('USAGE', `invalid value for ${where}`, { where, expected, got });
