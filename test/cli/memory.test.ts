import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { journalLines, makeFolder, start, waitFor, writeSweep } from '../support/mod.ts';

/** Largest resident memory of the process so far, in MB; 0 where the system does not say. */
function peakMemory(pid: number): number {
  if (process.platform !== 'linux') return 0;
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes ?? 0) / 1024;
}

it('the memory of a run does not grow with the number of its tasks', async () => {
  const cwd = makeFolder();
  const sweep = writeSweep(cwd, {
    grid: '{activation: linear, depth: 1, width: 1, dataset: {kind: synthetic, examples: 1, dimensions: 1}}',
    search: '{initialStepSize: 0.1, growth: 2, steps: 1, ceiling: 0.1}',
  });
  const peaks: number[] = [];
  for (const tasks of [2_000, 20_000]) {
    const running = start(['run', sweep, '--runs', String(tasks), '--out', `${tasks}`, '--quiet'], {
      cwd,
      // a heap so small that 1 kB kept of each task would not fit: the run would end with "heap out of memory"
      env: { NODE_OPTIONS: '--max-old-space-size=24 --max-semi-space-size=1', EDGESWEEP_THREADS: '2' },
    });
    let peak = 0;
    await waitFor('the end of the run', () => {
      if (running.alive) {
        try {
          peak = Math.max(peak, peakMemory(running.child.pid!));
        } catch {
          // it ended in this very moment
        }
      }
      return !running.alive;
    });
    expect(await running.ended).toMatchObject({ code: 0, stderr: '' });
    expect(journalLines(join(cwd, `${tasks}`))).toHaveLength(tasks);
    peaks.push(peak);
  }
  console.log(`peak memory with 2 000 tasks ${peaks[0].toFixed()} MB, with 20 000 ${peaks[1].toFixed()} MB`);
  expect(peaks[1] - peaks[0]).toBeLessThan(60);
});
