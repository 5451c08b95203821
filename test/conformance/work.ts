import type { Advance, Dispatcher, TaskEnd } from '../../orchestrator/dispatch/mod.ts';
import type { Outcome, Task } from '../../shared/mod.ts';

export const taskOf = (event: TaskEnd): Task => (event.type === 'outcome' ? event.outcome.task : event.failure.task);

/** Dispatches these tasks, each settled as soon as its event is taken, as a run does that writes at once. */
export async function* dispatchAll(
  dispatcher: Dispatcher,
  tasks: Iterable<Task>,
  drain: AbortSignal,
  onAdvance: (advance: Advance) => void = () => {},
): AsyncGenerator<TaskEnd> {
  const settled = new Set<string>();
  const recorded = new Map<string, Outcome>();
  // of an array all, as of a sweep: the result of a task may come before the task is drawn
  const known = new Set<string>(Array.isArray(tasks) ? tasks.map(({ id }: Task) => id) : []);
  const total = Array.isArray(tasks) ? tasks.length : 1e9;
  const work = {
    total,
    left: () => total - settled.size,
    includes: ({ id }: Task) => known.has(id),
    recorded: async (ids: ReadonlySet<string>) => new Map([...recorded].filter(([id]) => ids.has(id))),
    isSettled: ({ id }: Task) => settled.has(id),
    retract: async () => [],
    *tasks() {
      for (const task of tasks) {
        known.add(task.id);
        if (!settled.has(task.id)) yield task;
      }
    },
  };
  for await (const event of dispatcher.dispatch(work, drain)) {
    if (event.type === 'progress') {
      onAdvance(event);
      continue;
    }
    settled.add(taskOf(event).id);
    if (event.type === 'outcome') recorded.set(event.outcome.task.id, event.outcome);
    yield event;
  }
}
