import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openAudit } from '../../../orchestrator/audit.ts';
import { auditedPool } from '../../../orchestrator/dispatch/audited-pool.ts';
import { localDispatcher, type TaskEnd } from '../../../orchestrator/dispatch/mod.ts';
import { makeNodeKey, nodeKeyOf, type SearchTask, type Task, TFJS_NUMERICS } from '../../../shared/mod.ts';
import type { Pool } from '../../../worker/mod.ts';
import { quickTasks } from '../../conformance/tasks.ts';
import { dispatchAll } from '../../conformance/work.ts';
import { makeFolder } from '../../support/mod.ts';
import { outcomeOf } from '../signed.ts';

const tasks: SearchTask[] = quickTasks(2000);
const chosenOf = (audit: { isChosen(task: Task): boolean }) =>
  tasks.filter((task) => audit.isChosen(task)).map(({ id }) => id);

describe('which tasks are audited', () => {
  it('is a share of them, the same in every run of a directory, and another in each directory', async () => {
    const [one, two] = [makeFolder(), makeFolder()];
    const chosen = chosenOf(await openAudit(one, 0.1));
    // 200 expected, standard deviation 13
    expect(Math.abs(chosen.length - 200)).toBeLessThan(90);
    expect(chosenOf(await openAudit(one, 0.1))).toEqual(chosen);
    expect(chosenOf(await openAudit(one, 0.2))).toEqual(expect.arrayContaining(chosen));
    expect(chosenOf(await openAudit(two, 0.1))).not.toEqual(chosen);
    expect(statSync(join(one, 'audit.json')).mode & 0o777).toBe(0o600);
  });

  it('is all of them with 100 %, none without, and none of an arithmetic that is not exact', async () => {
    const all = await openAudit(makeFolder(), 1);
    expect(chosenOf(all)).toHaveLength(tasks.length);
    expect(all.isChosen({ ...tasks[0], numerics: TFJS_NUMERICS })).toBe(false);
    const folder = makeFolder();
    expect(chosenOf(await openAudit(folder, 0))).toEqual([]);
    expect(statSync(join(folder, 'audit.json'), { throwIfNoEntry: false })).toBeUndefined();
  });
});

it('a node that was set aside is remembered, and a damaged record is refused', async () => {
  const folder = makeFolder();
  const found = { key: nodeKeyOf(makeNodeKey()).publicKey, node: 'liar', task: tasks[0].id };
  const audit = await openAudit(folder, 0.5);
  await audit.setNodeAside(found);
  await audit.setNodeAside(found);
  const again = await openAudit(folder, 0);
  expect(again.setAside).toEqual([{ ...found, time: expect.any(String) }]);
  writeFileSync(join(folder, 'audit.json'), '{}');
  await expect(openAudit(folder, 0.5)).rejects.toMatchObject({ code: 'DIRECTORY_UNREADABLE' });
});

/** Threads that find these rungs. */
function poolOf(rungOf: (task: Task) => number): Pool & { ran: number } {
  const pool = {
    threads: 2,
    ran: 0,
    async run(task: Task) {
      pool.ran += 1;
      return { outcome: outcomeOf(task as SearchTask, rungOf(task)) };
    },
    close: async () => {},
  };
  return pool;
}

it('of two computations on one machine that differ neither is an outcome, and the others are', async () => {
  const first = poolOf(() => 2);
  const second = poolOf(({ run }) => (run === 3 ? 1 : 2));
  const audit = await openAudit(makeFolder(), 0.5);
  const isChosen = ({ run }: Task) => run < 5;
  const pool = auditedPool(first, () => second, { ...audit, isChosen });
  const ends: TaskEnd[] = [];
  for await (const end of dispatchAll(localDispatcher(pool), tasks.slice(0, 10), new AbortController().signal))
    ends.push(end);
  expect([first.ran, second.ran]).toEqual([10, 5]);
  const failures = ends.flatMap((end) => (end.type === 'failure' ? [end.failure] : []));
  expect(failures).toMatchObject([
    { task: { run: 3 }, error: { code: 'OUTCOMES_DIFFER', message: expect.stringContaining('on engine simd') } },
  ]);
  expect(ends).toHaveLength(10);
  expect(audit.summary()).toBe('audit: 5 tasks computed a second time');
});
