import { EdgesweepError, errorLine, messageOf, type Task } from '../../shared/mod.ts';
import type { Pool } from '../../worker/mod.ts';
import { crewOf } from '../progress/mod.ts';
import type { Advance, Dispatcher, TaskEnd } from './dispatcher.ts';

/** A task whose thread died is tried this often in all, since the cause may lie outside it (memory taken by others, a signal). */
const ATTEMPTS = 3;

/** Any time will do, in milliseconds. */
const LONG_MS = 1e9;

/** Runs tasks on a pool of threads in this process. */
export function localDispatcher(pool: Pool): Dispatcher {
  const closing = new AbortController();
  let running = 0;
  let isPaused = false;
  let wake = () => {};
  return {
    async *dispatch(work, drain) {
      const stopped = () => drain.aborted || closing.signal.aborted;
      for (const signal of [closing.signal, drain]) signal.addEventListener('abort', () => wake());
      const source = work.tasks()[Symbol.iterator]();
      // drawn ahead and not yet started, so that no thread idles while an event is on its way: one task at most
      const next: Task[] = [];
      // a queue and not a race of promises: each race would leave a reaction behind in every task that takes longer
      const ended: TaskEnd[] = [];
      let told: Advance[] = [];
      const onIteration = (task: Task) => (iterations: number) => {
        told.push({ type: 'progress', task: task.id, iterations });
        wake();
      };
      const fillThreads = () => {
        while (running < pool.threads && next.length > 0 && !isPaused && !stopped()) {
          running += 1;
          const task = next.pop()!;
          void runOne(pool, task, closing.signal, onIteration(task)).then((event) => {
            running -= 1;
            told = told.filter((advance) => advance.task !== task.id);
            ended.push(event);
            fillThreads();
            wake();
          });
        }
      };
      for (;;) {
        while (running + next.length + ended.length <= pool.threads && !stopped()) {
          const drawn = source.next();
          if (drawn.done) break;
          next.push(drawn.value);
          fillThreads();
        }
        // after a pause, some wait already
        fillThreads();
        if (closing.signal.aborted) return;
        const event = ended.shift() ?? told.shift();
        if (event !== undefined) yield event;
        else if (running > 0 || (next.length > 0 && !stopped())) {
          // idle threads and a socket that waits do not keep the process alive
          const hold = running === 0 ? setInterval(() => {}, LONG_MS) : undefined;
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          clearInterval(hold);
        } else return;
      }
    },
    crew: crewOf(pool.threads),
    onDrain: 'interrupted: finishing the tasks in flight; interrupt again to stop now',
    onFailure: 'fix the cause and rerun the same command; only these tasks are computed',
    gate: {
      get running() {
        return running;
      },
      get isPaused() {
        return isPaused;
      },
      pause() {
        isPaused = true;
      },
      resume() {
        isPaused = false;
        wake();
      },
    },
    async close() {
      closing.abort();
      await pool.close();
    },
  };
}

async function runOne(
  pool: Pool,
  task: Task,
  closing: AbortSignal,
  onIteration: (iterations: number) => void,
): Promise<TaskEnd> {
  for (let attempt = 1; ; attempt++) {
    try {
      return { type: 'outcome', ...(await pool.run(task, attempt, onIteration)) };
    } catch (error) {
      const known = error instanceof EdgesweepError;
      if (!known && attempt < ATTEMPTS && !closing.aborted) continue;
      return { type: 'failure', failure: { task, error: describe(error) } };
    }
  }
}

function describe(error: unknown): { code: string; message: string } {
  if (!(error instanceof EdgesweepError)) {
    const message = `${ATTEMPTS} attempts ended without a result: ${messageOf(error)}`;
    return { code: 'TASK_FAILED', message };
  }
  return { code: error.code, message: errorLine(error) };
}
