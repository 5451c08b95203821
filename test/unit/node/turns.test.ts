import { afterEach, expect, it, vi } from 'vitest';
import { Turns } from '../../../worker/node/turns.ts';

afterEach(() => void vi.useRealTimers());

/** What became of each task, in the order in which they asked. */
function ask(turns: Turns, tasks: readonly { sweep: string; patient?: boolean }[]): (string | undefined)[] {
  const became: (string | undefined)[] = tasks.map(() => undefined);
  tasks.forEach(({ sweep, patient = false }, i) => {
    void turns.take(sweep, patient).then((calledOff) => {
      became[i] = calledOff ?? 'begun';
    });
  });
  return became;
}
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

it('as many tasks begin as there are threads, the others in their order as threads become free', async () => {
  const turns = new Turns(2);
  const became = ask(turns, Array(4).fill({ sweep: 'a' }));
  await settle();
  expect(became).toEqual(['begun', 'begun', undefined, undefined]);
  turns.give();
  await settle();
  expect(became).toEqual(['begun', 'begun', 'begun', undefined]);
  for (let i = 0; i < 3; i++) turns.give();
  await settle();
  expect(became).toEqual(Array(4).fill('begun'));
  const later = ask(turns, Array(3).fill({ sweep: 'a' }));
  await settle();
  expect(later).toEqual(['begun', 'begun', undefined]);
});

it('what waits is given back at once when the node ends, and nothing begins any more', async () => {
  const turns = new Turns(1);
  const became = ask(turns, Array(3).fill({ sweep: 'a' }));
  turns.close();
  await settle();
  expect(became).toEqual(['begun', 'node', 'node']);
  turns.give();
  expect(await turns.take('a', false)).toBe('node');
});

it('what waits of a sweep that is paused or over is given back at the next look, and nothing of others', async () => {
  const turns = new Turns(1);
  const became = ask(turns, [{ sweep: 'a' }, { sweep: 'a', patient: true }, { sweep: 'b' }]);
  turns.look((sweep) => sweep === 'b');
  await settle();
  expect(became).toEqual(['begun', 'sweep', undefined]);
});

it('a task whose turn does not come is given back, unless it was given back before', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const turns = new Turns(1);
  const became = ask(turns, [{ sweep: 'a' }, { sweep: 'a' }, { sweep: 'a', patient: true }]);
  vi.advanceTimersByTime(4000);
  turns.look(() => true);
  await settle();
  expect(became).toEqual(['begun', undefined, undefined]);
  vi.advanceTimersByTime(2000);
  turns.look(() => true);
  await settle();
  expect(became).toEqual(['begun', 'wait', undefined]);
});
