import { appendFileSync, statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { failuresPath } from '../../../orchestrator/directory/layout.ts';
import { FailureLog, Progress, readRecordedFailures } from '../../../orchestrator/directory/mod.ts';
import { expand } from '../../../shared/sweep/mod.ts';
import { allTasks, makeFolder, makeSweep } from './support.ts';

const MOST_BYTES = 32 << 20;

it('the newest failures are kept where a file has more than is read, and one run writes no more than that', async () => {
  const directory = makeFolder();
  const expansion = expand(makeSweep());
  const [often, second, newest] = allTasks(expansion);
  const progress = new Progress(expansion);
  const size = () => statSync(failuresPath(directory)).size;

  const log = new FailureLog(directory, progress);
  log.add(second, { code: 'SOME', message: 'at the start' });
  for (let i = 0; i < 2900; i++) log.add(often, { code: 'SOME', message: '€'.repeat(4000) });
  await log.close();
  expect(size()).toBeLessThanOrEqual(MOST_BYTES);
  expect(size()).toBeGreaterThan(MOST_BYTES - 20_000);
  expect(await readRecordedFailures(directory)).toHaveLength(2);

  appendFileSync(failuresPath(directory), `${' '.repeat(1 << 20)}\n`);
  const rerun = new FailureLog(directory, progress);
  rerun.add(newest, { code: 'OTHER', message: 'the newest' });
  await rerun.close();
  const ids = (await readRecordedFailures(directory)).map(({ task }) => task.id);
  expect(ids).toEqual([often.id, newest.id]);
  expect(size()).toBeLessThan(MOST_BYTES);
});
