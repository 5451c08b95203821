import { jsonOption } from '../options/common.ts';
import type { Command } from './command.ts';
import { changeLocalRun } from './local-run.ts';

type DrainOptions = { directory: string; json: boolean };

export const command: Command<DrainOptions> = {
  examples: [['drain results/table-4.1', 'as Ctrl-C in the terminal of the run; rerun to resume']],
  options: (yargs) =>
    yargs
      .positional('directory', { type: 'string', demandOption: true, describe: 'sweep directory of a run under way' })
      .option('json', jsonOption()),
  paths: ['directory'],
  act: ({ directory, json }, context) => changeLocalRun('drain', directory, json, context),
};
