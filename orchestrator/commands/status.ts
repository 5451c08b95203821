import { EdgesweepError, EXIT } from '../../shared/mod.ts';
import type { ServerOptions } from '../../shared/protocol/mod.ts';
import { isSweepDirectory, listSweepDirectories } from '../directory/mod.ts';
import { requireServer, SERVER_PATHS, type ServerFlags, serverOptions, withServerOptions } from '../options/server.ts';
import { styleFor } from '../report/mod.ts';
import { describeDirectory, readDirectoryStatus, repeatUntilInterrupted } from '../status/mod.ts';
import { at, type Command, type Context } from './command.ts';

type StatusOptions = ServerFlags & { targets: string[]; json: boolean; watch: boolean };

export const command: Command<StatusOptions> = {
  examples: [
    ['status', 'the progress of every sweep in results/'],
    ['status results/table-4.1 --watch', 'follow one sweep'],
    ['status --nats nats://127.0.0.1:4222', 'all sweeps on a server, and its nodes'],
  ],
  options: (yargs) =>
    withServerOptions(yargs)
      .positional('targets', {
        type: 'string',
        array: true,
        default: [],
        describe: 'sweep directories; with --nats, keys or names of sweeps  [default: all]',
      })
      .option('watch', { type: 'boolean', default: false, describe: 'refresh every 2 seconds, until Ctrl-C' })
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'print one JSON object per directory, or one for the server',
      }),
  paths: SERVER_PATHS,
  act: status,
};

async function status(options: StatusOptions, context: Context): Promise<number> {
  const { targets, json, watch } = options;
  const onServer = serverOptions(options, context) !== undefined;
  const given = targets.filter((target) => !onServer || isSweepDirectory(at(context.cwd, target)));
  const directories =
    onServer || targets.length > 0
      ? given.map((target) => at(context.cwd, target))
      : listSweepDirectories(at(context.cwd, 'results'));
  const sweeps = targets.filter((target) => !given.includes(target));
  if (!onServer && directories.length === 0) {
    throw new EdgesweepError('USAGE', 'no sweep directory to show', {
      expected: 'a sweep directory, a folder `results` with some, or --nats nats://host:4222',
      fix: 'edgesweep status DIRECTORY, or edgesweep status --nats nats://host:4222',
    });
  }
  // directories alone need no server, also where the environment names one
  const cluster =
    onServer && (sweeps.length > 0 || targets.length === 0)
      ? await openCluster(requireServer(options, context))
      : undefined;
  const read = async (): Promise<string> => {
    const local = await Promise.all(directories.map(readDirectoryStatus));
    const parts = local.map((one) => (json ? `${JSON.stringify(one.summary)}\n` : describeDirectory(one)));
    if (cluster !== undefined)
      parts.push(await cluster.read(sweeps, json, styleFor(context.stdout, context.env).columns));
    return parts.join('');
  };
  try {
    if (watch) await repeatUntilInterrupted(read, context);
    else context.stdout.write(await read());
  } finally {
    await cluster?.close();
  }
  return EXIT.done;
}

/** Loaded only here: a directory needs nothing of NATS. */
async function openCluster(server: ServerOptions) {
  const { openClusterStatus } = await import('../status/mod.ts');
  return openClusterStatus(server);
}
