import { expectedCost } from '../../shared/mod.ts';
import { MOST_COSTS, type SweepEntry } from '../../shared/protocol/mod.ts';
import { type Expansion, isAdaptive, type Sweep } from '../../shared/sweep/mod.ts';

export type Costs = SweepEntry['costs'];

/**
 * How much work the tasks of a sweep are, in the order in which they are sent: expected multiply-adds of a task, and how many take about
 * as many, the largest first. Empty where the order follows from results.
 */
export function costsOf({ runs }: Sweep, { cells, runsOf }: Expansion): Costs {
  if (isAdaptive(runs)) return [];
  // a shard has no task of many a cell
  const each = cells
    .map((cell, i) => ({ cost: expectedCost(cell), tasks: runsOf(i) }))
    .filter(({ tasks }) => tasks > 0)
    .sort((a, b) => b.cost - a.cost);
  const size = Math.ceil(each.length / MOST_COSTS);
  const groups = Array.from({ length: Math.ceil(each.length / size) }, (_, i) => each.slice(i * size, (i + 1) * size));
  return groups.map((group) => {
    const tasks = group.reduce((sum, one) => sum + one.tasks, 0);
    return [group.reduce((sum, one) => sum + one.cost * one.tasks, 0) / tasks, tasks];
  });
}

/** Of the tasks from one place in the order up to another. */
function costBetween(costs: Costs, from: number, to: number): number {
  let [sum, begin] = [0, 0];
  for (const [cost, tasks] of costs) {
    sum += cost * Math.max(0, Math.min(to, begin + tasks) - Math.max(from, begin));
    begin += tasks;
  }
  return sum;
}

/**
 * Seconds until a sweep is done at the recent rate of work. Where costs are unknown, the number of tasks stands for the work.
 * @param done tasks that are done or have failed
 * @param recent tasks done lately, at `rate` tasks per second
 */
export function secondsLeft(
  costs: Costs,
  { done, total, recent, rate }: { done: number; total: number; recent: number; rate: number },
): number {
  const left = total - done;
  const known = costs.reduce((sum, [, tasks]) => sum + tasks, 0);
  const lately = Math.min(recent, done);
  const spent = costBetween(costs, done - lately, done);
  if (known !== total || spent <= 0) return left / rate;
  return (costBetween(costs, done, total) * lately) / (spent * rate);
}
