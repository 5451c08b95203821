import { expectedCost, type Task } from '../../shared/mod.ts';
import { chooseReporter, crewOf, Meter } from '../progress/mod.ts';
import type { Context } from './command.ts';

type AnyPool = { readonly threads: number; close(): Promise<void> };

/**
 * Handles items on all threads of a pool, as many at a time as there are threads, with progress; then closes the pool. The first Ctrl-C
 * finishes what is under way, the second stops at once: either way it returns as if all were done, and the caller counts.
 * @param total of the items, and `cost` of their tasks, see `expectedCost`
 */
export async function overPool<Item extends { task: Task }>(
  pool: AnyPool,
  items: Iterator<Item> | AsyncIterator<Item>,
  { total, cost, quiet }: { total: number; cost: number; quiet: boolean },
  context: Context,
  handle: (item: Item) => Promise<void>,
): Promise<void> {
  const interrupt = context.catchInterrupt();
  interrupt.stop.addEventListener('abort', () => void pool.close());
  const reporter = chooseReporter({ quiet, json: false }, context);
  const crew = crewOf(pool.threads);
  const meter = new Meter(total, 0, cost, () => performance.now());
  // one such loop a thread; they draw from the same items
  const handleOneByOne = async () => {
    while (!interrupt.drain.aborted) {
      const { value, done } = await items.next();
      if (done) return;
      await handle(value);
      meter.count('done', expectedCost(value.task.cell), value.task);
      reporter.update(meter.standing(crew));
    }
  };
  reporter.start(meter.standing(crew));
  try {
    await Promise.all(Array.from({ length: pool.threads }, handleOneByOne));
  } catch (error) {
    if (!interrupt.stop.aborted) throw error;
  } finally {
    reporter.finish(meter.standing(crew));
    interrupt.release();
    await pool.close();
  }
}
