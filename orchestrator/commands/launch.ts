import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { counted, EdgesweepError, EXIT, oneLine } from '../../shared/mod.ts';
import { type ServerOptions, TIMINGS } from '../../shared/protocol/mod.ts';
import {
  inputOf,
  keepNode,
  loadNodes,
  type Node,
  type NodeEvent,
  sshWords,
  variablesOf,
  workerWords,
} from '../launch/mod.ts';
import { jsonOption } from '../options/common.ts';
import { requireServer, SERVER_PATHS, type ServerFlags, withServerOptions } from '../options/server.ts';
import { shellWords } from '../shell-words.ts';
import type { Command, Context } from './command.ts';

type LaunchFlags = ServerFlags & { hosts: string; dryRun: boolean; json: boolean };

export const command: Command<LaunchFlags> = {
  examples: [
    ['launch hosts.yaml --nats nats://alpha:4222', 'start a node on every host, watch them, stop them with Ctrl-C'],
    ['launch hosts.yaml --nats nats://alpha:4222 --dry-run', 'print what would run where'],
  ],
  options: (yargs) =>
    withServerOptions(yargs)
      .positional('hosts', {
        type: 'string',
        demandOption: true,
        describe: 'YAML file with the hosts and their settings',
      })
      .option('dry-run', { type: 'boolean', default: false, describe: 'print the commands; connect to nothing' })
      .option('json', jsonOption('one JSON object per event; with --dry-run, per node')),
  paths: ['hosts', ...SERVER_PATHS],
  act: launch,
};

/** Starts worker nodes over ssh and keeps them until they end by themselves, or Ctrl-C. */
async function launch(flags: LaunchFlags, context: Context): Promise<number> {
  const nodes = loadNodes(flags.hosts);
  const options = requireServer(flags, context);
  const server = serverVariables(options, context);
  if (flags.dryRun) {
    for (const node of nodes) context.stdout.write(`${flags.json ? asJson(node, server) : asText(node, server)}\n`);
    return EXIT.done;
  }
  // a host may print its environment
  const hide = (text: string) => (options.password ? text.replaceAll(options.password, '***') : text);
  const tell = (event: NodeEvent) => {
    const message = hide(event.message);
    if (flags.json) context.stdout.write(`${JSON.stringify({ event: 'node', ...event, message })}\n`);
    else context.stderr.write(`${event.time} ${event.node} ${oneLine(message)}\n`);
  };
  const interrupt = context.catchInterrupt();
  const sockets = mkdtempSync(join(tmpdir(), 'edgesweep-ssh-'));
  try {
    const { retry: backoff } = options.timings ?? TIMINGS;
    const ends = await Promise.all(
      nodes.map(async (node) => {
        const words = sshWords(node, sockets);
        const input = inputOf(node, server);
        const end = await keepNode(node, { words, input, env: withoutSecrets(context.env), interrupt, backoff, tell });
        return { node, end };
      }),
    );
    const failed = ends.flatMap(({ node, end }) => (end.state === 'failed' ? [`${node.name}: ${hide(end.why)}`] : []));
    if (failed.length === 0 || interrupt.drain.aborted) return EXIT.done;
    throw new EdgesweepError('HOST_FAILED', `${failed.length} of ${counted(nodes.length, 'node')} did not run`, {
      where: flags.hosts,
      got: failed.map(oneLine).join('\n'),
      fix: 'try the command of `edgesweep launch HOSTS --dry-run` by hand',
    });
  } finally {
    interrupt.release();
    rmSync(sockets, { recursive: true, force: true });
  }
}

/** ssh needs none of them, and may be set up to send variables. */
const withoutSecrets = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('EDGESWEEP_')));

/** How nodes reach the server, as variables. @throws EdgesweepError USAGE */
function serverVariables(options: ServerOptions, { env }: Context): Record<string, string> {
  const { servers, user, password, nkeyFile, credsFile, caFile, certFile, keyFile } = options;
  const file = [nkeyFile, credsFile, caFile, certFile, keyFile].find((path) => path !== undefined);
  if (file !== undefined) {
    throw new EdgesweepError('USAGE', 'a file of this machine is not on the hosts', {
      where: '--nats-nkey, --nats-creds, --nats-ca, --nats-cert, --nats-key',
      got: file,
      fix: 'name the file on the hosts: `environment: {EDGESWEEP_NATS_CA: /path}` in the file of hosts',
    });
  }
  const variables = {
    EDGESWEEP_NATS: servers.join(','),
    ...(user !== undefined && { EDGESWEEP_NATS_USER: user }),
    ...(password !== undefined && { EDGESWEEP_NATS_PASSWORD: password }),
    ...(env.EDGESWEEP_TIMINGS && { EDGESWEEP_TIMINGS: env.EDGESWEEP_TIMINGS }),
  };
  const broken = Object.entries(variables).find(([, value]) => /[\0\r\n]/.test(value));
  if (broken === undefined) return variables;
  throw new EdgesweepError('USAGE', 'a setting of the server has a line break', { where: broken[0] });
}

const describe = (node: Node, server: Record<string, string>) => ({
  node: node.name,
  host: node.host,
  ssh: ['ssh', ...sshWords(node, join(tmpdir(), 'edgesweep-ssh-XXXXXX'))],
  directory: node.directory ?? '.',
  worker: workerWords(node),
  // values may be secrets
  variables: Object.keys(variablesOf(node, server)),
});

const asJson = (node: Node, server: Record<string, string>): string => JSON.stringify(describe(node, server));

function asText(node: Node, server: Record<string, string>): string {
  const { ssh, directory, worker, variables } = describe(node, server);
  return [
    `${node.name}:`,
    `  connects:  ${oneLine(shellWords(ssh))}`,
    `  in folder: ${oneLine(directory)}`,
    `  runs:      ${oneLine(shellWords(worker))}`,
    `  variables: ${variables.join(', ')}`,
  ].join('\n');
}
