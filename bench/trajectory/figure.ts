import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { interleave, ratiosOf, type Spread, spreadOf, time } from '../speed/interleave.ts';
import type { PyTorch } from '../speed/pytorch.ts';
import { type Point, pointsOf, SWEEP, taskOf } from './points.ts';

const CLI = fileURLToPath(new URL('../../dist/program/main.js', import.meta.url));
const ACTIVATIONS = ['linear', 'relu'] as const;

export type FigureTiming = {
  iterations: number;
  measurements: number;
  rounds: number;
  seconds: Spread;
  /** sampled for each activation and round: measurements, and steps */
  sampled: { measurements: number; steps: number };
  /** extrapolated from them */
  pytorch?: Spread;
  timesFaster?: Spread;
};

/**
 * The sweep as a whole command, on one thread, from the start of the process to its end. PyTorch would take minutes for it, so that a
 * part is timed, next to the command in each round: of each activation `samples` measurements, at iterations spread evenly over the training that
 * our run measures, and `steps` steps; times the number of measurements and steps. Its start, its data and its recording count as nothing.
 */
export async function timeFigure(
  pytorch: PyTorch | undefined,
  dumps: string,
  { iterations, samples, steps, rounds }: { iterations: number; samples: number; steps: number; rounds: number },
): Promise<FigureTiming> {
  const set = `trajectory.iterations=${iterations}`;
  const { every } = taskOf('linear').cell.trajectory;
  const measurements = Math.ceil(iterations / every);
  const spaced = Array.from(
    { length: samples },
    (_, i) => 1 + every * Math.floor(((i + 0.5) * measurements) / samples),
  );
  const points = new Map(
    ACTIVATIONS.map((activation): [string, Point[]] => [activation, pointsOf(activation, spaced, dumps)]),
  );
  const ours = () => {
    const folder = mkdtempSync(join(tmpdir(), 'edgesweep-bench-'));
    try {
      return time(() => {
        const args = [CLI, 'run', SWEEP, '--set', set, '--threads', '1', '--out', join(folder, 'sweep'), '--quiet'];
        const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
        if (status !== 0) throw new Error(`the command failed: ${stderr}`);
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
  const theirs = async ({ ask, secondsPerStep }: PyTorch) => {
    let total = 0;
    for (const activation of ACTIVATIONS) {
      let seconds = 0;
      for (const { folder, iteration } of points.get(activation)!) {
        const request = { kind: 'measure', folder, iteration, measurements: 1 };
        seconds += (await ask<{ secondsPerMeasurement: number }>(request)).secondsPerMeasurement;
      }
      total += (seconds / samples) * measurements;
      total += (await secondsPerStep({ cell: taskOf(activation).cell }, steps)) * iterations;
    }
    return total;
  };
  if (pytorch !== undefined) await theirs(pytorch);
  const contenders = [{ name: 'ours', sample: ours }];
  const peers = pytorch === undefined ? [] : [{ name: 'pytorch', sample: () => theirs(pytorch) }];
  const seconds = await interleave([...contenders, ...peers], rounds);
  const [mine, other] = ['ours', 'pytorch'].map((name) => seconds.get(name) ?? []);
  return {
    iterations,
    measurements,
    rounds,
    seconds: spreadOf(mine),
    sampled: { measurements: samples, steps },
    ...(pytorch !== undefined && { pytorch: spreadOf(other), timesFaster: ratiosOf(other, mine) }),
  };
}
