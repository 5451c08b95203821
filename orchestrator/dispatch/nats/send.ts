import { setTimeout as sleep } from 'node:timers/promises';
import { type Task, whenAborted } from '../../../shared/mod.ts';
import { enqueueTasks } from '../../cluster/enqueue.ts';
import type { Dispatching } from './part.ts';
import { collect } from './results.ts';

export type Sender = {
  /** Sends until the dispatch ends: all tasks at first, and what is missing whenever something is. */
  send(): Promise<void>;
  /** Tasks that were sent are no longer on the server. */
  again(): void;
};

/** @param tasks those to send, from the start @param mostAhead tasks that lie on the server without an outcome, at most */
export function createSender(dispatching: Dispatching, tasks: () => Iterable<Task>, mostAhead: number): Sender {
  const { cluster, key, work, signal, note, sawProgress } = dispatching;
  let pass = new AbortController();
  return {
    async send() {
      for (let again = false; !signal.aborted; again = true) {
        pass = new AbortController();
        const passUntil = AbortSignal.any([signal, pass.signal]);
        // fewer are left whenever an outcome is recorded, and each task sent is one more on the server
        let ahead = 0;
        const before = work.left();
        const mayGoOn = async () => {
          while (!passUntil.aborted && ahead - (before - work.left()) >= mostAhead) await sleep(20);
          ahead += 1;
          sawProgress();
        };
        await enqueueTasks(cluster, key, tasks(), {
          signal: passUntil,
          mayGoOn,
          // the first time, what is recorded already comes by itself, and nodes look for it before they compute
          ...(again && { isRecorded: (task: Task) => collect(dispatching, task) }),
          note,
        });
        await whenAborted(passUntil);
      }
    },
    again: () => pass.abort(),
  };
}
