import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EngineName } from '../../dist/shared/mod.js';
import { ratiosOf, type Spread, spreadOf, time } from '../speed/interleave.ts';
import { shape } from '../speed/shapes.ts';
import { pointsOf, SWEEP, taskOf } from '../trajectory/points.ts';
import { type Peer, type Tuning, trainRequest } from './process.ts';
import { measuring, placeOf } from './sharpness.ts';
import { type Effort, inTurn } from './trainings.ts';

const CLI = fileURLToPath(new URL('../../dist/program/main.js', import.meta.url));
const ACTIVATIONS = ['linear', 'relu'] as const;
/** Of the training at whose weights a peer measures; the rest is multiplied up. */
const SAMPLED = [1, 501, 1501, 2501, 3501, 4501];

export type FigureTiming = { rounds: number; ways: { name: string; seconds: Spread; times?: Spread }[] };

/**
 * Figure 3.1 as a whole command with each engine, by the clock. Of peers a part is timed and multiplied up: steps of one training at a time,
 * by PyTorch's plain loop and by JAX's compiled one, and measurements at a few iterations.
 */
export async function timeFigure(
  engines: readonly EngineName[],
  peers: readonly Peer[],
  dumps: string,
  effort: Effort,
): Promise<FigureTiming> {
  const { iterations, every } = taskOf('linear').cell.trajectory;
  const measurements = Math.ceil(iterations / every);
  const ours = engines.map((engine) => ({ name: engine as string, sample: () => command(engine) }));
  const trainings = ACTIVATIONS.map((activation) => ({
    points: pointsOf(activation, SAMPLED, join(dumps, 'figure', activation)),
    steps: shape({ activation, examples: 5000 }),
  }));
  const theirs = measuring(peers).map(({ name, peer: { library, ask } }) => {
    const peer = library === 'pytorch' ? 'eager' : 'jax';
    const tuning: Tuning = { sample: 0.05, whole: 1 };
    const sample = async () => {
      let total = 0;
      for (const { points, steps } of trainings) {
        let measured = 0;
        for (const point of points) {
          const request = { kind: 'measure', ...placeOf(point), seconds: 0 };
          measured += (await ask<{ secondsPerMeasurement: number }>(request)).secondsPerMeasurement;
        }
        const request = trainRequest(peer, steps, tuning, effort.secondsPerSample, 1);
        const { secondsPerStep } = await ask<{ secondsPerStep: number }>(request);
        total += (measured / points.length) * measurements + secondsPerStep * iterations;
      }
      return total;
    };
    return { name: name as string, sample };
  });
  for (const { sample } of theirs) await sample();
  const { rounds, seconds } = await inTurn([...ours, ...theirs], effort);
  const of = (name: string) => seconds.get(name) ?? [];
  const fastest = ours.map(({ name }) => of(name)).toSorted((a, b) => spreadOf(a).median - spreadOf(b).median)[0];
  return {
    rounds,
    ways: [
      ...ours.map(({ name }) => ({ name, seconds: spreadOf(of(name)) })),
      ...theirs.map(({ name }) => ({ name, seconds: spreadOf(of(name)), times: ratiosOf(of(name), fastest) })),
    ],
  };
}

function command(engine: EngineName): number {
  const folder = mkdtempSync(join(tmpdir(), 'edgesweep-bench-'));
  try {
    return time(() => {
      const flags = ['--engine', engine, '--threads', '1', '--out', join(folder, 'sweep'), '--quiet'];
      const { status, stderr } = spawnSync(process.execPath, [CLI, 'run', SWEEP, ...flags], { encoding: 'utf8' });
      if (status !== 0) throw new Error(`the command failed: ${stderr}`);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
