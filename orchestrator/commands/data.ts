import type { Argv, CommandModule } from 'yargs';
import {
  EdgesweepError,
  IMAGE_DATASETS,
  IMAGE_KINDS,
  type ImageKind,
  isImageKind,
  publishedDigest,
} from '../../shared/mod.ts';
import { inColumns } from '../columns.ts';
import { downloadProgress, fetchDataset, SOURCES, type Standing, survey } from '../data/mod.ts';
import { catchInterrupt } from '../interrupt.ts';
import { dataFolders, dataOption } from './data-option.ts';
import { requireServer, type ServerFlags, withServerOptions } from './server-options.ts';

const ACTIONS = ['list', 'fetch', 'check', 'push'] as const;

type DataOptions = ServerFlags & {
  action: (typeof ACTIONS)[number];
  name: string | undefined;
  dataDir: string | undefined;
  from: string | undefined;
  digest: string | undefined;
  natsReplicas: number;
  quiet: boolean;
};

type Exit = (code: number) => void;

export const dataModule = (exit: Exit): CommandModule<object, DataOptions> => ({
  command: 'data <action> [name]',
  describe: 'data sets of images: list, fetch NAME, check [NAME], push NAME (to the nodes of a nats-server)',
  builder: (yargs) =>
    withServerOptions(yargs)
      .positional('action', { choices: ACTIONS, demandOption: true, describe: 'what to do' })
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
        describe: 'fetch, push: of other files than the published ones',
      })
      .option('nats-replicas', { type: 'number', default: 1, describe: 'push: copies, on a cluster of servers' })
      .option('quiet', { type: 'boolean', default: false, describe: 'no progress' }) as unknown as Argv<DataOptions>,
  async handler(options) {
    const folders = dataFolders(options.dataDir);
    if (options.action === 'list') return write(list(folders));
    if (options.action === 'check') return write(check(options.name, folders));
    const kind = kindOf(options.name);
    if (options.action === 'fetch') return exit(await fetchOne(kind, folders[0], options));
    await push(kind, folders, options);
  },
});

function write(lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
}

function kindOf(name: string | undefined): ImageKind {
  if (name !== undefined && isImageKind(name)) return name;
  throw new EdgesweepError('USAGE', name === undefined ? 'no data set is named' : `no data set \`${name}\``, {
    expected: `one of ${IMAGE_KINDS.join(', ')}`,
    ...(name !== undefined && { got: name }),
    fix: '`edgesweep data list` tells which there are',
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

function list(folders: readonly string[]): string[] {
  const rows = IMAGE_KINDS.flatMap((kind) => {
    const { examples } = IMAGE_DATASETS[kind];
    const found = standings(kind, folders);
    const about = [kind, `${examples} examples`, SOURCES[kind].authors];
    if (found.length === 0) return [[...about, 'not here', '']];
    return found.map(({ folder, text }) => [...about, folder, text]);
  });
  return [
    ...inColumns(rows, ['left', 'right', 'left', 'left', 'left']).lines,
    `looked for in ${folders.join(', ')}; \`edgesweep data fetch NAME\` gets one`,
  ];
}

/** @throws EdgesweepError DATA_MISSING when a named one is not there; DATA_DAMAGED, once the others are told */
function check(name: string | undefined, folders: readonly string[]): string[] {
  const found =
    name === undefined ? IMAGE_KINDS.flatMap((kind) => standings(kind, folders)) : survey(kindOf(name), folders);
  const lines = found.map(({ kind, folder, digest, text }) =>
    digest === undefined ? `${kind}  ${folder}  ${text}` : `${kind}  ${folder}  ${text}, digest ${digest}`,
  );
  const damaged = found.find(({ error }) => error !== undefined);
  if (damaged?.error === undefined) return lines.length > 0 ? lines : [`no data set is in ${folders.join(', ')}`];
  write(lines);
  throw damaged.error;
}

/** @returns the exit code */
async function fetchOne(kind: ImageKind, folder: string, { from, digest, quiet }: DataOptions): Promise<number> {
  const { onProgress, note, finish } = downloadProgress(process.stderr, quiet);
  const interrupt = catchInterrupt();
  const signal = interrupt.drain;
  try {
    write([await fetchDataset(kind, folder, { from, digest, signal, onProgress, note })]);
    return 0;
  } catch (error) {
    if (!signal.aborted) throw error;
    note('interrupted: nothing is installed; rerun to resume');
    return 130;
  } finally {
    interrupt.release();
    finish();
  }
}

async function push(kind: ImageKind, folders: readonly string[], options: DataOptions): Promise<void> {
  const server = requireServer(options);
  // loaded only here: the other actions need nothing of NATS
  const { withCluster } = await import('./with-cluster.ts');
  const { pushDataset } = await import('../data/push.ts');
  const digest = options.digest ?? publishedDigest(kind);
  const note = (text: string) => process.stderr.write(`${text}\n`);
  await withCluster(server, (cluster) =>
    pushDataset(cluster, kind, digest, folders, options.natsReplicas, options.quiet ? () => {} : note),
  );
  write([`${kind} is in the object store, digest ${digest}`]);
}
