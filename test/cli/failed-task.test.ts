import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import type { SearchOutcome } from '../../shared/mod.ts';
import { edgesweep, inProcess, journalLines, makeFolder, writeSweep } from '../support/mod.ts';

it('tasks that cannot be computed are listed at the end, and the others are done', async () => {
  const cwd = makeFolder();
  const sweep = writeSweep(cwd, {
    runs: 2,
    grid: '{activation: tanh, depth: 3, width: [4, 100000], dataset: {kind: synthetic, examples: 20, dimensions: 4}}',
    search: '{initialStepSize: 0.1, growth: 1.1, steps: 20, ceiling: 1.0e+4}',
  });
  for (const done of [0, 2]) {
    const ended = await inProcess(['run', sweep, '--out', 'failed'], { cwd });
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain(`${done}/4 tasks`);
    expect(ended.stderr).toMatch(/^task [0-9a-f]{32} failed: .*do not fit into the memory/m);
    expect(ended.stderr).toMatch(/^2\/4 tasks, 2 failed in \d+ s$/m);
    expect(ended.stderr).toMatch(
      /error \[TASK_FAILED\]: 2 tasks failed\n +where: +\S+failed\n +got: +[0-9a-f]{32} \(run \d\): .*width 100000.*--engine reference.* \[NETWORK_TOO_LARGE\]\n/,
    );
    expect(ended.stdout).toContain('partial: 2 of 4 tasks');
  }
  expect(journalLines(join(cwd, 'failed'))).toHaveLength(2);
});

/** Makes every thread that meets the data of the cell with 23 examples of 3 inputs die, the first `DEATHS` times. */
const DEADLY = `
import { existsSync, writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
const set = Float32Array.prototype.set;
Float32Array.prototype.set = function (source, offset) {
  if (!isMainThread && source.length === 23 * 3) {
    for (let death = 1; death <= Number(process.env.DEATHS); death++) {
      const mark = process.env.MARKS + death;
      if (existsSync(mark)) continue;
      writeFileSync(mark, '');
      process.exit(7);
    }
  }
  return set.call(this, source, offset);
};
`;

it('a thread that dies is replaced: its task is tried again, three times in all, and the others are done', async () => {
  const cwd = makeFolder();
  writeFileSync(join(cwd, 'deadly.mjs'), DEADLY);
  const sweep = writeSweep(cwd, {
    runs: 1,
    grid: '{activation: tanh, depth: 2, width: 4, dataset: {kind: synthetic, examples: [20, 21, 22, 23, 24], dimensions: 3}}',
    search: '{initialStepSize: 0.1, growth: 1.1, steps: 20, ceiling: 1.0e+4}',
  });
  const run = (out: string, deaths: number) => {
    const env = {
      NODE_OPTIONS: `--import ${pathToFileURL(join(cwd, 'deadly.mjs'))}`,
      DEATHS: String(deaths),
      MARKS: join(cwd, `${out}-death-`),
    };
    return edgesweep(['run', sweep, '--out', out, '--threads', '2'], { cwd, env });
  };
  const outcomes = (out: string) => journalLines(join(cwd, out)).map((line) => JSON.parse(line) as SearchOutcome);

  expect(await run('twice', 2)).toMatchObject({ code: 0, stderr: expect.not.stringContaining('failed') });
  const attempts = outcomes('twice').map(({ task, provenance }) => [task.cell.dataset.examples, provenance.attempts]);
  expect(attempts.sort()).toEqual([
    [20, 1],
    [21, 1],
    [22, 1],
    [23, 3],
    [24, 1],
  ]);

  const ended = await run('thrice', 3);
  expect(ended.code).toBe(1);
  expect(ended.stderr).toMatch(/^4\/5 tasks, 1 failed in/m);
  expect(ended.stderr).toMatch(
    /error \[TASK_FAILED\]: 1 task failed\n[\s\S]*worker exited with code: 7 \[TASK_FAILED\]\n/,
  );
  expect(outcomes('thrice')).toHaveLength(4);
  expect(await run('thrice', 3)).toMatchObject({ code: 0 });
  expect(outcomes('thrice')).toHaveLength(5);
});
