import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CellLoad, expectedTime, type Timed, visits } from '../../../orchestrator/estimate/mod.ts';
import { shareLeft } from '../../../orchestrator/estimate/other-load.ts';
import { STARTERS } from '../../../orchestrator/experiments/starters.ts';
import { EXPERIMENTS, expectedCost, experimentNamed, shortenedCell, spentCost, taskId } from '../../../shared/mod.ts';
import { expand, loadSweep } from '../../../shared/sweep/mod.ts';
import { runTask } from '../../../worker/experiments/mod.ts';
import { makeFolder } from '../../support/mod.ts';

const loads: CellLoad[] = [
  { index: 4, pending: 1, cost: 6e6 },
  { index: 0, pending: 10, cost: 3e5 },
  { index: 1, pending: 100, cost: 1e4 },
];
const timed = (cell: number, perUnit: number, whole = true): Timed => ({ cell, whole, seconds: 1, waited: 0, perUnit });
const atOnce = { startup: 0, recording: 0 };

it('a timing visits cells by their share of the work, from the first visits on', () => {
  const order = visits(loads);
  const counts = new Map<number, number>();
  for (let i = 0; i < 100; i++) {
    const { index } = order.next().value;
    counts.set(index, (counts.get(index) ?? 0) + 1);
  }
  const visited = (index: number) => counts.get(index) ?? 0;
  expect([visited(4), visited(0), visited(1)].map((count) => Math.round(count / 10))).toEqual([6, 3, 1]);
});

describe('the expected time', () => {
  it('is that of the cells that were timed, and of the others by the mean of all', () => {
    const { seconds, low, high } = expectedTime(loads, [timed(4, 1e-6), timed(0, 3e-6)], 1, {
      startup: 0.5,
      recording: 0,
    });
    expect(seconds).toBeCloseTo(0.5 + 6 + 9 + 2, 9);
    expect(low).toBeLessThan(seconds);
    expect(high).toBeGreaterThan(seconds);
  });

  it('is known for as many cells as a sweep may have', () => {
    const many = Array.from({ length: 200_000 }, (_, index): CellLoad => ({ index, pending: 1, cost: 1 }));
    expect(expectedTime(many, [timed(0, 1e-6)], 2, atOnce).seconds).toBeCloseTo(0.1, 9);
  });

  it('is at least that of the longest task, however many threads there are', () => {
    const one = expectedTime(loads, [timed(4, 1e-6)], 100, atOnce);
    expect(one).toEqual({ seconds: expect.closeTo(6, 9), low: null, high: null });
  });

  it('counts threads that have nothing left to do', () => {
    const three: CellLoad[] = [{ index: 0, pending: 3, cost: 1e6 }];
    expect(expectedTime(three, [timed(0, 1e-6)], 2, atOnce).seconds).toBeCloseTo(2, 9);
  });

  it('has what a task costs besides its training: its way to a thread and back, and the record of its outcome', () => {
    // 100,000 tasks of 1 ms on 2 threads, each 0.3 ms on its way, and 0.2 ms of the one thread that records
    const many: CellLoad[] = [{ index: 0, pending: 100_000, cost: 1e3 }];
    const quick = [0.2e-3, 0.3e-3, 7e-3].map((waited) => ({ ...timed(0, 1e-6), waited }));
    const { seconds } = expectedTime(many, quick, 2, { startup: 1, recording: 0.2e-3 });
    expect(seconds).toBeCloseTo(1 + (100 + 30) / 2 + 20, 9);
  });

  it('is known where every task was timed, and not where shortened ones were', () => {
    const two: CellLoad[] = [{ index: 0, pending: 2, cost: 1e6 }];
    const both = [timed(0, 1e-6), timed(0, 3e-6)];
    expect(expectedTime(two, both, 1, atOnce)).toMatchObject({ low: 4, high: 4 });
    const shortened = both.map((one) => ({ ...one, whole: false }));
    const { low, high } = expectedTime(two, shortened, 1, atOnce);
    expect(low).toBe(2);
    expect(high).toBeGreaterThan(10);
  });
});

describe('the share of the time that other processes left', () => {
  const none = { own: 0, used: 0, idle: 0 };
  it.each([
    ['alone on two cores, with two threads', 3, { own: 3, used: 3, idle: 0 }, 1],
    ['beside one busy process on two cores, with two threads', 3, { own: 2, used: 3, idle: 0 }, 2 / 3],
    ['beside one busy process on two cores, with one thread', 1.5, { own: 1.5, used: 3, idle: 0 }, 1],
    ['with eight threads, alone on two cores', 12, { own: 3, used: 3, idle: 0 }, 1],
    ['with a quota of two on 64 cores, of which others use three', 96, { own: 3, used: 8, idle: 88 }, 1],
    ['where the system tells nothing', 3, { own: 2, used: 0, idle: 0 }, 1],
  ])('%s', (_, computing, after, share) => {
    expect(shareLeft(computing, none, after)).toBeCloseTo(share, 9);
  });
});

// how long a program takes is not known before, and a dry run starts none
const computedHere = EXPERIMENTS.filter((name) => experimentNamed(name).byProgram !== true);

it.each(computedHere)(
  '%s: a shortened cell is one of its cells, and the work of a result is near the expected',
  async (name) => {
    const path = join(makeFolder(), 'probe.yaml');
    writeFileSync(path, `name: probe\n${STARTERS[name]}`);
    const { cells, task } = expand(loadSweep(path, { flags: { set: ['seed=1'] } }));
    const [cell] = cells;
    const whole = expectedCost(cell);
    for (const share of [0.1, 1e-3, 1e-9]) {
      const short = shortenedCell(cell, share);
      expect(experimentNamed(name).cell().safeParse(short).success).toBe(true);
      // the sharpness that phases measures twice cannot be shortened
      expect(expectedCost(short)).toBeLessThan((name === 'phases' ? 0.35 : 0.2) * whole);
    }
    const { id: _, ...rest } = { ...task(0, 0), cell: shortenedCell(cell, 0.1) };
    const { result } = await runTask({ id: taskId(rest as never), ...rest } as never, 'simd');
    const spent = spentCost(rest.cell, result as never);
    expect(spent / expectedCost(rest.cell)).toBeGreaterThan(0.2);
    expect(spent / expectedCost(rest.cell)).toBeLessThan(5);
  },
);
