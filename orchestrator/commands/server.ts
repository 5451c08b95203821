import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { EdgesweepError, EXIT, packagedFile } from '../../shared/mod.ts';
import { jsonOption } from '../options/common.ts';
import type { Command, Context } from './command.ts';

type ServerCommand = {
  host: string;
  port: number;
  store: string;
  maxStore: string;
  config: string | undefined;
  print: boolean;
  json: boolean;
};

const LOOPBACK = ['127.0.0.1', 'localhost', '::1'];

export const command: Command<ServerCommand> = {
  examples: [
    ['server', 'a server on 127.0.0.1:4222'],
    ['server --print', 'print the configuration as a starting point'],
  ],
  options: (yargs) =>
    yargs
      .option('host', { type: 'string', default: '127.0.0.1', requiresArg: true, describe: 'address to listen on' })
      .option('port', { type: 'number', default: 4222, describe: 'port to listen on' })
      .option('store', { type: 'string', default: 'nats-store', requiresArg: true, describe: 'folder for streams' })
      .option('max-store', {
        type: 'string',
        default: '20G',
        requiresArg: true,
        describe: 'maximum size of the streams on disk',
      })
      .option('config', {
        type: 'string',
        requiresArg: true,
        describe: `configuration file, with users and TLS (see ${packagedFile('deploy')})`,
      })
      .option('print', {
        type: 'boolean',
        default: false,
        describe: 'print the configuration without starting the server',
      })
      .option('json', jsonOption('one JSON object with the address, or with --print the configuration')),
  paths: ['store', 'config'],
  act: server,
};

/** Runs in the foreground, until a signal ends it; the store stays. */
async function server(options: ServerCommand, context: Context): Promise<number> {
  requireUsable(options);
  const text = configuration(options, context);
  if (options.print) {
    context.stdout.write(options.json ? `${JSON.stringify({ configuration: text })}\n` : text);
    return EXIT.done;
  }
  if (options.config === undefined && !LOOPBACK.includes(options.host)) {
    throw new EdgesweepError('USAGE', 'a server that others can reach needs users, and TLS on untrusted networks', {
      where: `--host ${options.host}`,
      expected: '--config FILE with users',
      fix: `edgesweep server --config ${packagedFile('deploy/nats-server.conf')}, or a copy of its folder with your changes`,
    });
  }
  const folder = options.config === undefined ? mkdtempSync(join(tmpdir(), 'edgesweep-server-')) : undefined;
  const config = options.config ?? join(folder ?? '', 'nats-server.conf');
  if (folder !== undefined) writeFileSync(config, text);
  try {
    return await runServer(config, options, context);
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}

async function runServer(config: string, options: ServerCommand, context: Context): Promise<number> {
  const child = spawn('nats-server', ['-c', config], { stdio: 'inherit', env: context.env });
  let asked = false;
  const forward = () => {
    asked = true;
    child.kill('SIGTERM');
  };
  const interrupt = context.catchInterrupt();
  for (const signal of [interrupt.drain, interrupt.stop]) signal.addEventListener('abort', forward);
  const code = await new Promise<number>((done, fail) => {
    child.on('error', (cause: NodeJS.ErrnoException) => fail(cause.code === 'ENOENT' ? notInstalled(cause) : cause));
    // asked by SIGTERM, the server closes its store in order and reports 1 all the same
    child.on('exit', (status) => done(asked ? EXIT.done : (status ?? EXIT.failed)));
    if (options.config !== undefined) return;
    const url = `nats://${options.host}:${options.port}`;
    const store = resolve(context.cwd, options.store);
    if (options.json) context.stdout.write(`${JSON.stringify({ url, store })}\n`);
    else context.stderr.write(`${url} (store in ${store})\n`);
  });
  interrupt.release();
  return code;
}

/** @throws EdgesweepError USAGE */
function requireUsable({ port, maxStore }: ServerCommand): void {
  const refuse = (where: string, expected: string, got: unknown) => {
    throw new EdgesweepError('USAGE', `${where} cannot be used`, { where, expected, got: String(got) });
  };
  if (!Number.isInteger(port) || port < 1 || port > 65535) refuse('--port', 'a whole number from 1 to 65535', port);
  if (!/^[1-9]\d{0,11}(K|M|G|T)B?$/.test(maxStore)) refuse('--max-store', 'a size such as 500M or 20G', maxStore);
}

function configuration({ host, port, store, maxStore }: ServerCommand, { cwd }: Context): string {
  return `# One nats-server for edgesweep, without users: for loopback only.
host: "${host}"
port: ${port}
server_name: edgesweep
# tasks and results are below 2 KB; nothing larger is ours
max_payload: 256KB
jetstream {
  store_dir: "${resolve(cwd, store)}"
  max_file_store: ${maxStore}
  # only the state of short-lived readers
  max_memory_store: 64MB
}
`;
}

function notInstalled(cause: Error): EdgesweepError {
  return new EdgesweepError('SERVER_NOT_INSTALLED', 'nats-server is not on PATH', {
    expected: 'nats-server 2.9 or newer (2.12.7 or newer if others can reach it)',
    fix: 'Debian and Ubuntu: apt install nats-server; macOS: brew install nats-server',
    cause,
  });
}
