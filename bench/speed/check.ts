import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dumpCommand } from '../../dist/orchestrator/commands/dump.js';
import { engineOf, problemOf } from '../../dist/worker/mod.js';
import type { PyTorch } from './pytorch.ts';
import { type Shape, STEP_SIZE } from './shapes.ts';

/** A step size that diverges within a few steps, whatever the shape. */
const DIVERGENT = 1e6;

const STEPS = 8;

/**
 * Both engines on the trials that are timed, and on trials that diverge.
 * @returns the number of losses that were the same to the bit
 * @throws when one is not
 */
export function checkEngines({ label, cell, steps }: Shape): number {
  const problem = { ...problemOf(cell, 0, 0), iterations: Math.min(STEPS, steps) };
  let losses = 0;
  for (const stepSize of [STEP_SIZE, DIVERGENT]) {
    const trials = [0, 1, 2, 3].map((rung) => ({ seed: 0, run: 0, rung, stepSize }));
    const [ours, expected] = (['simd', 'reference'] as const).map((engine) =>
      engineOf(engine)
        .prepare(problem)
        .train(trials)
        .map((training) => ({ ...training, losses: [...bitsOf(training.losses)] })),
    );
    if (JSON.stringify(ours) !== JSON.stringify(expected)) throw new Error(`simd differs from the reference: ${label}`);
    losses += expected.reduce((sum, training) => sum + training.losses.length, 0);
  }
  return losses;
}

const bitsOf = (values: Float32Array): Uint32Array => new Uint32Array(Float32Array.from(values).buffer);

export type PyTorchCheck = { trials: number; iterations: number; largestRelativeDifference: number };

/** PyTorch trains one dumped trial of each activation of Table 4.1 and 4.2. @throws when one does not agree */
export function checkPyTorch(pytorch: PyTorch): PyTorchCheck {
  const folder = mkdtempSync(join(tmpdir(), 'edgesweep-bench-'));
  try {
    const dumps = ['table-4.1', 'table-4.2'].flatMap((sweep) =>
      [0, 1, 2, 3].map((cell) => dumpCommand({ sweep, cell, run: 0, rung: 0, out: join(folder, `${sweep}-${cell}`) })),
    );
    const replays = pytorch.replay(dumps);
    const wrong = replays.find(({ agrees }) => !agrees);
    if (wrong !== undefined) throw new Error(`PyTorch comes to other losses: ${JSON.stringify(wrong)}`);
    return {
      trials: replays.length,
      iterations: replays.reduce((sum, { iterationsCompared }) => sum + iterationsCompared, 0),
      largestRelativeDifference: Math.max(...replays.map((replay) => replay.largestRelativeDifference ?? Infinity)),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
