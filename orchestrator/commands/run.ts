import { join } from 'node:path';
import { counted, EdgesweepError, EXIT, withoutPasswords } from '../../shared/mod.ts';
import type { ServerOptions } from '../../shared/protocol/mod.ts';
import { dataDirectoryOf, directoryNameOf, isAdaptive, type Sweep } from '../../shared/sweep/mod.ts';
import { openAudit } from '../audit.ts';
import { completeSweep, inSweepDirectory, isComplete } from '../complete-sweep.ts';
import type { SweepDirectory } from '../directory/mod.ts';
import type { Interrupt } from '../interrupt.ts';
import { LIMIT_FLAGS, type Limits, requireLimits } from '../limits.ts';
import {
  checkpointOption,
  checkpointSeconds,
  dataFolders,
  dataOption,
  shareOf,
  threadCount,
  threadsOption,
  trustedKeysOption,
} from '../options/common.ts';
import { type ProgramFlags, programsOf, withProgramOptions } from '../options/program.ts';
import { SERVER_PATHS, type ServerFlags, serverOptions, withServerOptions } from '../options/server.ts';
import { loadWithOptions, type SweepOptions, shardOption, withSweepOptions } from '../options/sweep.ts';
import { readTrustedKeys } from '../options/trusted-keys.ts';
import { chooseReporter, type Reporter } from '../progress/mod.ts';
import { type Report, render, styleFor } from '../report/mod.ts';
import { shellWords } from '../shell-words.ts';
import { failuresError } from '../sweep-run.ts';
import { workOf } from '../work.ts';
import { at, type Command, type Context } from './command.ts';

export type RunOptions = SweepOptions &
  ServerFlags &
  ProgramFlags &
  Limits & {
    out: string | undefined;
    threads: number | undefined;
    checkpoint: number;
    dataDir: string | undefined;
    detach: boolean;
    dryRun: boolean;
    natsReplicas: number;
    audit: string | undefined;
    trustedKeys: string | undefined;
    quiet: boolean;
    json: boolean;
  };

export const command: Command<RunOptions> = {
  examples: [
    ['run table-4.1', 'run a built-in sweep; rerun to resume'],
    ['run my-sweep.yaml --set grid.width=5,10,20', 'run a sweep file with an override'],
    ['run table-4.1 --dry-run', 'how many tasks, and how long they may take'],
    ['run table-4.1 --nats nats://127.0.0.1:4222', 'compute on the worker nodes of a nats-server'],
    ['run table-4.1 --audit 2%', 'compute 2 % of the tasks twice and compare'],
    ['run table-4.1 --shard 3/10', 'the third of ten parts, each for another machine; then `merge`'],
  ],
  options: (yargs) =>
    withProgramOptions(withServerOptions(withSweepOptions(yargs)))
      .option('shard', shardOption)
      .option('out', {
        type: 'string',
        requiresArg: true,
        describe: 'sweep directory  [default: results/NAME, of a shard results/NAME-shard-K-of-N]',
      })
      .option('threads', threadsOption)
      .option('data-dir', dataOption)
      .option('checkpoint', checkpointOption)
      .option('detach', { type: 'boolean', default: false, describe: 'with --nats: send the tasks and exit' })
      .option('nats-replicas', {
        type: 'number',
        default: 1,
        describe: 'number of replicas of each stream, on a cluster of servers',
      })
      .option('audit', {
        type: 'string',
        requiresArg: true,
        describe: 'compute a share of the tasks a second time and compare, for instance 2%',
      })
      .option('trusted-keys', {
        ...trustedKeysOption,
        describe: 'with --nats: only take results signed by the public keys in this file, one per line',
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
      .option('dry-run', {
        type: 'boolean',
        default: false,
        describe: 'print what would be computed and the expected time, after a short timing; write nothing',
      })
      .option('quiet', { type: 'boolean', default: false, describe: 'hide progress' })
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'print progress and table as JSON, one event per line',
      }),
  paths: ['out', 'dataDir', 'trustedKeys', ...SERVER_PATHS],
  act: run,
};

