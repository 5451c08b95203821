import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, packageRoot } from '../../shared/mod.ts';
import type { Command } from './command.ts';

/** Helpers for programs, by language. They are copied into projects, so that no package has to be installed there. */
const HELPERS = { python: 'edgesweep_task.py', node: 'edgesweep-task.mjs' } as const;
const LANGUAGES = Object.keys(HELPERS) as (keyof typeof HELPERS)[];

export const command: Command<{ language: keyof typeof HELPERS }> = {
  examples: [
    ['program python > edgesweep_task.py', 'write the helper for Python, 3.8 or later'],
    ['program node > edgesweep-task.mjs', 'write the helper for Node'],
  ],
  options: (yargs) =>
    yargs.positional('language', { choices: LANGUAGES, demandOption: true, describe: 'language of the program' }),
  paths: [],
  act({ language }, { stdout }) {
    stdout.write(readFileSync(join(packageRoot(), 'docs', 'programs', HELPERS[language]), 'utf8'));
    return EXIT.done;
  },
};
