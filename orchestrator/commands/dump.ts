import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import {
  EdgesweepError,
  expand,
  loadSweep,
  type Overrides,
  type Search,
  type SearchSweep,
  softwareVersion,
} from '../../shared/mod.ts';
import { emptyLayers, engineOf, initialize, ladder, problemOf, shuffle } from '../../worker/mod.ts';
import { encodeNpy } from '../npy.ts';
import { dataFolders, dataOption } from './data-option.ts';
import { overridesOf, type SweepOptions, withSweepOptions } from './sweep-options.ts';

type DumpCommand = {
  /** a file, or the name of a shipped sweep */
  sweep: string;
  overrides?: Overrides;
  /** from 0, in the order of `expand` */
  cell: number;
  /** from 0 */
  run: number;
  /** from 0, past the divergence too, up to the ceiling */
  rung: number;
  /** folder to write, new or empty; `dump/<sweep>-cell<N>-run<R>-rung<K>` unless given */
  out?: string | undefined;
  dataDir?: string | undefined;
};

type Trial = ReturnType<typeof ladder> extends Generator<infer T> ? T : never;

/**
 * Writes one trial of a sweep to a folder, for checking elsewhere: X.npy (examples x inputs), Y.npy (examples x outputs), the initial
 * parameters weight-1.npy (outputs x inputs, as in PyTorch), bias-1.npy, weight-2.npy, ..., losses.npy (of each iteration, from
 * before its update, up to the divergence), where batches are shuffled order.npy (passes x examples, the indices of the
 * examples), and trial.json. The losses are the reference engine's, which are every engine's.
 *
 * @returns the folder, to print
 * @throws EdgesweepError what loading the sweep throws; USAGE for a cell, run or rung that does not exist; DIRECTORY_NOT_EMPTY; DISK; what is wrong with the data
 */
export function dumpCommand({ sweep: path, overrides, cell: index, run, rung, out, dataDir }: DumpCommand): string {
  const sweep = loadSweep(path, overrides) as SearchSweep;
  const expansion = expand(sweep);
  const { cells, runs } = expansion;
  requireIndex('cell', index, cells.length, `\`edgesweep expand ${path}\` lists the cells of the sweep`);
  requireIndex('run', run, runs, '`--runs` gives a sweep more runs');
  const cell = cells[index];
  const trial = trialAt(cell.search, sweep.seed, run, rung);
  const problem = problemOf(cell, sweep.seed, run, dataFolders(dataDir, sweep.data.directory));
  const { network, examples, batchSize, iterations } = problem;
  const layers = emptyLayers(network);
  initialize(problem, trial, layers);
  const [{ losses, divergence }] = engineOf('reference').prepare(problem).train([trial]);

  const files = new Map<string, string | Uint8Array>();
  files.set('X.npy', encodeNpy(examples.x, [examples.count, examples.inputs]));
  files.set('Y.npy', encodeNpy(examples.y, [examples.count, examples.outputs]));
  layers.forEach(({ inputs, outputs, weights, biases }, l) => {
    files.set(`weight-${l + 1}.npy`, encodeNpy(weights, [outputs, inputs]));
    files.set(`bias-${l + 1}.npy`, encodeNpy(biases, [outputs]));
  });
  files.set('losses.npy', encodeNpy(losses, [losses.length]));
  if (batchSize < examples.count) {
    // all passes, also those after the divergence: elsewhere it may come some iterations later
    const passes = Math.ceil(iterations / Math.ceil(examples.count / batchSize));
    const order = new Int32Array(passes * examples.count);
    for (let pass = 0; pass < passes; pass++) {
      shuffle(order.subarray(pass * examples.count, (pass + 1) * examples.count), trial, pass);
    }
    files.set('order.npy', encodeNpy(order, [passes, examples.count]));
  }
  const description = {
    sweep: sweep.name,
    cell: index,
    run,
    rung,
    seed: sweep.seed,
    stepSize: trial.stepSize,
    /** what the engines compute with */
    stepSizeFloat32: Math.fround(trial.stepSize),
    activation: network.activation,
    depth: network.depth,
    loss: problem.loss ?? 'mse',
    optimizer: problem.optimizer ?? { kind: 'sgd' },
    batchSize,
    iterations,
    lossAbove: cell.search.criterion?.lossAbove ?? null,
    divergence,
    task: expansion.task(index, run),
    version: softwareVersion(),
  };
  files.set('trial.json', `${JSON.stringify(description, null, 2)}\n`);
  const folder = out ?? join('dump', `${sweep.name}-cell${index}-run${run}-rung${rung}`);
  writeFolder(folder, files);
  return folder;
}

