import {
  EdgesweepError,
  ENGINES,
  EXIT,
  expectedCost,
  type SearchCell,
  type SearchTask,
  type SweepEngine,
} from '../../shared/mod.ts';
import { expand, loadSweepOf, type SearchSweep } from '../../shared/sweep/mod.ts';
import {
  type Comparison,
  createCrosscheckPool,
  type EnginePair,
  requireData,
  requireEngine,
} from '../../worker/mod.ts';
import { crosscheckTable, disagrees, LARGEST_DIFFERENCE, LARGEST_RUNGS } from '../crosscheck/mod.ts';
import { dataFolders, dataOption, jsonOption, threadCount, threadsFor, threadsOption } from '../options/common.ts';
import { overridesOf, type SweepOptions, sweepPath, withSweepOptions } from '../options/sweep.ts';
import { styleFor } from '../report/mod.ts';
import type { Command, Context, Surroundings } from './command.ts';
import { overPool } from './over-pool.ts';

type CrosscheckOptions = Omit<SweepOptions, 'engine'> & {
  engines: string;
  sample: number | undefined;
  threads: number | undefined;
  dataDir: string | undefined;
  quiet: boolean;
  json: boolean;
};

/** `auto` would be one of the others. */
const COMPARABLE = [...ENGINES, 'tfjs'] as const;

export const command: Command<CrosscheckOptions> = {
  examples: [['crosscheck table-4.1 --sample 4', 'compare the engines simd and tfjs on 4 tasks']],
  options: (yargs) =>
    withSweepOptions(yargs, { engine: false })
      .option('engines', {
        type: 'string',
        requiresArg: true,
        default: 'simd,tfjs',
        describe: `two of ${COMPARABLE.join(', ')}`,
      })
      .option('sample', {
        type: 'number',
        requiresArg: true,
        describe: 'number of tasks: the first run of each cell, then the second, ...  [default: all]',
      })
      .option('threads', threadsOption)
      .option('data-dir', dataOption)
      .option('quiet', {
        type: 'boolean',
        default: false,
        describe: 'hide progress',
      })
      .option('json', jsonOption('one JSON object per task')),
  paths: ['dataDir'],
  act: crosscheck,
};

/** @returns 0 when they agree, 1 when not, 130 when interrupted before all was compared */
async function crosscheck(options: CrosscheckOptions, context: Context): Promise<number> {
  const engines = parseEngines(options.engines);
  const { sweep, cells, tasks } = sampleOf(options, context, engines);
  const data = dataFolders(options.dataDir, context, sweep.data.directory);
  for (const engine of engines) requireEngine(engine);
  requireData(cells, data);
  const note = (text: string) => context.stderr.write(`${text}\n`);
  const threads = threadsFor(tasks.length, threadCount(options.threads, context), note);
  const pool = createCrosscheckPool(threads, engines, data);
  const cost = tasks.reduce((sum, { cell }) => sum + expectedCost(cell), 0);
  const done: Compared[] = [];
  const items = tasks.map((task) => ({ task })).values();
  const size = { total: tasks.length, cost, quiet: options.quiet };
  await overPool(pool, items, size, context, async ({ task }) => {
    done.push({ task, comparison: await pool.run(task) });
  });
  const faults = done.filter(({ comparison }) => disagrees(comparison));
  const { columns } = styleFor(context.stdout, context.env);
  context.stdout.write(
    options.json ? jsonLines(done, engines) : `${crosscheckTable(cells, done, engines, columns)}${faultLines(faults)}`,
  );
  if (faults.length > 0) return EXIT.failed;
  if (done.length === tasks.length) return EXIT.done;
  context.stderr.write(`interrupted: ${tasks.length - done.length} tasks were not compared\n`);
  return EXIT.interrupted;
}

type Compared = { task: SearchTask; comparison: Comparison };

const jsonLines = (done: readonly Compared[], engines: EnginePair): string =>
  done
    .map(({ task, comparison }) => ({ task: task.id, engines, agree: !disagrees(comparison), ...comparison }))
    .map((object) => `${JSON.stringify(object)}\n`)
    .join('');

function faultLines(faults: readonly Compared[]): string {
  if (faults.length === 0) return '';
  const lines = faults.map(({ task, comparison: { rungs, difference, at } }) => {
    const where = at === null ? '' : ` at rung ${at.rung}, iteration ${at.iteration}`;
    return `disagree: ${task.id}: rungs ${rungs.join(' and ')}, losses by ${difference}${where}\n`;
  });
  return `${lines.join('')}more than ${LARGEST_RUNGS} rungs, or losses by more than ${LARGEST_DIFFERENCE}\n`;
}

function parseEngines(text: string): EnginePair {
  const names = text.split(',').map((name) => name.trim());
  const known = (name: string): name is SweepEngine => COMPARABLE.some((engine) => engine === name);
  const [first, second, ...more] = names;
  if (second !== undefined && known(first) && known(second) && first !== second && more.length === 0) {
    return [first, second];
  }
  throw new EdgesweepError('USAGE', 'crosscheck compares two engines', {
    where: '--engines',
    expected: `two different ones of ${COMPARABLE.join(', ')}, with a comma between`,
    got: text,
    fix: 'for instance --engines simd,tfjs',
  });
}

type Sample = { sweep: SearchSweep; cells: SearchCell[]; tasks: SearchTask[] };

/** The tasks, if both engines can compute them. */
function sampleOf(options: CrosscheckOptions, surroundings: Surroundings, engines: EnginePair): Sample {
  // loading refuses what the engine it names has not
  const [sweep] = engines.map((engine) =>
    loadSweepOf(
      'maximal-step-size',
      sweepPath(options.sweep, surroundings),
      overridesOf({ ...options, engine }, surroundings),
    ),
  );
  const { cells, runs, tasks: count, task } = expand(sweep);
  const wanted = options.sample ?? count;
  if (!Number.isInteger(wanted) || wanted < 1) {
    throw new EdgesweepError('USAGE', 'the sample cannot be used', {
      where: '--sample',
      expected: 'a whole number of tasks, at least 1',
      got: String(options.sample),
      fix: 'omit it for all tasks',
    });
  }
  const tasks: SearchTask[] = [];
  for (let run = 0; run < runs; run++) {
    for (let cell = 0; cell < cells.length && tasks.length < wanted; cell++) tasks.push(task(cell, run));
  }
  return { sweep, cells, tasks };
}
