import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { JsMsg } from '@nats-io/jetstream';
import { expect, it } from 'vitest';
import { EdgesweepError, type Task } from '../../../shared/mod.ts';
import { type Cluster, DATA_BUCKET, dataObject, encode, SUBJECTS, TIMINGS } from '../../../shared/protocol/mod.ts';
import { expand } from '../../../shared/sweep/mod.ts';
import { readImages } from '../../../worker/data/mod.ts';
import type { NodeContext } from '../../../worker/node/context.ts';
import { getData } from '../../../worker/node/get-data.ts';
import { handleTask } from '../../../worker/node/handle.ts';
import type { Health } from '../../../worker/node/health.ts';
import { Pace } from '../../../worker/node/pace.ts';
import { digestOfFiles, makeFolder, standIn, testStandIn, writeFiles } from '../../support/mod.ts';
import { load } from '../sweep/support.ts';

const { task } = expand(load('grid: {activation: linear, dataset: {kind: mnist, examples: 5}}'));

/** What becomes of a task on a node that has the data, or not, and whose threads fail with this error. */
async function handled(
  has: boolean,
  error?: EdgesweepError,
): Promise<{ answers: string[]; lost: number; failed: number }> {
  const seen = { answers: [] as string[], lost: 0, failed: 0 };
  const given: Task = task(0, 0);
  const context = {
    options: { name: 'node' },
    counts: { busy: 0, done: 0, failed: 0 },
    underWay: new Map(),
    givenBack: new Map(),
    pace: new Pace(),
    pool: { run: () => Promise.reject(error) },
    cluster: { timings: TIMINGS, jsm: { direct: { getMessage: () => Promise.resolve(null) } } },
    attempts: { get: () => Promise.resolve(null), put: () => Promise.resolve(1) },
    js: { publish: () => Promise.resolve({}) },
    data: { has: () => has, lost: () => (seen.lost += 1) },
    others: () => [],
    note: () => {},
  } as unknown as NodeContext;
  const message = {
    subject: SUBJECTS.task('sweep', given.id),
    data: encode(given),
    // also one that was delivered so often that it would be set aside
    info: { deliveryCount: has ? 1 : 100 },
    ack: () => seen.answers.push('ack'),
    nak: () => seen.answers.push('nak'),
    working: () => {},
  } as unknown as JsMsg;
  const turn = { take: async () => undefined, give: () => {} };
  await handleTask(context, {} as Health, message, turn, new AbortController().signal);
  return { ...seen, failed: context.counts.failed };
}

it('a task whose data are not here is given back, and is no failure', async () => {
  expect(await handled(false)).toEqual({ answers: ['nak'], lost: 0, failed: 0 });
});

it.each(['DATA_MISSING', 'DATA_DAMAGED', 'DATA_DIFFERS', 'DATA_UNREADABLE'] as const)(
  'a task is given back whose data turn out to be wrong: %s',
  async (code) => {
    expect(await handled(true, new EdgesweepError(code, 'bad'))).toEqual({ answers: ['nak'], lost: 1, failed: 0 });
  },
);

it.each(['CHECKPOINT_OTHER_VERSION', 'DISK'] as const)(
  'a task is given back that cannot use the scratch folder: %s',
  async (code) => {
    expect(await handled(true, new EdgesweepError(code, 'bad'))).toEqual({ answers: ['nak'], lost: 0, failed: 0 });
  },
);

it('a task that asks for more examples than there are anywhere is set aside', async () => {
  expect(await handled(true, new EdgesweepError('DATA_TOO_FEW', 'few'))).toEqual({
    answers: ['ack'],
    lost: 0,
    failed: 1,
  });
});

it('a test set is got from the object store into a folder beside the training set', async () => {
  const { files, labels } = testStandIn('mnist', 30);
  const digest = digestOfFiles(files);
  const objects = [...files].map(([name, content]) => ({
    subject: `$O.${DATA_BUCKET}.M.${Buffer.from(dataObject(digest, name)).toString('base64')}`,
    content: gzipSync(content),
  }));
  const getMessage = async (_stream: string, query: { last_by_subj?: string; next_by_subj?: string }) => {
    const nuid = objects.findIndex(({ subject }) => subject === query.last_by_subj);
    if (nuid >= 0)
      return { seq: 1, data: encode({ nuid: String(nuid), size: objects[nuid].content.length, chunks: 1 }) };
    const of = query.next_by_subj?.split('.').at(-1);
    return of === undefined ? null : { seq: 2, data: objects[Number(of)].content };
  };
  const cluster = { jsm: { direct: { getMessage } } } as unknown as Cluster;
  const directory = makeFolder();
  writeFiles(join(directory, 'mnist'), standIn('mnist', 5).files);
  const need = { kind: 'mnist', digest, part: 'test' } as const;
  const folder = await getData(cluster, need, directory);
  expect(readdirSync(directory).sort()).toEqual(['mnist', `mnist-${digest.slice(0, 12)}`]);
  const read = readImages('mnist', digest, [directory], 'test');
  expect(read.folder).toBe(folder);
  expect([...read.images.labels]).toEqual([...labels]);
  expect(await getData(cluster, { ...need, part: undefined }, makeFolder())).toBeUndefined();
});
