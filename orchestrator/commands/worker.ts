import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import {
  counted,
  EdgesweepError,
  ENGINE_CHOICES,
  type EngineChoice,
  EXIT,
  errorLine,
  makeNodeKey,
  type NodeKey,
  nodeKeyOf,
  oneLine,
} from '../../shared/mod.ts';
import { type Cluster, connectCluster, type ServerOptions, TIMINGS } from '../../shared/protocol/mod.ts';
import { runNode } from '../../worker/node/mod.ts';
import { slotsFor } from '../local-pool.ts';
import {
  checkpointOption,
  checkpointSeconds,
  dataFolders,
  dataOption,
  jsonOption,
  keyOption,
  listOption,
  splitList,
  threadCount,
  threadsFor,
  threadsOption,
} from '../options/common.ts';
import {
  allowedPrograms,
  allowOption,
  type ProgramFlags,
  programDirOption,
  programsOf,
  withProgramOptions,
} from '../options/program.ts';
import { requireServer, SERVER_PATHS, type ServerFlags, withServerOptions } from '../options/server.ts';
import type { Command, Context } from './command.ts';
import { keyFile, loadNodeKey } from './node-key.ts';
import { scratchFolder, scratchOption } from './scratch.ts';

type WorkerFlags = ServerFlags &
  ProgramFlags & {
    allow: string[] | undefined;
    programDir: string | undefined;
    threads: number | undefined;
    dataDir: string | undefined;
    scratch: string | undefined;
    checkpoint: number;
    engine: EngineChoice;
    name: string | undefined;
    key: string | undefined;
    sweeps: string[] | undefined;
    drainTimeout: number;
    maxIdle: number | undefined;
    maxTime: number | undefined;
    json: boolean;
  };

export const command: Command<WorkerFlags> = {
  examples: [
    ['worker --nats nats://127.0.0.1:4222', 'use all cores of this machine'],
    ['worker --nats nats://127.0.0.1:4222 --threads 4 --max-idle 600', '4 threads; end after 10 minutes without work'],
    [
      'worker --nats nats://127.0.0.1:4222 --allow train=./train.sh --slots 2',
      'also run a program of yours, in 2 processes',
    ],
  ],
  options: (yargs) =>
    withProgramOptions(withServerOptions(yargs))
      .option('allow', allowOption)
      .option('program-dir', programDirOption)
      .option('threads', threadsOption)
      .option('data-dir', dataOption)
      .option('scratch', scratchOption)
      .option('checkpoint', checkpointOption)
      .option('engine', {
        choices: ENGINE_CHOICES,
        default: 'auto' as const,
        describe: 'engine; all give the same bits',
      })
      .option('name', { type: 'string', requiresArg: true, describe: 'name of the node  [default: HOST-PID]' })
      .option('key', keyOption)
      .option('sweeps', { ...listOption, describe: 'only work on these sweeps, separated by commas' })
      .option('drain-timeout', {
        type: 'number',
        requiresArg: true,
        default: 60,
        describe: 'seconds to finish tasks in flight on SIGTERM',
      })
      .option('max-idle', {
        type: 'number',
        requiresArg: true,
        describe: 'exit after this many seconds without a task, for batch systems',
      })
      .option('max-time', {
        type: 'number',
        requiresArg: true,
        describe: 'drain and exit after this many seconds, for batch systems',
      })
      .option('json', jsonOption('the log as one JSON object per line, on standard output')),
  paths: ['dataDir', 'scratch', 'key', 'programDir', ...SERVER_PATHS],
  act: worker,
};

