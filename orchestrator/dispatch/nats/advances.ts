import { iterationsOf, type Task } from '../../../shared/mod.ts';
import type { Nodes } from '../../cluster/nodes.ts';
import type { Advance } from '../dispatcher.ts';
import type { Dispatching } from './part.ts';

export type Advances = {
  sent(task: Task): void;
  ended(task: Task): void;
  /** Is the task sent and not ended? What a node says last of a task may come after its result. */
  isUnderWay(advance: Advance): boolean;
  close(): void;
};

/** Hands on what the nodes' heartbeats tell of long tasks of the sweep. One that is missed does no harm: the next comes soon. */
export function watchAdvances({ key, channel }: Dispatching, nodes: Nodes): Advances {
  /** with how many iterations each has, and how many of them were told */
  const underWay = new Map<Task['id'], { iterations: number; told: number }>();
  const close = nodes.listen((node) => {
    for (const { sweep, task, iterations } of node.underWay ?? []) {
      const known = sweep === key ? underWay.get(task) : undefined;
      // also less than before: another node has begun it anew
      if (known === undefined || iterations > known.iterations || iterations === known.told) continue;
      known.told = iterations;
      channel.offer({ type: 'progress', task, iterations });
    }
  });
  return {
    sent({ id, cell }) {
      const iterations = iterationsOf(cell);
      if (iterations > 0) underWay.set(id, { iterations, told: -1 });
    },
    ended: ({ id }) => void underWay.delete(id),
    isUnderWay: ({ task }) => underWay.has(task),
    close,
  };
}
