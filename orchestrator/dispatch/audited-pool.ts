import { EdgesweepError, type EngineName } from '../../shared/mod.ts';
import { type Pool, resolveEngine } from '../../worker/mod.ts';
import type { Audit } from '../audit.ts';
import { resultText } from '../directory/mod.ts';

/** An engine for second computations: another one where this machine has one about as fast, since one fault may be an engine's. */
export function otherEngine(engine: EngineName): EngineName {
  if (engine !== 'simd') return 'simd';
  try {
    return resolveEngine('native', () => {});
  } catch {
    return engine;
  }
}

/**
 * A pool that computes the tasks of the audit twice, the second time on other threads. What differs is the machine's fault or an
 * engine's, and is no outcome.
 * @param makeSecond makes the other threads, at the first such task
 * @throws EdgesweepError OUTCOMES_DIFFER, from `run`
 */
export function auditedPool(pool: Pool, makeSecond: () => Pool, audit: Audit): Pool {
  let second: Pool | undefined;
  return {
    threads: pool.threads,
    async run(task, attempt, onIteration) {
      const first = await pool.run(task, attempt, onIteration);
      if (!audit.isChosen(task)) return first;
      second ??= makeSecond();
      const again = await second.run(task, attempt);
      audit.count();
      const [one, other] = [first, again].map(({ outcome }) => resultText(outcome));
      if (one === other) return first;
      throw new EdgesweepError('OUTCOMES_DIFFER', 'two computations of the task on this machine differ', {
        where: `task ${task.id}`,
        got: `${one} on engine ${first.outcome.provenance.engine}, ${other} on engine ${again.outcome.provenance.engine}`,
        fix: 'check the memory of this machine, and what it recorded before with `edgesweep verify DIR` on another one',
      });
    },
    async close() {
      await Promise.all([pool.close(), second?.close()]);
    },
  };
}