async function worker(flags: WorkerFlags, context: Context): Promise<number> {
  const server = requireServer(flags, context);
  const { engine, drainTimeout, maxIdle, maxTime } = flags;
  const sweeps = flags.sweeps && splitList(flags.sweeps);
  for (const [flag, seconds] of Object.entries({
    'drain-timeout': drainTimeout,
    'max-idle': maxIdle,
    'max-time': maxTime,
  })) {
    if (seconds === undefined || (seconds >= 0 && seconds < 1e6)) continue;
    throw new EdgesweepError('USAGE', `invalid value for --${flag}`, {
      where: `--${flag}`,
      expected: 'seconds, from 0 to 1000000',
      got: String(seconds),
    });
  }
  const name = nodeName(flags.name);
  const limits = { drainTimeout, maxIdle, maxTime };
  const data = dataFolders(flags.dataDir, context);
  const checkpoints = { seconds: checkpointSeconds(flags.checkpoint), folder: scratchFolder(flags.scratch) };
  const wanted = threadCount(flags.threads, context);
  const note = (message: string) => {
    const time = new Date().toISOString();
    if (flags.json) context.stdout.write(`${JSON.stringify({ event: 'note', time, node: name, message })}\n`);
    else context.stderr.write(`${time} ${name} ${oneLine(message)}\n`);
  };
  const options = {
    name,
    key: nodeKey(flags.key, context, note),
    threads: threadsFor(Number.POSITIVE_INFINITY, wanted, note),
    engine,
    data,
    checkpoints,
    programs: nodePrograms(flags, context, wanted, checkpoints.folder),
    sweeps,
    ...limits,
  };
  const interrupt = context.catchInterrupt();
  try {
    const cluster = await waitForServer(server, name, interrupt.drain, note);
    if (cluster === undefined) return EXIT.done;
    void tellOfConnection(cluster, note);
    const { reason, done, failed } = await runNode(cluster, options, interrupt, note);
    note(`exits (${reason}): ${counted(done, 'task')} done, ${failed} failed`);
    return EXIT.done;
  } finally {
    interrupt.release();
  }
}

/** The key that results are signed with. A machine on which none can be kept has one for this process. */
function nodeKey(flag: string | undefined, context: Context, note: (text: string) => void): NodeKey {
  const { file, isNamed } = keyFile(flag, context);
  try {
    const { key, made } = loadNodeKey(file);
    note(`${made ? 'made a new key' : 'signs results with key'} ${key.publicKey} (${file})`);
    return key;
  } catch (error) {
    if (isNamed || !(error instanceof EdgesweepError)) throw error;
    const key = nodeKeyOf(makeNodeKey());
    note(`signs results with key ${key.publicKey} of this process only: ${errorLine(error)}`);
    return key;
  }
}

/** What the command line allows; undefined where it allows nothing. */
function nodePrograms(flags: WorkerFlags, context: Context, threads: number, scratch: string) {
  const allowed = allowedPrograms(flags.allow ?? []);
  if (allowed.length === 0) return undefined;
  const { slots, env, passed } = programsOf(flags, context);
  return {
    allowed,
    directory: resolve(flags.programDir ?? context.cwd),
    folder: join(scratch, 'programs'),
    slots: slots ?? slotsFor(threads, env),
    env,
    passed,
  };
}

/** Subjects are made of it, so it has to be one token. */
function nodeName(name: string | undefined): string {
  const chosen = name ?? `${hostname()}-${process.pid}`.replace(/[^\w-]/g, '_');
  if (/^[\w-]{1,200}$/.test(chosen)) return chosen;
  throw new EdgesweepError('USAGE', 'invalid node name', {
    where: '--name',
    expected: 'letters, digits, _ and -',
    got: chosen,
  });
}

/** Nodes may be started before the server: only wrong credentials end the wait. Undefined when interrupted. */
async function waitForServer(
  server: ServerOptions,
  name: string,
  drain: AbortSignal,
  note: (text: string) => void,
): Promise<Cluster | undefined> {
  for (let tries = 0; !drain.aborted; tries++) {
    try {
      return await connectCluster(server, 'worker', name);
    } catch (error) {
      if (!(error instanceof EdgesweepError) || !['NATS_UNREACHABLE', 'NATS_JETSTREAM_OFF'].includes(error.code))
        throw error;
      if (tries % 15 === 0) {
        const where = server.servers.join(', ');
        note(`waiting for ${where}: ${error.message} (${error.details.got}); ${error.details.fix}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 2 * (server.timings ?? TIMINGS).retry));
    }
  }
  return undefined;
}

async function tellOfConnection({ nc }: Cluster, note: (text: string) => void): Promise<void> {
  for await (const status of nc.status()) {
    if (status.type === 'disconnect') note('the connection is lost; reconnecting');
    if (status.type === 'reconnect') note('reconnected');
    if (status.type === 'error') note(`the server says: ${status.error.message}`);
  }
}
