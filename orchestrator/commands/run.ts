import { join } from 'node:path';
import { counted, EdgesweepError, EXIT, messageOf, softwareVersion, withoutPasswords } from '../../shared/mod.ts';
import type { ServerOptions } from '../../shared/protocol/mod.ts';
import { expand, isAdaptive, type Sweep } from '../../shared/sweep/mod.ts';
import { createPool, requireData, requireEngine } from '../../worker/mod.ts';
import { growthOf } from '../adaptive/mod.ts';
import { checkpointFolder, noteStops, openSweepDirectory, type SweepDirectory } from '../directory/mod.ts';
import { type Dispatcher, localDispatcher } from '../dispatch/mod.ts';
import { readTable } from '../experiments/mod.ts';
import type { Interrupt } from '../interrupt.ts';
import { LIMIT_FLAGS, type Limits, requireLimits } from '../limits.ts';
import { chooseReporter, type Reporter } from '../progress/mod.ts';
import { render, styleFor, writeTables } from '../report/mod.ts';
import { shellWords } from '../shell-words.ts';
import { failuresError, runSweep } from '../sweep-run.ts';
import { workOf } from '../work.ts';
import { at, type Command, type Context } from './command.ts';
import {
  checkpointOption,
  checkpointSeconds,
  dataFolders,
  dataOption,
  threadCount,
  threadsFor,
  threadsOption,
} from './options.ts';
import { SERVER_PATHS, type ServerFlags, serverOptions, withServerOptions } from './server-options.ts';
import { loadWithOptions, type SweepOptions, withSweepOptions } from './sweep-options.ts';

export type RunOptions = SweepOptions &
  ServerFlags &
  Limits & {
    out: string | undefined;
    threads: number | undefined;
    checkpoint: number;
    dataDir: string | undefined;
    detach: boolean;
    natsReplicas: number;
    quiet: boolean;
    json: boolean;
  };

export const command: Command<RunOptions> = {
  examples: [
    ['run table-4.1', 'run a built-in sweep; rerun to resume'],
    ['run my-sweep.yaml --set grid.width=5,10,20', 'run a sweep file with an override'],
    ['run table-4.1 --nats nats://127.0.0.1:4222', 'compute on the worker nodes of a nats-server'],
  ],
  options: (yargs) =>
    withServerOptions(withSweepOptions(yargs))
      .option('out', { type: 'string', requiresArg: true, describe: 'sweep directory  [default: results/NAME]' })
      .option('threads', threadsOption)
      .option('data-dir', dataOption)
      .option('checkpoint', checkpointOption)
      .option('detach', { type: 'boolean', default: false, describe: 'with --nats: send the tasks and exit' })
      .option('nats-replicas', {
        type: 'number',
        default: 1,
        describe: 'number of replicas of each stream, on a cluster of servers',
      })
      .option('max-time', {
        type: 'number',
        requiresArg: true,
        describe: 'seconds after which no further tasks are started',
      })
      .option('max-tasks', {
        type: 'number',
        requiresArg: true,
        describe: 'tasks after which no further ones are started',
      })
      .option('max-failures', {
        type: 'number',
        requiresArg: true,
        describe: 'failed tasks after which no further ones are started',
      })
      .option('quiet', { type: 'boolean', default: false, describe: 'hide progress' })
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'print progress and table as JSON, one event per line',
      }),
  paths: ['out', 'dataDir', ...SERVER_PATHS],
  act: run,
};

async function run(options: RunOptions, context: Context): Promise<number> {
  const sweep = loadWithOptions(options, context);
  const server = serverOptions(options, context);
  const threads = threadCount(options.threads, context);
  requireLimits(options);
  if (options.detach && server === undefined) {
    throw new EdgesweepError('USAGE', '--detach needs a nats-server', {
      fix: 'add --nats nats://host:4222, or omit --detach',
    });
  }
  const limit = (Object.keys(LIMIT_FLAGS) as (keyof Limits)[]).find((name) => options[name] !== undefined);
  if (options.detach && limit !== undefined) {
    throw new EdgesweepError('USAGE', `${LIMIT_FLAGS[limit]} does not apply with --detach`, {
      expected: 'limits only for a run that waits for its tasks',
      fix: `omit ${LIMIT_FLAGS[limit]}, or omit --detach`,
    });
  }
  if (options.detach && isAdaptive(sweep.runs)) {
    throw new EdgesweepError('USAGE', '--detach does not apply to a sweep with `runs: {until: ...}`', {
      expected: 'a fixed number of runs',
      got: 'runs that are added as they are needed, which the orchestrator decides',
      fix: 'omit --detach, or give --runs',
    });
  }
  const dir = sweepDirectory(options.out, sweep.name, context.cwd);
  const command = withoutPasswords(context.words);
  const reporter = chooseReporter(options, context);
  const growth = growthOf(sweep, expand(sweep));
  const directory = await openSweepDirectory(dir, sweep, {
    growth,
    command,
    softwareVersion: softwareVersion(),
    note: reporter.note,
  });
  const interrupt = context.catchInterrupt();
  try {
    const again = `rerun: edgesweep ${shellWords(command)}`;
    if (directory.progress.done < directory.progress.total) {
      if (options.detach) return await detach(options, server!, sweep, directory, interrupt, reporter, again);
      const dispatcher = await makeDispatcher({ ...options, threads }, context, sweep, directory, reporter);
      try {
        const swept = await runSweep(directory, dispatcher, interrupt, reporter, options, growth);
        if (growth !== undefined) await noteStops(dir, growth.counts());
        await tell(dir, options.json, context);
        if (swept.interrupted) {
          reporter.note(`interrupted; to resume, ${again}`);
          return EXIT.interrupted;
        }
        if (swept.failed > 0) throw failuresError(swept, dir, dispatcher.onFailure);
        if (swept.limit !== undefined) {
          reporter.note(`${LIMIT_FLAGS[swept.limit]} was reached; to resume, ${again}`);
          return EXIT.limit;
        }
        return EXIT.done;
      } finally {
        await dispatcher.close();
      }
    }
    if (server !== undefined) await forget(server, sweep, directory, reporter);
    await tell(dir, options.json, context);
    return EXIT.done;
  } finally {
    await directory.close();
    interrupt.release();
  }
}

