import { join } from 'node:path';
import { EdgesweepError, EXIT, type ExperimentName } from '../../shared/mod.ts';
import { dataDirectoryOf, expand, loadSweep, type Overrides } from '../../shared/sweep/mod.ts';
import { type Choice, requireIndex, writeFolder } from '../dump/mod.ts';
import { dumpOf, dumpOptions } from '../experiments/dumps.ts';
import { dataFolders, dataOption, jsonOption } from '../options/common.ts';
import { overridesOf, type SweepOptions, sweepPath, withSweepOptions } from '../options/sweep.ts';
import { at, type Command, type Surroundings } from './command.ts';

type DumpCommand = Choice & {
  /** a file, or the name of a shipped sweep */
  sweep: string;
  overrides?: Overrides;
  dataDir?: string | undefined;
  /** folder to write, new or empty; default: `dump/<sweep>-cell<N>-run<R>`, for a search with `-rung<K>` */
  out?: string | undefined;
  surroundings?: Surroundings;
};

/**
 * Writes what one run of a sweep trains to a folder, for checking elsewhere: the data and the parameters as `.npy`, and a description;
 * see `searchFiles` and `trajectoryFiles`.
 *
 * @returns the folder, to print
 * @throws EdgesweepError what loading the sweep throws; USAGE for a cell, run, rung or iteration that does not exist, or an option of
 * another experiment; DIRECTORY_NOT_EMPTY; NETWORK_TOO_LARGE; DISK; what is wrong with the data
 */
export function dumpCommand(command: DumpCommand): string {
  const { sweep: path, overrides, dataDir, out, surroundings = { env: {}, cwd: '.' }, ...choice } = command;
  const sweep = loadSweep(path, overrides);
  const dump = dumpOf(sweep.experiment);
  refuseOptionsOfOthers(sweep.experiment, choice);
  const { cells, runs } = expand(sweep);
  const { cell, run } = choice;
  requireIndex('cell', cell, cells.length, `\`edgesweep expand ${path}\` lists the cells of the sweep`);
  requireIndex('run', run, runs, 'use `--runs` for more runs');
  if (dump === undefined) {
    throw new EdgesweepError('USAGE', 'sweeps of this experiment cannot be dumped', {
      where: path,
      got: `experiment ${sweep.experiment}`,
    });
  }
  const name = `${sweep.name}-cell${cell}-run${run}${dump.suffix(choice)}`;
  const folder = out ?? at(surroundings.cwd, join('dump', name));
  const folders = dataFolders(dataDir, surroundings, dataDirectoryOf(sweep));
  writeFolder(folder, dump.files(sweep as never, choice, folders));
  return folder;
}

/** @throws EdgesweepError USAGE for an option that the experiment has no use for: ignored, it would be taken for heeded */
function refuseOptionsOfOthers(experiment: ExperimentName, choice: Choice): void {
  const own = dumpOptions.filter((option) => option.experiment === experiment).map(({ name }) => name);
  for (const { name, what, experiment: owner } of dumpOptions) {
    const value = choice[name as keyof Choice];
    if (own.includes(name) || value === undefined || value === false) continue;
    const use = own.length === 0 ? '' : `, or choose with ${own.map((option) => `--${option}`).join(' and ')}`;
    throw new EdgesweepError('USAGE', `--${name} does not apply to this sweep`, {
      expected: `--${name}, ${what}, with a sweep of experiment ${owner}`,
      got: `a sweep of experiment ${experiment}`,
      fix: `omit it${use}`,
    });
  }
}

type DumpOptions = SweepOptions & {
  cell: number;
  run: number;
  rung: number | undefined;
  iterations: string | undefined;
  dense: boolean;
  out: string | undefined;
  dataDir: string | undefined;
  json: boolean;
};

export const command: Command<DumpOptions> = {
  examples: [
    ['dump table-4.1 --cell 0', 'the first trial of the first cell'],
    ['dump figure-3.1 --cell 0 --iterations 1,50 --dense', 'two iterations of a trajectory, with the Hessian'],
  ],
  options: (yargs) =>
    withSweepOptions(yargs)
      .option('cell', { type: 'number', demandOption: true, describe: 'number of the cell, as `expand` prints it' })
      .option('run', { type: 'number', default: 0, describe: 'number of the run' })
      .option('rung', {
        type: 'number',
        requiresArg: true,
        describe: 'maximal step size: number of the rung  [default: 0]',
      })
      .option('iterations', {
        type: 'string',
        requiresArg: true,
        describe: 'trajectory: iterations, such as 1,50,200  [default: the first and the last]',
      })
      .option('dense', {
        type: 'boolean',
        default: false,
        describe: 'trajectory: also write the Hessian at these iterations',
      })
      .option('out', {
        type: 'string',
        requiresArg: true,
        describe: 'new folder  [default: dump/SWEEP-cellN-runR, for a search with -rungK]',
      })
      .option('data-dir', dataOption)
      .option('json', jsonOption('one JSON object with the folder')),
  paths: ['out', 'dataDir'],
  act(options, context) {
    const { cell, run, rung, dense, out, dataDir } = options;
    const sweep = sweepPath(options.sweep, context);
    const overrides = overridesOf(options, context);
    // an empty item is no iteration, and is refused as one
    const iterations = options.iterations?.split(',').map((text) => (text.trim() === '' ? Number.NaN : Number(text)));
    const choice = { cell, run, rung, iterations, dense };
    const folder = dumpCommand({ sweep, overrides, ...choice, out, dataDir, surroundings: context });
    context.stdout.write(options.json ? `${JSON.stringify({ folder })}\n` : `${folder}\n`);
    return EXIT.done;
  },
};
