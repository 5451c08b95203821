import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { makeFolder, startNats, startProcess, waitFor, writeSweep } from '../support/mod.ts';
import { startNode } from './dispatching.ts';
import { expectComplete, isReady, outcomesOf, runHere, startWorkers, undisturbed } from './support.ts';

/** Which runs of the sweep do what, see `poison-thread.mjs`. */
const POISON = { exits: 3, throws: 5, heap: 7, memory: 9 };

const makeSweep = (folder: string, runs: number): string =>
  writeSweep(folder, {
    name: 'poison',
    runs,
    grid: '{activation: tanh, depth: 2, width: 4, dataset: {kind: synthetic, examples: 20, dimensions: 3}}',
    search: '{initialStepSize: 0.1, growth: 1.1, steps: 20, ceiling: 1.0e+4}',
  });

it('a task that ends its thread, throws or runs out of memory is set aside after three tries, and the others are done', async () => {
  const cwd = makeFolder();
  const runs = 20;
  const poisoned = Object.values(POISON);
  const sweep = makeSweep(cwd, runs);
  const nats = await startNats();
  // its heap is small, so that a thread that fills it does so soon
  const program = fileURLToPath(new URL('./poison-node.mjs', import.meta.url));
  const words = ['--max-old-space-size=128', program, nats.url, 'poisoned'];
  const node = startProcess(process.execPath, words, { cwd, env: { POISON: JSON.stringify(POISON) } });
  await waitFor('the node', () => node.stderr.includes(' ready: '));
  const ended = await runHere(nats.url, cwd, sweep, 'poisoned').ended;
  expect(ended, ended.stderr + node.stderr).toMatchObject({ code: 1, signal: null });
  const done = outcomesOf(join(cwd, 'poisoned')).map(({ task }) => task.run);
  expect(done.sort((a, b) => a - b)).toEqual(
    Array.from({ length: runs }, (_, run) => run).filter((run) => !poisoned.includes(run)),
  );
  expect(ended.stderr).toContain('error [TASK_FAILED]: 4 tasks failed\n');
  const causeOf = (run: number) => new RegExp(`\\(run ${run}\\): (.*) \\[TASK_FAILED\\]`).exec(ended.stderr)?.[1];
  expect(causeOf(POISON.exits)).toContain('exited with code: 7');
  expect(causeOf(POISON.throws)).toContain('poisoned in thread');
  expect(causeOf(POISON.heap)).toMatch(/memory|exited/);
  expect(causeOf(POISON.memory)).toMatch(/allocation/);
  // twice in the pool, then alone
  const threads = [...node.stderr.matchAll(/failed \((\d)\): poisoned in thread (\d+)/g)].map(([, n, id]) => [n, id]);
  expect(threads.map(([n]) => n)).toEqual(['1', '2', '3']);
  expect(threads[2][1]).not.toBe(threads[1][1]);
  expect(node.alive).toBe(true);
  expect(isReady(node)).toBe(true);
});

it.each([
  ['fails what others can do', './broken-thread.mjs'],
  ['no longer passes its self-test', './dying-thread.mjs'],
])('a node that %s is set aside, and the others finish the sweep', async (_, module) => {
  const cwd = makeFolder();
  const sweep = makeSweep(cwd, 200);
  const nats = await startNats();
  const expected = await undisturbed(cwd, sweep);
  const [good] = await startWorkers(nats.url, cwd, ['good']);
  let isAside = false;
  const bad = await startNode(nats.url, 'bad', { thread: new URL(module, import.meta.url) });
  const ended = bad.ended
    .catch((error) => error)
    .finally(() => {
      isAside = true;
    });
  await waitFor('the node', () => bad.notes.some((note) => note.startsWith('ready: ')) || isAside);
  await expectComplete(runHere(nats.url, cwd, sweep, 'finished'), join(cwd, 'finished'), expected);
  // it takes some failures in a row to tell, and the good node may have been quicker: more work until there were enough
  for (let seed = 2; !isAside && seed <= 20; seed++) {
    await runHere(nats.url, cwd, sweep, `more-${seed}`, ['--seed', String(seed)]).ended;
  }
  expect(await ended).toMatchObject({ code: 'NODE_SET_ASIDE' });
  expect(good.alive).toBe(true);
});
