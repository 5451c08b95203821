import { existsSync, writeFileSync } from 'node:fs';
import { EdgesweepError, EXPERIMENTS, type ExperimentName, messageOf } from '../../shared/mod.ts';
import { systemCode } from '../directory/mod.ts';
import { STARTER_FILES, STARTERS } from '../experiments/starters.ts';
import { jsonOption } from '../options/common.ts';
import { shellWords } from '../shell-words.ts';
import { at, type Command, type Context } from './command.ts';

type InitOptions = { name: string; experiment: ExperimentName; json: boolean };

/** As in the schema of sweep files; without the endings of files, which `init` adds. */
const NAME = /^(?!.*\.(ya?ml|json)$)[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

export const command: Command<InitOptions> = {
  options: (yargs) =>
    yargs
      .positional('name', { type: 'string', demandOption: true, describe: 'name of the sweep; writes NAME.yaml' })
      .option('experiment', {
        choices: EXPERIMENTS,
        default: 'maximal-step-size' as const,
        describe: 'what each run measures',
      })
      .option('json', jsonOption('one JSON object with the file')),
  paths: [],
  examples: [
    ['init my-sweep', 'write my-sweep.yaml, which runs in a second'],
    ['init learning-rates --experiment program', 'a sweep of a Python program, with the program and its helper'],
    ['init sharpness --experiment trajectory', 'a sweep that records the sharpness along training'],
  ],
  act: init,
};

function init({ name, experiment, json }: InitOptions, { stdout, stderr, cwd }: Context): number {
  if (!NAME.test(name)) {
    throw new EdgesweepError('USAGE', 'this cannot be the name of a sweep', {
      where: 'NAME',
      expected: 'at most 100 letters, digits, ".", "_" and "-", the first a letter or digit, without .yaml',
      got: name,
    });
  }
  const file = `${name}.yaml`;
  write(at(cwd, file), `name: ${JSON.stringify(name)}\n${STARTERS[experiment]}`);
  const beside = Object.entries(STARTER_FILES[experiment]?.() ?? {}).filter(([path]) => !existsSync(at(cwd, path)));
  for (const [path, text] of beside) write(at(cwd, path), text);
  const others = beside.map(([path]) => path);
  if (json) stdout.write(`${JSON.stringify({ file, name, experiment, others })}\n`);
  else {
    stdout.write(`${[file, ...others].join('\n')}\n`);
    stderr.write(`run it: edgesweep ${shellWords(['run', file])}\n`);
  }
  return 0;
}

/** @throws EdgesweepError USAGE for a file that exists, DISK */
function write(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx' });
  } catch (cause) {
    const exists = systemCode(cause) === 'EEXIST';
    throw new EdgesweepError(exists ? 'USAGE' : 'DISK', exists ? 'the file exists already' : 'cannot write the file', {
      where: path,
      got: exists ? 'a file of this name' : messageOf(cause),
      fix: exists ? 'choose another name, or remove the file' : 'check the folder and its permissions',
      cause,
    });
  }
}
