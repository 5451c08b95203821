import { EXIT } from '../../shared/mod.ts';
import { HELPERS, helperText, type Language } from '../experiments/program/helpers.ts';
import type { Command } from './command.ts';

const LANGUAGES = Object.keys(HELPERS) as Language[];

export const command: Command<{ language: Language }> = {
  examples: [
    ['program python > edgesweep_task.py', 'write the helper for Python, 3.8 or later'],
    ['program node > edgesweep-task.mjs', 'write the helper for Node'],
  ],
  options: (yargs) =>
    yargs.positional('language', { choices: LANGUAGES, demandOption: true, describe: 'language of the program' }),
  paths: [],
  act({ language }, { stdout }) {
    stdout.write(helperText(language));
    return EXIT.done;
  },
};