/** Writes the tables into the directory, and one to standard output. */
async function tell(dir: string, json: boolean, { stdout, env }: Context): Promise<void> {
  const table = await readTable(dir);
  await writeTables(dir, table);
  const style = styleFor(stdout, env);
  stdout.write(
    json
      ? `${JSON.stringify({ event: 'table', table: JSON.parse(render(table, 'json')) })}\n`
      : render(table, 'terminal', style),
  );
}

async function makeDispatcher(
  options: RunOptions & { threads: number },
  context: Context,
  sweep: Sweep,
  { expansion, path, progress }: SweepDirectory,
  { note }: Reporter,
): Promise<Dispatcher> {
  const server = serverOptions(options, context);
  if (server === undefined) {
    requireEngine(sweep.engine);
    const data = dataFolders(options.dataDir, context, sweep.data.directory);
    requireData(expansion.cells, data);
    const checkpoints = { folder: checkpointFolder(path), seconds: checkpointSeconds(options.checkpoint) };
    // runs may be added later
    const tasks = isAdaptive(sweep.runs) ? expansion.tasks : progress.total;
    const threads = threadsFor(tasks - progress.done, options.threads, note);
    return localDispatcher(
      createPool({ threads, engine: sweep.engine === 'tfjs' ? 'simd' : sweep.engine, data, checkpoints }),
    );
  }
  // loaded only here: a local run needs nothing of NATS
  const { connectCluster } = await import('../../shared/protocol/mod.ts');
  const { natsDispatcher } = await import('../dispatch/nats/mod.ts');
  const cluster = await connectCluster(server, 'orchestrator', `orchestrator of ${sweep.name}`);
  return natsDispatcher(cluster, { sweep, expansion, replicas: options.natsReplicas, note });
}

/** A run that was killed in its last moment has left its sweep on the server's list. Nothing depends on it. */
async function forget(
  server: ServerOptions,
  sweep: Sweep,
  { expansion }: SweepDirectory,
  { note }: Reporter,
): Promise<void> {
  const { connectCluster, disconnect } = await import('../../shared/protocol/mod.ts');
  const { forgetSweep } = await import('../dispatch/nats/detach.ts');
  try {
    const cluster = await connectCluster(server, 'orchestrator', `orchestrator of ${sweep.name}`);
    await forgetSweep(cluster, sweep, expansion).finally(() => disconnect(cluster));
  } catch (error) {
    note(`everything is recorded here; the server was not contacted: ${messageOf(error)}`);
  }
}

async function detach(
  options: RunOptions,
  server: ServerOptions,
  sweep: Sweep,
  directory: SweepDirectory,
  interrupt: Interrupt,
  { note }: Reporter,
  again: string,
): Promise<number> {
  const { connectCluster, disconnect } = await import('../../shared/protocol/mod.ts');
  const { sendDetached } = await import('../dispatch/nats/detach.ts');
  const cluster = await connectCluster(server, 'orchestrator', `orchestrator of ${sweep.name}`);
  try {
    const work = workOf(directory);
    const { expansion } = directory;
    await sendDetached(cluster, { sweep, expansion, replicas: options.natsReplicas, note }, work, interrupt.drain);
    const verb = interrupt.drain.aborted ? 'interrupted while sending; ' : `${counted(work.left(), 'task')} sent; `;
    note(`${verb}to collect the results, ${again.replace(' --detach', '')}`);
    return interrupt.drain.aborted ? EXIT.interrupted : EXIT.done;
  } finally {
    await disconnect(cluster);
  }
}

function sweepDirectory(out: string | undefined, name: string, cwd: string): string {
  if (out === '') {
    const fix = 'name a directory, or omit --out';
    throw new EdgesweepError('USAGE', 'the sweep directory has no name', { where: '--out', got: 'nothing', fix });
  }
  return out ?? at(cwd, join('results', name));
}
