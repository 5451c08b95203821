import type { NodeContext } from './context.ts';
import { findResult } from './results.ts';

/** Failures in a row, without a success between, after which a node looks whether the fault is its own. */
const SUSPICIOUS = 5;
/** Of these, as many must have succeeded elsewhere. */
const SUCCEEDED_ELSEWHERE = 3;

export type Health = {
  succeeded(): void;
  failed(task: { sweep: string; task: string }): void;
  /** Is it the node rather than its tasks? Asked after each task; true once, then the node is to be set aside. */
  isAtFault(): Promise<boolean>;
};

/**
 * Tells a bad node from bad tasks: a node on which `SUSPICIOUS` tasks in a row fail is at fault when some of them succeeded on other
 * nodes, or when it fails its self-test.
 * @param selfTest rejects when the node does not compute what it should
 */
export function watchHealth(context: NodeContext, selfTest: () => Promise<void>): Health {
  let recent: { sweep: string; task: string }[] = [];
  return {
    succeeded() {
      recent = [];
    },
    failed(task) {
      recent = [...recent.slice(1 - 2 * SUSPICIOUS), task];
    },
    async isAtFault() {
      if (recent.length < SUSPICIOUS) return false;
      const found = await Promise.all(
        recent.map(({ sweep, task }) => findResult(context, sweep, task).catch(() => undefined)),
      );
      if (found.filter((outcome) => typeof outcome === 'object').length >= SUCCEEDED_ELSEWHERE) return true;
      try {
        await selfTest();
        return false;
      } catch {
        return true;
      }
    },
  };
}