function requireIndex(what: string, got: number, count: number, fix: string): void {
  if (Number.isInteger(got) && got >= 0 && got < count) return;
  throw new EdgesweepError('USAGE', `no ${what} ${got}`, {
    expected: `a ${what} from 0 to ${count - 1}`,
    got: `${got}`,
    fix,
  });
}

function trialAt(search: Search, seed: number, run: number, rung: number): Trial {
  let last = -1;
  for (const trial of ladder(search, seed, run)) {
    if (trial.rung === rung) return trial;
    last = trial.rung;
  }
  const { initialStepSize, growth, ceiling } = search;
  throw new EdgesweepError('USAGE', `no rung ${rung}`, {
    expected: `a rung from 0 to ${last}: step sizes ${initialStepSize} * ${growth}^rung, up to the ceiling ${ceiling}`,
    got: `${rung}`,
    fix: 'take a lower rung, or raise the ceiling with `--set search.ceiling=...`',
  });
}

/** The whole of a dump, or an error: files of two trials in one folder would not be told apart. */
function writeFolder(folder: string, files: ReadonlyMap<string, string | Uint8Array>): void {
  try {
    if (existsSync(folder) && !(statSync(folder).isDirectory() && readdirSync(folder).length === 0)) {
      throw new EdgesweepError('DIRECTORY_NOT_EMPTY', 'the place of the dump is taken', {
        where: folder,
        expected: 'a new or empty folder',
        got: 'a file, or a folder with something in it',
        fix: 'remove it, or name another folder with --out',
      });
    }
    mkdirSync(folder, { recursive: true });
    for (const [name, content] of files) writeFileSync(join(folder, name), content);
  } catch (cause) {
    if (cause instanceof EdgesweepError) throw cause;
    const got = cause instanceof Error ? cause.message : String(cause);
    const fix = 'see to the cause, or name another folder with --out';
    throw new EdgesweepError('DISK', 'cannot write the dump', { where: folder, got, fix, cause });
  }
}

type DumpOptions = SweepOptions & {
  cell: number;
  run: number;
  rung: number;
  out: string | undefined;
  dataDir: string | undefined;
};

export const dumpModule: CommandModule<object, DumpOptions> = {
  command: 'dump <sweep>',
  describe: 'write one trial as .npy files, for checking elsewhere; prints the folder',
  builder: (yargs) =>
    withSweepOptions(yargs)
      .option('cell', { type: 'number', demandOption: true, describe: 'number of the cell, as `expand` prints it' })
      .option('run', { type: 'number', default: 0, describe: 'number of the run' })
      .option('rung', { type: 'number', default: 0, describe: 'number of the rung' })
      .option('out', {
        type: 'string',
        requiresArg: true,
        describe: 'new folder  [dump/SWEEP-cellN-runR-rungK]',
      })
      .option('data-dir', dataOption) as unknown as Argv<DumpOptions>,
  handler(options) {
    const { sweep, cell, run, rung, out, dataDir } = options;
    const overrides = overridesOf(options);
    process.stdout.write(`${dumpCommand({ sweep, overrides, cell, run, rung, out, dataDir })}\n`);
  },
};
