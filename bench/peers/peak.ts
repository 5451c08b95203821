import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Shape } from '../speed/shapes.ts';

const SOURCE = fileURLToPath(new URL('./peak.cc', import.meta.url));
const ARCHITECTURE: Partial<Record<string, string[]>> = { x64: ['-march=native', '-mprefer-vector-width=512'] };
const FLAGS = ['-std=c++17', '-O3', '-ffp-contract=off', ...(ARCHITECTURE[process.arch] ?? [])];

/** GFLOP/s of one core without fused multiply-adds, by number of float32 lanes; empty without a C++ compiler. */
export function measurePeak(): Map<number, number> {
  const folder = mkdtempSync(join(tmpdir(), 'edgesweep-bench-'));
  const peaks = new Map<number, number>();
  try {
    for (const lanes of [4, 8, 16]) {
      const program = join(folder, `peak-${lanes}`);
      const compiled = spawnSync(process.env.CXX ?? 'g++', [...FLAGS, `-DLANES=${lanes}`, SOURCE, '-o', program]);
      if (compiled.status !== 0) continue;
      const { status, stdout } = spawnSync(program, { encoding: 'utf8' });
      if (status === 0) peaks.set(lanes, Number.parseFloat(stdout));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return peaks;
}

/** The highest of the widths, GFLOP/s; undefined where it was not measured. */
export const highest = (peaks: ReadonlyMap<number, number>): number | undefined =>
  peaks.size === 0 ? undefined : Math.max(...peaks.values());

/**
 * Multiplications and additions of the matrix products of one step: forward, of the gradients of the weights, and backward to all layers
 * but the first. Activations, the loss and the update are not counted.
 */
export function operationsOf({ cell }: Pick<Shape, 'cell'>): number {
  const { depth, width, dataset, batchSize } = cell;
  const { examples, dimensions, outputs } = dataset;
  const widths = [dimensions, ...Array<number>(depth - 1).fill(width), outputs];
  const products = widths.slice(1).map((units, layer) => units * widths[layer]);
  const sum = products.reduce((total, product) => total + product, 0);
  const batch = batchSize === 'full' ? examples : Math.min(batchSize, examples);
  return 2 * batch * (3 * sum - products[0]);
}
