import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inProcess, makeFolder, startNats, waitFor } from '../support/mod.ts';
import {
  contentsOf,
  expectClean,
  expectComplete,
  isReady,
  runHere,
  startRun,
  startWorker,
  startWorkers,
  untilRecorded,
} from './support.ts';

const SWEEP = `name: adaptive
title: Adaptive
experiment: maximal-step-size
runs: {until: {ci95: 0.08}, block: 6, most: 24}
grid: {activation: [linear, tanh, relu, sigmoid], depth: 3, width: 10, dataset: {kind: synthetic, examples: 20, dimensions: 5}}
search: {initialStepSize: 0.1, growth: 1.03, steps: 50}
`;

it('runs that are added as needed are the same on 1 thread, on 3, and on a cluster with kills', async () => {
  const cwd = makeFolder();
  const sweep = join(cwd, 'adaptive.yaml');
  writeFileSync(sweep, SWEEP);
  const local = async (threads: string, out: string) => {
    const ended = await inProcess(['run', sweep, '--threads', threads, '--out', out, '--quiet'], { cwd });
    expect(ended).toMatchObject({ code: 0 });
    return contentsOf(join(cwd, out));
  };
  const nats = await startNats();
  const first = startWorker(nats.url, cwd, 'first');
  const [second] = await startWorkers(nats.url, cwd, ['second']);
  const expected = await local('1', 'one');
  const many = await local('3', 'three');
  await waitFor('the worker', () => isReady(first));
  expect(many).toEqual(expected);

  const directory = join(cwd, 'killed');
  const killed = startRun(nats.url, cwd, sweep, 'killed');
  await untilRecorded(directory, 12);
  first.kill();
  await first.ended;
  const third = startWorkers(nats.url, cwd, ['third']);
  await untilRecorded(directory, 30);
  killed.kill();
  await killed.ended;
  await expectComplete(runHere(nats.url, cwd, sweep, 'killed'), directory, expected);
  for (const { stderr } of [second, ...(await third)]) expectClean(stderr);

  const table = JSON.parse(expected.tables['table.json']);
  const stops = table.entries.map(({ stop }: { stop: string }) => stop);
  expect(new Set(stops)).toEqual(new Set(['narrow', 'most']));
  const detached = await inProcess(['run', sweep, '--nats', nats.url, '--detach', '--out', 'detached'], { cwd });
  expect(detached.code).toBe(2);
  expect(detached.stderr).toContain('--detach does not apply');
});
