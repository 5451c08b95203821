import { existsSync } from 'node:fs';
import { describeDirectories, describeShipped, listDirectories, readShippedSweeps } from '../list/mod.ts';
import { jsonOption } from '../options/common.ts';
import { styleFor } from '../report/mod.ts';
import { at, type Command } from './command.ts';

const PARTS = ['sweeps', 'directories'] as const;

type ListOptions = { folder: string | undefined; only: (typeof PARTS)[number] | undefined; json: boolean };

export const command: Command<ListOptions> = {
  options: (yargs) =>
    yargs
      .positional('folder', { type: 'string', describe: 'where to search for sweep directories  [default: results]' })
      .option('only', { choices: PARTS, describe: 'list only these' })
      .option('json', jsonOption('one JSON object per sweep and directory')),
  paths: ['folder'],
  examples: [
    ['list', 'shipped sweeps, and the sweep directories in results'],
    ['list . --only directories', 'every sweep directory below the current folder, with its state'],
    ['list --only sweeps --json', 'one JSON object per shipped sweep'],
  ],
  async act({ folder, only, json }, { stdout, cwd, env }) {
    const results = at(cwd, 'results');
    const where = folder ?? results;
    const sweeps = only === 'directories' ? [] : readShippedSweeps();
    // a folder that nobody named may be missing
    const wanted = only !== 'sweeps' && (folder !== undefined || existsSync(results));
    const directories = wanted ? await listDirectories(where) : [];
    if (json) {
      stdout.write([...sweeps, ...directories].map((object) => `${JSON.stringify(object)}\n`).join(''));
      return 0;
    }
    const { columns } = styleFor(stdout, env);
    const texts = [
      ...(only === 'directories' ? [] : [describeShipped(sweeps, columns)]),
      ...(only === 'sweeps' ? [] : [describeDirectories(directories, where, columns)]),
    ];
    stdout.write(texts.join('\n'));
    return 0;
  },
};
