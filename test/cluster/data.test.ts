import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Objm } from '@nats-io/obj';
import { beforeEach, expect, it } from 'vitest';
import { DATA_BUCKET, dataObject } from '../../shared/protocol/mod.ts';
import {
  digestOfFiles,
  inProcess,
  makeFolder,
  outcomesText,
  standIn,
  startNats,
  waitFor,
  writeFiles,
  writeSweep,
} from '../support/mod.ts';
import { asOrchestrator, asWorker, connectTo, runOn, startDeployed, startWorker } from './deployed.ts';

const { files } = standIn('mnist', 30);
const digest = digestOfFiles(files);

let cwd: string;
let sweep: string;
/** a data directory with the data, and one without */
let full: string;
let empty: string;

beforeEach(() => {
  cwd = makeFolder();
  [full, empty] = [join(cwd, 'full'), join(cwd, 'empty')];
  writeFiles(join(full, 'mnist'), files);
  sweep = writeSweep(cwd, {
    grid: `{activation: [linear, tanh], depth: 2, width: 4, dataset: {kind: mnist, examples: 20, choose: drawn, digest: ${digest}}}`,
    search: '{initialStepSize: 0.1, growth: 1.1, steps: 20, ceiling: 1.0e+4}',
  });
});

async function expectLikeLocalRun(): Promise<void> {
  expect((await inProcess(['run', sweep, '--quiet', '--out', 'local', '--data-dir', full], { cwd })).code).toBe(0);
  expect(outcomesText(join(cwd, 'out'))).toBe(outcomesText(join(cwd, 'local')));
}

it('a node without the data of a sweep says so once and leaves its tasks to others', async () => {
  const server = await startNats();
  const without = await startWorker(server.url, cwd, ['--data-dir', empty]);
  const run = runOn(server.url, sweep, cwd);
  await waitFor('the node says so', () => without.stderr.includes('lacks the data set mnist'));
  const other = await startWorker(server.url, cwd, ['--data-dir', full]);
  expect(await run).toMatchObject({ code: 0 });
  for (const node of [without, other]) node.interrupt();
  expect((await without.ended).stderr).toContain('0 tasks done, 0 failed');
  expect((await other.ended).stderr).toContain('6 tasks done, 0 failed');
  expect(without.stderr.split('lacks the data set mnist')).toHaveLength(2);
  expect(without.stderr).toContain('edgesweep data push mnist');
  await expectLikeLocalRun();
});

it('a node gets the data from the object store once they are pushed, with the permissions of deploy/', async () => {
  const server = await startDeployed();
  const node = await startWorker(server.url, cwd, ['--data-dir', empty], asWorker);
  const run = runOn(server.url, sweep, cwd, [], asOrchestrator);
  await waitFor('the node says so', () => node.stderr.includes('lacks the data set mnist'));
  const words = ['data', 'push', 'mnist', '--nats', server.url, '--data-dir', full, '--digest', digest];
  const pushed = await inProcess(words, { cwd, env: asOrchestrator });
  expect(pushed).toMatchObject({ code: 0, stdout: `mnist is in the object store, digest ${digest}\n` });
  expect(await run).toMatchObject({ code: 0 });
  expect(node.stderr).toContain('got the data set mnist from the object store');
  expect(readdirSync(empty)).toEqual(['mnist']);
  expect(server.process.stderr).not.toMatch(/Violation/);
  await expectLikeLocalRun();
  const again = await inProcess(words, { cwd, env: asOrchestrator });
  expect(again.stderr.match(/is already there/g)).toHaveLength(2);
});

it('what lies in the object store under a digest that is not its own is not taken', async () => {
  const server = await startNats();
  const { nc } = await connectTo(server);
  const store = await new Objm(nc).create(DATA_BUCKET);
  for (const [name, content] of standIn('mnist', 30, 2).files)
    await store.putBlob({ name: dataObject(digest, name) }, gzipSync(content));
  const node = await startWorker(server.url, cwd, ['--data-dir', empty]);
  expect((await runOn(server.url, sweep, cwd, ['--detach'])).code).toBe(0);
  await waitFor('the node says so', () => node.stderr.includes('lacks the data set mnist'));
  expect(node.stderr).toContain('the object store holds different data under this digest');
  expect(readdirSync(empty)).toEqual([]);
});

it('data of another digest are not pushed', async () => {
  const server = await startNats();
  const words = ['data', 'push', 'mnist', '--nats', server.url, '--data-dir', full];
  const refused = await inProcess([...words, '--digest', 'ab'.repeat(32)], { cwd });
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('error [DATA_DIFFERS]');
});
