import { join } from 'node:path';
import { expand, loadSweep, type Overrides } from '../../shared/mod.ts';
import { at, type Command, type Surroundings } from './command.ts';
import { dataFolders, dataOption } from './data-option.ts';
import { type Choice, refuseOptionsOfOthers, requireIndex } from './dump/choice.ts';
import { writeFolder } from './dump/files.ts';
import { searchFiles } from './dump/search.ts';
import { trajectoryFiles } from './dump/trajectory.ts';
import { overridesOf, type SweepOptions, sweepPath, withSweepOptions } from './sweep-options.ts';

type DumpCommand = Omit<Choice, 'folders'> & {
  /** a file, or the name of a shipped sweep */
  sweep: string;
  overrides?: Overrides;
  /** folder to write, new or empty; `dump/<sweep>-cell<N>-run<R>` unless given, for a search with `-rung<K>` */
  out?: string | undefined;
  dataDir?: string | undefined;
  surroundings?: Surroundings;
};

/**
 * Writes one trial of a search, or one training of a sweep of trajectories, to a folder, for checking elsewhere: the data and the
 * parameters as `.npy`, and a description; see `searchFiles` and `trajectoryFiles`.
 *
 * @returns the folder, to print
 * @throws EdgesweepError what loading the sweep throws; USAGE for a cell, run, rung or iteration that does not exist, or an option of the
 * other experiment; DIRECTORY_NOT_EMPTY; NETWORK_TOO_LARGE; DISK; what is wrong with the data
 */
export function dumpCommand(command: DumpCommand): string {
  const { sweep: path, overrides, dataDir, surroundings = { env: {}, cwd: '.' }, ...given } = command;
  const sweep = loadSweep(path, overrides);
  const choice = { ...given, folders: dataFolders(dataDir, surroundings, sweep.data.directory) };
  const { cell, run, rung = 0 } = choice;
  refuseOptionsOfOthers(sweep.experiment, choice);
  const { cells, runs } = expand(sweep);
  requireIndex('cell', cell, cells.length, `\`edgesweep expand ${path}\` lists the cells of the sweep`);
  requireIndex('run', run, runs, '`--runs` gives a sweep more runs');
  const name = `${sweep.name}-cell${cell}-run${run}`;
  const folderFor = (own: string) => command.out ?? at(surroundings.cwd, join('dump', own));
  if (sweep.experiment === 'trajectory') {
    const folder = folderFor(name);
    writeFolder(folder, trajectoryFiles(sweep, choice));
    return folder;
  }
  const folder = folderFor(`${name}-rung${rung}`);
  writeFolder(folder, searchFiles(sweep, choice));
  return folder;
}

type DumpOptions = SweepOptions & {
  cell: number;
  run: number;
  rung: number | undefined;
  iterations: string | undefined;
  dense: boolean;
  out: string | undefined;
  dataDir: string | undefined;
};

export const command: Command<DumpOptions> = {
  options: (yargs) =>
    withSweepOptions(yargs)
      .option('cell', { type: 'number', demandOption: true, describe: 'number of the cell, as `expand` prints it' })
      .option('run', { type: 'number', default: 0, describe: 'number of the run' })
      .option('rung', { type: 'number', requiresArg: true, describe: 'of maximal step sizes: number of the rung  [0]' })
      .option('iterations', {
        type: 'string',
        requiresArg: true,
        describe: 'of trajectories: iterations, such as 1,50,200  [the first and the last]',
      })
      .option('dense', {
        type: 'boolean',
        default: false,
        describe: 'of trajectories: the Hessian at these iterations too',
      })
      .option('out', {
        type: 'string',
        requiresArg: true,
        describe: 'new folder  [dump/SWEEP-cellN-runR, of a search with -rungK]',
      })
      .option('data-dir', dataOption),
  paths: ['out', 'dataDir'],
  act(options, context) {
    const { cell, run, rung, dense, out, dataDir } = options;
    const sweep = sweepPath(options.sweep, context);
    const overrides = overridesOf(options, context);
    // an empty item is no iteration, and is refused as one
    const iterations = options.iterations?.split(',').map((text) => (text.trim() === '' ? Number.NaN : Number(text)));
    const choice = { cell, run, rung, iterations, dense };
    context.stdout.write(`${dumpCommand({ sweep, overrides, ...choice, out, dataDir, surroundings: context })}\n`);
    return 0;
  },
};
