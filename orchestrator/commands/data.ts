import {
  EdgesweepError,
  EXIT,
  IMAGE_DATASETS,
  IMAGE_KINDS,
  type ImageKind,
  isImageKind,
  publishedDigest,
} from '../../shared/mod.ts';
import { tableLines } from '../columns.ts';
import { downloadProgress, fetchDataset, SOURCES, type Standing, survey } from '../data/mod.ts';
import { dataFolders, dataOption, jsonOption } from '../options/common.ts';
import { requireServer, SERVER_PATHS, type ServerFlags, withServerOptions } from '../options/server.ts';
import { styleFor } from '../report/mod.ts';
import { at, type Command, type Context, type Output } from './command.ts';

const ACTIONS = ['list', 'fetch', 'check', 'push'] as const;

type DataOptions = ServerFlags & {
  action: (typeof ACTIONS)[number];
  name: string | undefined;
  dataDir: string | undefined;
  from: string | undefined;
  digest: string | undefined;
  natsReplicas: number;
  quiet: boolean;
  json: boolean;
};

export const command: Command<DataOptions> = {
  examples: [
    ['data list', 'which data sets are here'],
    ['data fetch mnist', 'download, check and install one'],
    ['data push mnist --nats nats://127.0.0.1:4222', 'give it to the nodes of a cluster'],
  ],
  options: (yargs) =>
    withServerOptions(yargs)
      .positional('action', { choices: ACTIONS, demandOption: true, describe: 'action' })
      .positional('name', { type: 'string', describe: IMAGE_KINDS.join(', ') })
      .option('data-dir', dataOption)
      .option('from', {
        type: 'string',
        requiresArg: true,
        describe: 'fetch: `npm`, a folder or an address; default: the official address, then npm',
      })
      .option('digest', {
        type: 'string',
        requiresArg: true,
        describe: 'fetch, push: digest of files other than the published ones',
      })
      .option('nats-replicas', {
        type: 'number',
        default: 1,
        describe: 'push: number of replicas, on a cluster of servers',
      })
      .option('quiet', { type: 'boolean', default: false, describe: 'hide progress' })
      .option('json', jsonOption('one JSON object per data set')),
  paths: ['dataDir', ...SERVER_PATHS],
  completes: { name: IMAGE_KINDS },
  async act(options, context) {
    const folders = dataFolders(options.dataDir, context);
    if (options.action === 'list') {
      return options.json
        ? writeJson(listed(folders), context.stdout)
        : write(list(folders, styleFor(context.stdout, context.env).columns), context.stdout);
    }
    if (options.action === 'check') return check(options, folders, context.stdout);
    const kind = kindOf(options.name);
    if (options.action === 'fetch') return fetchOne(kind, folders[0], options, context);
    return push(kind, folders, options, context);
  },
};

/** @returns the exit code */
function write(lines: readonly string[], stdout: Output): number {
  stdout.write(lines.map((line) => `${line}\n`).join(''));
  return EXIT.done;
}

/** @returns the exit code */
const writeJson = (objects: readonly object[], stdout: Output): number =>
  write(
    objects.map((object) => JSON.stringify(object)),
    stdout,
  );

function kindOf(name: string | undefined): ImageKind {
  if (name !== undefined && isImageKind(name)) return name;
  throw new EdgesweepError('USAGE', name === undefined ? 'no data set is named' : `no data set \`${name}\``, {
    expected: `one of ${IMAGE_KINDS.join(', ')}`,
    ...(name !== undefined && { got: name }),
    fix: '`edgesweep data list` lists the data sets',
  });
}

/** What is where, or that it is not there. */
function standings(kind: ImageKind, folders: readonly string[]): Standing[] {
  try {
    return survey(kind, folders);
  } catch (error) {
    if (error instanceof EdgesweepError && error.code === 'DATA_MISSING') return [];
    throw error;
  }
}

const HEAD = ['data set', 'examples', 'authors', 'folder', 'state'];

function list(folders: readonly string[], columns: number | undefined): string[] {
  const rows = IMAGE_KINDS.flatMap((kind) => {
    const { examples } = IMAGE_DATASETS[kind];
    const found = standings(kind, folders);
    const about = [kind, String(examples), SOURCES[kind].authors];
    if (found.length === 0) return [[...about, '', 'not here']];
    return found.map(({ folder, text }) => [...about, folder, text]);
  });
  return [
    ...tableLines({ head: HEAD, align: ['left', 'right', 'left', 'left', 'left'], body: rows }, columns),
    `searched ${folders.join(', ')}; run \`edgesweep data fetch NAME\``,
  ];
}

/** As `list`, with every folder that has one. */
const listed = (folders: readonly string[]): object[] =>
  IMAGE_KINDS.map((kind) => {
    const { examples } = IMAGE_DATASETS[kind];
    return { kind, examples, authors: SOURCES[kind].authors, found: standings(kind, folders).map(withoutError) };
  });

const withoutError = ({ error: _, ...rest }: Standing) => rest;

/**
 * @returns the exit code
 * @throws EdgesweepError DATA_MISSING when a named one is not there; DATA_DAMAGED, after the others are reported
 */
function check({ name, json }: DataOptions, folders: readonly string[], stdout: Output): number {
  const found =
    name === undefined ? IMAGE_KINDS.flatMap((kind) => standings(kind, folders)) : survey(kindOf(name), folders);
  const lines = found.map(({ kind, folder, digest, text }) =>
    digest === undefined ? `${kind}  ${folder}  ${text}` : `${kind}  ${folder}  ${text}, digest ${digest}`,
  );
  if (json) writeJson(found.map(withoutError), stdout);
  else write(lines.length > 0 ? lines : [`no data set in ${folders.join(', ')}`], stdout);
  const damaged = found.find(({ error }) => error !== undefined);
  if (damaged?.error !== undefined) throw damaged.error;
  return EXIT.done;
}

/** @returns the exit code */
async function fetchOne(
  kind: ImageKind,
  folder: string,
  { from, digest, quiet, json }: DataOptions,
  { stdout, stderr, cwd, catchInterrupt }: Context,
): Promise<number> {
  const { onProgress, note, finish } = downloadProgress(stderr, quiet);
  const interrupt = catchInterrupt();
  const signal = interrupt.drain;
  // `npm` names a source, and no folder
  const source = from === undefined || from === 'npm' ? from : at(cwd, from);
  try {
    const message = await fetchDataset(kind, folder, { from: source, digest, signal, onProgress, note });
    return json ? writeJson([{ kind, folder, message }], stdout) : write([message], stdout);
  } catch (error) {
    if (!signal.aborted) throw error;
    note('interrupted: nothing is installed; rerun to resume');
    return EXIT.interrupted;
  } finally {
    interrupt.release();
    finish();
  }
}

async function push(
  kind: ImageKind,
  folders: readonly string[],
  options: DataOptions,
  context: Context,
): Promise<number> {
  const server = requireServer(options, context);
  // loaded only here: the other actions need nothing of NATS
  const { withCluster } = await import('./with-cluster.ts');
  const { pushDataset } = await import('../data/push.ts');
  const digest = options.digest ?? publishedDigest(kind);
  const note = (text: string) => context.stderr.write(`${text}\n`);
  await withCluster(server, (cluster) =>
    pushDataset(cluster, kind, digest, folders, options.natsReplicas, options.quiet ? () => {} : note),
  );
  if (options.json) return writeJson([{ kind, digest }], context.stdout);
  return write([`${kind} is in the object store, digest ${digest}`], context.stdout);
}
