import type { Cell, Task } from '../../../shared/mod.ts';

const RUNS_A_WORD = 32;

/**
 * Which tasks were seen, at about a byte a task besides what a cell costs: the tasks of one cell, seed and arithmetic differ in
 * their run only. Cells are told apart by identity, so the tasks must come from one `OutcomeDecoder`.
 */
export class TaskSet {
  readonly #families = new Map<Cell, Map<string, Map<number, number>>>();

  /** Adds the task; false when it was there. */
  add({ cell, experiment, seed, numerics, run }: Task): boolean {
    const words = getOrAdd(
      getOrAdd(this.#families, cell, () => new Map<string, Map<number, number>>()),
      `${experiment} ${seed} ${numerics}`,
      () => new Map<number, number>(),
    );
    const index = Math.floor(run / RUNS_A_WORD);
    const word = words.get(index) ?? 0;
    const bit = 1 << (run % RUNS_A_WORD);
    if ((word & bit) !== 0) return false;
    words.set(index, word | bit);
    return true;
  }
}

function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
