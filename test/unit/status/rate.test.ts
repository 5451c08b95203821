import { expect, it } from 'vitest';
import { PaceMeter } from '../../../orchestrator/status/rate.ts';
import { expectedCost, type Outcome } from '../../../shared/mod.ts';
import { expand, loadSweep } from '../../../shared/sweep/mod.ts';

const { cells, task } = expand(loadSweep('smoke'));
const cost = expectedCost(cells[0]);

function after(seconds: readonly number[]): PaceMeter {
  const meter = new PaceMeter();
  for (const each of seconds) meter.add({ task: task(0, 0), provenance: { seconds: each } } as Outcome);
  return meter;
}

it('the pace of equal tasks is their number by the time', () => {
  // two threads: 200 tasks of 1 s in 100 s
  const pace = after(new Array(200).fill(1)).pace(100, 50 * cost);
  expect(pace).toEqual({ rate: expect.closeTo(2, 9), secondsLeft: expect.closeTo(25, 9) });
});

it('the last hundred tasks tell how fast it is now', () => {
  // 100 tasks of 9 s, then 100 of 1 s, on ten threads
  const pace = after([...new Array(100).fill(9), ...new Array(100).fill(1)]).pace(100, 50 * cost);
  expect(pace).toEqual({ rate: expect.closeTo(10, 9), secondsLeft: expect.closeTo(5, 9) });
});

it('before the first task has ended there is none', () => {
  expect(after([]).pace(100, 1)).toBeUndefined();
});
