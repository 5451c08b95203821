import { expect, it } from 'vitest';
import type { Lab } from '../../chaos/lab.ts';
import { isClean, type Report, render } from '../../chaos/report.ts';
import type { Member } from '../../chaos/servers.ts';
import { makeTroubles } from '../../chaos/troubles.ts';
import { waitFor } from '../../support/mod.ts';

/** The shortest waits, and a kill first. */
const least = () => 0;
const member = { server: { async kill() {}, async restart() {} } } as unknown as Member;

it('servers that become whole late are measured, and one that never does ends the scenario', async () => {
  const told: string[] = [];
  let waits = 0;
  const untilWhole = async () => {
    waits += 1;
    if (waits === 2) throw new Error('never whole');
  };
  const troubles = makeTroubles([member], untilWhole, least, ({ message }) => told.push(message));
  await troubles.pause();
  const resumed = troubles.resume();
  await waitFor('it gives up', () => told.length > 0);
  await resumed;
  await troubles.end();
  expect(told).toEqual(['never whole']);
  expect(troubles.counts).toMatchObject({ kill: 1, cut: 0, slow: 0, whole: [expect.any(Number)] });
});

it('a report counts what edgesweep did wrong, and not how long servers took', () => {
  const measured = {
    ...{ tasks: 1, faults: 1, lost: 0, twice: 0, differing: 0, extraExecutions: 0, next: [], completion: [] },
    problems: [],
    troubles: { kill: 1, cut: 0, slow: 0, whole: [0.2, 300.04] },
  };
  const scenario = {
    name: 'one',
    fault: 'a fault',
    rounds: { full: 1, quick: 1 },
    run: async (_: unknown) => measured,
  };
  const report = (of: Awaited<ReturnType<Lab['close']>>): Report => ({
    ...{ command: 'c', revision: 'r', date: 'd', seed: 1, cluster: true, versions: 'v', minutes: 1 },
    parts: [{ scenario, measured: of, seconds: 1 }],
  });
  expect(isClean(report(measured))).toBe(true);
  expect(render(report(measured))).toMatch(/\| +1, 0, 0 \| +300\.0 \(300\.0\) \|/);
  for (const wrong of [{ lost: 1 }, { twice: 1 }, { differing: 1 }, { problems: ['a run ended with 1'] }])
    expect(isClean(report({ ...measured, ...wrong }))).toBe(false);
});
