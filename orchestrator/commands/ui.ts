import { readFile } from 'node:fs/promises';
import { constants, homedir, hostname, setPriority } from 'node:os';
import { join } from 'node:path';
import { EdgesweepError, EXIT, messageOf } from '../../shared/mod.ts';
import { dataFolders, dataOption, jsonOption } from '../options/common.ts';
import { SERVER_PATHS, type ServerFlags, serverOptions, withServerOptions } from '../options/server.ts';
import { at, type Command, type Context } from './command.ts';

type UiOptions = ServerFlags & {
  directories: string[];
  host: string;
  port: number;
  readOnly: boolean;
  insecure: boolean;
  cert: string | undefined;
  key: string | undefined;
  dataDir: string | undefined;
  json: boolean;
};

const PORT = 7330;

export const command: Command<UiOptions> = {
  examples: [
    ['ui', 'the sweeps in results/, live'],
    ['ui results --nats nats://127.0.0.1:4222', 'with the nodes and sweeps of a server'],
    ['ui results --read-only --port 0', 'nothing can be changed from the page; on any free port'],
  ],
  options: (yargs) =>
    withServerOptions(yargs)
      .positional('directories', {
        type: 'string',
        array: true,
        default: [],
        defaultDescription: 'results',
        describe: 'folders with sweep directories, at any depth',
      })
      .option('port', {
        type: 'number',
        requiresArg: true,
        default: PORT,
        describe: 'port to listen on; 0: any free one',
      })
      .option('host', { type: 'string', requiresArg: true, default: '127.0.0.1', describe: 'address to listen on' })
      .option('read-only', { type: 'boolean', default: false, describe: 'refuse every action from the page' })
      .option('cert', { type: 'string', requiresArg: true, describe: 'certificate, for TLS' })
      .option('key', { type: 'string', requiresArg: true, describe: 'key of the certificate' })
      .option('insecure', {
        type: 'boolean',
        default: false,
        describe: 'listen beyond loopback without TLS: others on the network can read the token',
      })
      .option('data-dir', dataOption)
      .option('json', jsonOption('one JSON object with the address')),
  paths: ['directories', 'cert', 'key', 'dataDir', ...SERVER_PATHS],
  act: ui,
};

/** Serves the page until a signal. */
async function ui(options: UiOptions, context: Context): Promise<number> {
  const { servePage, isLoopback } = await import('../ui/mod.ts');
  const { host, port, readOnly, insecure, json } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new EdgesweepError('USAGE', '--port cannot be used', {
      where: '--port',
      expected: 'a whole number from 0 to 65535',
      got: String(port),
    });
  }
  const tls = await certificate(options);
  if (!isLoopback(host) && tls === undefined && !insecure) {
    throw new EdgesweepError('USAGE', 'a page that others can reach needs TLS', {
      where: `--host ${host}`,
      expected: '--cert FILE and --key FILE, or a tunnel to a page on loopback',
      fix: `ssh -L ${port}:127.0.0.1:${port} ${hostname()} from the other machine; or --insecure, if everybody on the network may see and change everything`,
    });
  }
  const folders = options.directories.length > 0 ? options.directories : [at(context.cwd, 'results')];
  const interrupt = context.catchInterrupt();
  const { XDG_CACHE_HOME } = context.env;
  const cache = join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'edgesweep', 'page');
  const log = (text: string) => context.stderr.write(`${new Date().toISOString()} ${text}\n`);
  try {
    const page = await servePage({
      folders,
      host,
      port,
      readOnly,
      tls,
      nats: serverOptions(options, context),
      cache,
      dataFolders: (directory) => dataFolders(options.dataDir, context, directory),
      log,
    });
    yieldToRuns();
    if (json) context.stdout.write(`${JSON.stringify({ url: page.url })}\n`);
    else {
      context.stdout.write(`${page.url}\n`);
      if (isLoopback(host)) {
        context.stderr.write(
          `from another machine: ssh -L ${page.port}:127.0.0.1:${page.port} ${hostname()}, then open the same address\n`,
        );
      }
      context.stderr.write('Ctrl-C ends the page; sweeps continue\n');
    }
    await new Promise<void>((done) => {
      if (interrupt.drain.aborted) done();
      interrupt.drain.addEventListener('abort', () => done());
    });
    await page.close();
  } finally {
    interrupt.release();
  }
  return EXIT.done;
}

/** A run on the same cores comes first. With the lowest priority the page would stand still while a run takes all cores. */
function yieldToRuns(): void {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // some containers do not allow it
  }
}

/** @throws EdgesweepError USAGE for half of a pair, or a file that cannot be read */
async function certificate({ cert, key }: UiOptions): Promise<{ cert: string; key: string } | undefined> {
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined) {
    throw new EdgesweepError('USAGE', '--cert and --key belong together', { expected: 'both', fix: 'name both files' });
  }
  const read = (path: string, where: string) =>
    readFile(path, 'utf8').catch((cause: unknown) => {
      throw new EdgesweepError('USAGE', 'the file cannot be read', {
        where: `${where} ${path}`,
        got: messageOf(cause),
        cause,
      });
    });
  return { cert: await read(cert, '--cert'), key: await read(key, '--key') };
}
