import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { Advance, DispatchEvent, Dispatcher } from '../../orchestrator/dispatch/mod.ts';
import type { Task } from '../../shared/mod.ts';
import { runTask } from '../../worker/mod.ts';
import { endlessTask, impossibleTask, quickTasks, slowTask, trajectoryTask } from './tasks.ts';
import { dispatchAll, taskOf } from './work.ts';

export type Subject = {
  dispatcher: Dispatcher;
  /** how many tasks may be drawn and not yet yielded */
  slots: number;
  /** a task may come several times otherwise */
  exactlyOnce: boolean;
  /**
   * What becomes, once drained, of what was started: it is finished and yielded; or others go on with it, and the dispatcher that is
   * made here, as the next command makes one, yields it
   */
  onDrain: 'finishes' | { again: () => Promise<Dispatcher> };
};

const sha256 = (file: Uint8Array) => createHash('sha256').update(file).digest('hex');

const never = new AbortController().signal;

/** `alone`: nothing behind it is shared, because the test leaves tasks there that do not end. */
export type Wish = { alone: boolean };

/**
 * What every dispatcher has to keep, whatever is behind it.
 * @param makeDispatcher a new one, with at least two tasks under way at a time; it is closed after the test
 */
export function dispatcherConformance(name: string, makeDispatcher: (wish: Wish) => Promise<Subject>): void {
  describe(`${name} dispatcher`, () => {
    const made: Dispatcher[] = [];
    afterEach(async () => {
      for (const dispatcher of made.splice(0)) await dispatcher.close();
    });
    const make = async (wish: Wish = { alone: false }): Promise<Subject> => {
      const subject = await makeDispatcher(wish);
      made.push(subject.dispatcher);
      return subject;
    };

    it('yields an outcome for every task, with the result that the task has anywhere', async () => {
      const { dispatcher, exactlyOnce } = await make();
      const tasks = quickTasks(40);
      const results = new Map<string, object>();
      let events = 0;
      for await (const event of dispatchAll(dispatcher, tasks, never)) {
        events += 1;
        if (event.type === 'failure') throw new Error(`${event.failure.task.id}: ${event.failure.error.message}`);
        const { task, result, provenance } = event.outcome;
        expect(provenance.attempts).toBeGreaterThanOrEqual(1);
        expect(task).toEqual(tasks[task.run]);
        expect(result).toEqual(results.get(task.id) ?? result);
        results.set(task.id, result);
      }
      const expected = tasks.map(async (task) => [task.id, (await runTask(task, 'reference')).result] as const);
      expect(results).toEqual(new Map(await Promise.all(expected)));
      if (exactlyOnce) expect(events).toBe(tasks.length);
    });

    it('yields with a trajectory the file that it has anywhere', async () => {
      const { dispatcher } = await make();
      const tasks = [0, 1, 2].map((run) => trajectoryTask(run, { iterations: 400 }));
      const computed = new Map<string, unknown>();
      for await (const event of dispatchAll(dispatcher, tasks, never)) {
        if (event.type === 'failure') throw new Error(`${event.failure.task.id}: ${event.failure.error.message}`);
        const { task, result, provenance } = event.outcome;
        const file = new Uint8Array(event.file ?? []);
        expect(provenance.file).toEqual({ sha256: sha256(file), bytes: file.length });
        computed.set(task.id, { result, file, engine: 'reference' });
      }
      const expected = tasks.map(async (task) => [task.id, await runTask(task, 'reference')] as const);
      expect(computed).toEqual(new Map(await Promise.all(expected)));
    });

    it('tells how many iterations of a long task are done, until it has ended', async () => {
      const { dispatcher, exactlyOnce } = await make();
      const long = trajectoryTask(0, { iterations: 30_000, every: 2 });
      const told: number[] = [];
      let ended = false;
      const onAdvance = ({ task, iterations }: Advance) => {
        expect(task).toBe(long.id);
        expect(ended).toBe(false);
        told.push(iterations);
      };
      for await (const event of dispatchAll(dispatcher, [long], never, onAdvance)) {
        expect(event.type).toBe('outcome');
        ended = true;
      }
      expect(told.some((iterations) => iterations > 0)).toBe(true);
      // Iterations only rise, except where a task that may be delivered twice starts over: then they fall back to the beginning.
      const falls = told.filter((iterations, i) => iterations < told[i - 1]);
      if (exactlyOnce) expect(falls).toEqual([]);
      for (const iterations of falls) expect(iterations).toBeLessThan(30_000 / 4);
      expect(told.at(-1)).toBeLessThanOrEqual(30_000);
    });

    it('ends at once when there is no task', async () => {
      const { dispatcher } = await make();
      for await (const event of dispatchAll(dispatcher, [], never)) expect.unreachable(`an event: ${event.type}`);
    });

    it('draws no more tasks than it has slots for, and never the end of what has none', async () => {
      const { dispatcher, slots } = await make();
      let drawn = 0;
      const yielded = new Set<string>();
      function* endless(): Generator<Task> {
        for (const task of quickTasks(1_000)) {
          drawn += 1;
          expect(drawn - yielded.size).toBeLessThanOrEqual(slots);
          yield task;
        }
      }
      for await (const event of dispatchAll(dispatcher, endless(), never)) {
        yielded.add(taskOf(event).id);
        if (yielded.size === 20) break;
      }
      expect(drawn).toBeGreaterThanOrEqual(20);
      expect(drawn).toBeLessThanOrEqual(20 + slots);
    });

    it('draws nothing more when it is drained, and loses nothing of what is under way', async () => {
      const { dispatcher, slots, onDrain } = await make();
      const drain = new AbortController();
      let drawn = 0;
      function* tasks(): Generator<Task> {
        for (let run = 0; run < 50; run++) {
          drawn += 1;
          yield slowTask(run);
        }
      }
      const before = new Set<string>();
      const after = new Set<string>();
      let drawnAtDrain = 0;
      for await (const event of dispatchAll(dispatcher, tasks(), drain.signal)) {
        expect(event.type).toBe('outcome');
        if (drain.signal.aborted) {
          after.add(taskOf(event).id);
          continue;
        }
        before.add(taskOf(event).id);
        drawnAtDrain = drawn;
        drain.abort();
      }
      expect(drawn).toBe(drawnAtDrain);
      expect(after.size).toBeLessThanOrEqual(slots);
      if (onDrain === 'finishes') {
        // another slot was at work when the first outcome came
        expect(after.size).toBeGreaterThanOrEqual(1);
        return;
      }
      const again = await onDrain.again();
      made.push(again);
      const left = Array.from({ length: drawn }, (_, run) => slowTask(run)).filter(
        ({ id }) => !before.has(id) && !after.has(id),
      );
      expect(left.length).toBeGreaterThanOrEqual(1);
      const collected = new Set<string>();
      for await (const event of dispatchAll(again, left, never)) {
        expect(event.type).toBe('outcome');
        collected.add(taskOf(event).id);
      }
      expect(collected).toEqual(new Set(left.map(({ id }) => id)));
    });

    it('draws nothing when it is drained from the start', async () => {
      const { dispatcher } = await make();
      function* forbidden(): Generator<Task> {
        yield expect.unreachable('a task was drawn');
      }
      for await (const event of dispatchAll(dispatcher, forbidden(), AbortSignal.abort())) {
        expect.unreachable(`an event: ${event.type}`);
      }
    });

    it('ends without an event for the tasks under way when it is closed', async () => {
      const { dispatcher } = await make({ alone: true });
      const events: DispatchEvent[] = [];
      const tasks = [...quickTasks(1), ...Array.from({ length: 10 }, (_, run) => endlessTask(run))];
      for await (const event of dispatchAll(dispatcher, tasks, never)) {
        events.push(event);
        // the endless tasks are under way, or about to be
        void dispatcher.close();
      }
      expect(events.map(({ type }) => type)).toEqual(['outcome']);
    });

    it('is closed twice as well as once', async () => {
      const { dispatcher } = await make();
      await Promise.all([dispatcher.close(), dispatcher.close()]);
      await dispatcher.close();
    });

    it('yields a failure for a task that cannot be computed, says why, and goes on with the others', async () => {
      const { dispatcher } = await make();
      const [bad, ...good] = [impossibleTask(0), ...quickTasks(10)];
      const failed = new Map<string, { code: string; message: string }>();
      const done = new Set<string>();
      for await (const event of dispatchAll(dispatcher, [bad, ...good], never)) {
        if (event.type === 'failure') failed.set(event.failure.task.id, event.failure.error);
        else done.add(event.outcome.task.id);
      }
      expect([...failed.keys()]).toEqual([bad.id]);
      expect(failed.get(bad.id)).toEqual({
        code: 'NETWORK_TOO_LARGE',
        message: expect.stringMatching(/do not fit into the memory.*width 100000.*use a smaller network/),
      });
      expect(done).toEqual(new Set(good.map(({ id }) => id)));
    });
  });
}