async function run(options: RunOptions, context: Context): Promise<number> {
  // before the sweep, which takes longer to read
  const server = serverOptions(options, context);
  const sweep = loadWithOptions(options, context);
  const { maxTime, maxTasks, maxFailures } = options;
  const limits: Limits = { maxTime, maxTasks, maxFailures };
  requireLimits(limits);
  if (options.detach && server === undefined) {
    throw new EdgesweepError('USAGE', '--detach needs a nats-server', {
      fix: 'add --nats nats://host:4222, or omit --detach',
    });
  }
  const limit = (Object.keys(LIMIT_FLAGS) as (keyof Limits)[]).find((name) => limits[name] !== undefined);
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
  if (options.trustedKeys !== undefined && server === undefined) {
    throw new EdgesweepError('USAGE', '--trusted-keys needs a nats-server', {
      fix: 'add --nats nats://host:4222, or omit --trusted-keys',
    });
  }
  if (options.detach && (options.audit !== undefined || options.trustedKeys !== undefined)) {
    throw new EdgesweepError('USAGE', '--audit and --trusted-keys do not apply with --detach', {
      fix: 'omit them here, and give them to the run that collects the results',
    });
  }
  const place = {
    directory: options.out ?? at(context.cwd, join('results', directoryNameOf(sweep))),
    command: withoutPasswords(context.words),
    server,
    replicas: options.natsReplicas,
    threads: threadCount(options.threads, context),
    data: dataFolders(options.dataDir, context, dataDirectoryOf(sweep)),
    checkpoint: checkpointSeconds(options.checkpoint),
    programs: programsOf(options, context),
    audit: options.audit === undefined ? 0 : shareOf(options.audit, '--audit'),
    trusted: options.trustedKeys === undefined ? undefined : readTrustedKeys(options.trustedKeys),
    ...limits,
  };
  if (options.dryRun) {
    const { dryRun } = await import('./dry-run.ts');
    return dryRun({ ...place, json: options.json }, sweep, context);
  }
  const reporter = chooseReporter(options, context);
  const again = `rerun: edgesweep ${shellWords(place.command)}`;
  return inSweepDirectory(sweep, place, context.catchInterrupt, reporter, async (directory, interrupt) => {
    if (options.detach && !isComplete(directory)) {
      return detach(options, server!, sweep, directory, interrupt, reporter, again);
    }
    const swept = await completeSweep(sweep, directory, place, interrupt, reporter);
    tell(swept.table, options.json, context);
    if (swept.interrupted) {
      reporter.note(`interrupted; to resume, ${again}`);
      return EXIT.interrupted;
    }
    if (swept.failed > 0) throw failuresError(swept, place.directory);
    if (swept.limit !== undefined) {
      reporter.note(`${LIMIT_FLAGS[swept.limit]} was reached; to resume, ${again}`);
      return EXIT.limit;
    }
    return EXIT.done;
  });
}

function tell(table: Report, json: boolean, { stdout, env }: Context): void {
  const style = styleFor(stdout, env);
  stdout.write(
    json
      ? `${JSON.stringify({ event: 'table', table: JSON.parse(render(table, 'json')) })}\n`
      : render(table, 'terminal', style),
  );
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
    const { setAside } = await openAudit(directory.path, 0);
    const sending = { sweep, expansion, replicas: options.natsReplicas, setAside, note };
    await sendDetached(cluster, sending, work, interrupt.drain);
    const verb = interrupt.drain.aborted ? 'interrupted while sending; ' : `${counted(work.left(), 'task')} sent; `;
    note(`${verb}to collect the results, ${again.replace(' --detach', '')}`);
    return interrupt.drain.aborted ? EXIT.interrupted : EXIT.done;
  } finally {
    await disconnect(cluster);
  }
}
