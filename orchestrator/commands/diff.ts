import { EXIT } from '../../shared/mod.ts';
import { diffReport, readDiff } from '../diff/mod.ts';
import { jsonOption, listOption, splitList } from '../options/common.ts';
import { type FormatFlags, formatOption, formatsOf } from '../options/formats.ts';
import { render, styleFor } from '../report/mod.ts';
import type { Command } from './command.ts';

type DiffOptions = FormatFlags & { a: string; b: string; measure: string | undefined; by: string[] | undefined };

export const command: Command<DiffOptions> = {
  options: (yargs) =>
    yargs
      .positional('a', { type: 'string', demandOption: true, describe: 'a sweep directory' })
      .positional('b', { type: 'string', demandOption: true, describe: 'the one to compare with it' })
      .option('measure', {
        type: 'string',
        requiresArg: true,
        describe: 'number of a result to compare, such as stepSize, diverged or loss  [the usual of the experiment]',
      })
      .option('by', { ...listOption, describe: 'keys to match cells by  [those that vary]' })
      .option('format', formatOption)
      .option('json', jsonOption('one JSON object; short for --format json')),
  paths: ['a', 'b'],
  examples: [
    ['diff results/smoke results/other', 'cells side by side'],
    ['diff results/smoke results/other --by activation --format csv', 'matched by activation alone, as CSV'],
  ],
  async act(options, { stdout, env }) {
    const { a, b, measure, by } = options;
    const formats = formatsOf(options);
    const report = diffReport(await readDiff([a, b], { measure, by: by && splitList(by) }));
    const style = styleFor(stdout, env);
    stdout.write(formats.map((format) => render(report, format, style)).join('\n'));
    return EXIT.done;
  },
};
