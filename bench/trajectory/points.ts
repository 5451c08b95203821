import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dumpCommand } from '../../dist/orchestrator/commands/dump.js';
import type { Activation, TrajectoryTask } from '../../dist/shared/mod.js';
import { expand, loadSweep } from '../../dist/shared/sweep/mod.js';
import { engineOf, startTraining } from '../../dist/worker/mod.js';

/** The sweep that is timed; its settings are those of every point and step. */
export const SWEEP = fileURLToPath(new URL('./figure-3.1.yaml', import.meta.url));

type Started = ReturnType<typeof startTraining>;

/** A network in the course of its training, where its sharpness is measured. */
export type Point = {
  activation: Activation;
  /** inputs of the network */
  inputs: number;
  iteration: number;
  w: Float32Array;
  objective: Started['objective'];
  /** what the run's measurement there starts from: the eigenvectors of the one before it among them; of the first, none */
  vectors: ReadonlyMap<string, Float32Array | Float64Array>;
  /** a dump of the iteration, for PyTorch */
  folder: string;
};

/** @param set overrides of the sweep that leave one cell */
export function taskOf(activation: Activation, set: readonly string[] = []): TrajectoryTask {
  const sweep = loadSweep(SWEEP, { flags: { set: [`grid.activation=${activation}`, ...set] } });
  return expand(sweep).task(0, 0) as TrajectoryTask;
}

/** As many inputs as CIFAR-10 has, and a step size that suits them; the time does not depend on what the numbers are. */
export const WIDE = [
  'grid.dataset={kind: synthetic, examples: 5000, dimensions: 3072, outputs: 10}',
  'grid.scheme.stepSize=0.001',
];

/**
 * Trains, and stops before each of these iterations, at which the run would measure.
 * @param more overrides of the sweep
 */
export function pointsOf(
  activation: Activation,
  iterations: readonly number[],
  dumps: string,
  more: readonly string[] = [],
): Point[] {
  const task = taskOf(activation, more);
  const { training, objective } = startTraining(task, engineOf('simd'), []);
  const folder = join(dumps, activation);
  rmSync(folder, { recursive: true, force: true });
  const set = [`grid.activation=${activation}`, ...more];
  dumpCommand({ sweep: SWEEP, overrides: { flags: { set } }, cell: 0, run: 0, iterations, out: folder });
  return iterations.map((iteration) => {
    while (training.state.iteration < iteration) training.iterate();
    const vectors = new Map([...training.vectors].map(([name, vector]) => [name, vector.slice()]));
    const inputs = task.cell.dataset.dimensions;
    return { activation, inputs, iteration, w: Float32Array.from(training.w), objective, vectors, folder };
  });
}
