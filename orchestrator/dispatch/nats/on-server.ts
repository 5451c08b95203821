import type { Outcome, Task } from '../../../shared/mod.ts';
import { removeResult, sendAgain } from '../../cluster/series.ts';
import type { Dispatching } from './part.ts';
import { whileAway } from './while-away.ts';

/** What is done on the server with results that are not recorded. Waits for a server that is away. */
export type OnServer = {
  /** @param seq of the message with the result */
  remove(outcome: Outcome, seq: number): Promise<void>;
  sendAgain(task: Task): Promise<void>;
};

export const onServer = ({ cluster, key, signal }: Dispatching): OnServer => ({
  remove: async (outcome, seq) =>
    void (await whileAway(cluster, () => removeResult(cluster, key, outcome, seq), signal)),
  sendAgain: async (task) => void (await whileAway(cluster, () => sendAgain(cluster, key, task), signal)),
});
