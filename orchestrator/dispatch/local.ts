import { EdgesweepError, type Task } from '../../shared/mod.ts';
import type { Pool } from '../../worker/mod.ts';
import type { DispatchEvent, Dispatcher } from './dispatcher.ts';

/** A task whose thread died is tried this often in all, since the cause may lie outside it (memory taken by others, a signal). */
const ATTEMPTS = 3;

/** Runs tasks on a pool of threads in this process. */
export function localDispatcher(pool: Pool): Dispatcher {
  return {
    async *dispatch(tasks, drain) {
      // one task more than threads waits, so that no thread idles while an outcome is on its way
      const slots = pool.threads + 1;
      const waiting = tasks[Symbol.iterator]();
      const underWay = new Map<Task, Promise<DispatchEvent>>();
      for (;;) {
        while (underWay.size < slots && !drain.aborted) {
          const next = waiting.next();
          if (next.done) break;
          underWay.set(next.value, runOne(pool, next.value));
        }
        if (underWay.size === 0) return;
        const event = await Promise.race(underWay.values());
        // only what is yielded leaves: several may have ended while the caller was busy
        underWay.delete(event.type === 'outcome' ? event.outcome.task : event.failure.task);
        yield event;
      }
    },
    close: () => pool.close(),
  };
}

async function runOne(pool: Pool, task: Task): Promise<DispatchEvent> {
  for (let attempt = 1; ; attempt++) {
    try {
      return { type: 'outcome', outcome: await pool.run(task, attempt) };
    } catch (error) {
      const known = error instanceof EdgesweepError;
      if (!known && attempt < ATTEMPTS) continue;
      const message = error instanceof Error ? error.message : String(error);
      return { type: 'failure', failure: { task, error: { code: known ? error.code : 'TASK_FAILED', message } } };
    }
  }
}
