import {
  EdgesweepError,
  type EngineChoice,
  messageOf,
  NUMERICS,
  type SearchCell,
  type SearchResult,
  taskId,
} from '../../shared/mod.ts';
import type { Pool } from '../pool.ts';

const CELL: SearchCell = {
  activation: 'tanh',
  depth: 3,
  width: 5,
  dataset: { kind: 'synthetic', examples: 16, dimensions: 4, outputs: 3 },
  batchSize: 8,
  initialization: 'pytorch-default',
  data: { draw: 'per-run' },
  search: { initialStepSize: 0.1, growth: 1.5, steps: 20, ceiling: 1e4 },
};

/** What the task comes to everywhere (tested on both engines); it goes with `NUMERICS`. */
const EXPECTED: SearchResult = {
  stepSize: 3.8443359375000004,
  rung: 9,
  trials: 10,
  steps: 200,
  end: 'diverged',
  divergence: { iteration: 20, kind: 'infinity' },
};

/**
 * Computes a task whose result is known, on a thread of the pool.
 * @throws EdgesweepError NODE_SET_ASIDE when the node cannot compute, or computes something else
 */
export async function selfTest(pool: Pool, engine: EngineChoice): Promise<void> {
  const rest = { experiment: 'maximal-step-size', cell: CELL, run: 0, seed: 1, numerics: NUMERICS } as const;
  let got: string;
  try {
    const { outcome } = await pool.run({ id: taskId(rest), ...rest }, 1);
    got = JSON.stringify(outcome.result);
  } catch (error) {
    got = messageOf(error);
  }
  if (got === JSON.stringify(EXPECTED)) return;
  throw new EdgesweepError('NODE_SET_ASIDE', 'this node fails its self-test and takes no tasks', {
    where: `engine ${engine}, ${process.version}, ${process.arch}`,
    expected: JSON.stringify(EXPECTED),
    got,
    fix: 'check its memory and its installation; try `edgesweep worker --engine reference` to rule out the engine',
  });
}
