import { z } from 'zod';
import { lazily, type Parsed } from '../lazily.ts';
import { count, LIMITS } from '../limits.ts';
import { BATCH_COLUMNS, columnOf, scopesOf } from '../series/series.ts';
import { TYPICAL_PRODUCTS } from '../solver.ts';
import { mapping } from '../sweep/shapes.ts';
import { defineGauge, type GaugedCell } from './gauge.ts';

const DEFAULT_COUNT = 100;
/** A standard error takes two. */
const number = () => z.int().min(2).max(LIMITS.batches);

const schema = lazily(() =>
  z.strictObject({
    count: number(),
    /** absent: that of the training */
    size: count(LIMITS.examples).optional(),
    /** absent: of none */
    eigenvalues: count(LIMITS.batches).optional(),
  }),
);
export type BatchSettings = Parsed<typeof schema>;

/** Curvature along the gradients of mini-batches, of the network and of each layer. */
export const batches = defineGauge({
  name: 'batches',
  describe: 'batch sharpness over randomly drawn batches, with standard errors',
  schema,
  written: () =>
    z.union([
      z.literal(false),
      mapping({
        count: number().default(DEFAULT_COUNT).describe(`batches of one measurement; default: ${DEFAULT_COUNT}`),
        size: count(LIMITS.examples).optional().describe('examples in each; default: the batch size of the training'),
        eigenvalues: count(LIMITS.batches)
          .optional()
          .describe('number of batches whose largest eigenvalue is found; default: none'),
      }),
    ]),
  columns: ({ depth, trajectory: { layers } }, { eigenvalues }) =>
    scopesOf(depth, layers).flatMap((block) => {
      const { ofRatios, ofMeans, largest } = BATCH_COLUMNS;
      return [ofRatios, ofMeans, ...(eigenvalues === undefined ? [] : [largest])].flatMap(({ value, error }) => [
        columnOf(value, block),
        columnOf(error, block),
      ]);
    }),
  panels: ['batch-sharpness'],
  cost(cell, settings) {
    const blocks = cell.trajectory.layers ? 1 + Math.min(2, cell.depth) : 1;
    const share = batchSizeOf(cell, settings) / cell.dataset.examples;
    const products = settings.count + (settings.eigenvalues ?? 0) * TYPICAL_PRODUCTS.lanczos;
    return share * (settings.count + 2 * blocks * products);
  },
  fault(cell, settings) {
    const { examples } = cell.dataset;
    const size = batchSizeOf(cell, settings);
    if (size >= examples) {
      return {
        message: 'the batches to measure are not smaller than the data',
        expected: `fewer than ${examples} examples`,
        got: String(size),
        fix: 'set `grid.batchSize` or `trajectory.batches.size`, or omit `trajectory.batches`: the sharpness is that of the full batch',
      };
    }
    const { count: batches, eigenvalues = 0 } = settings;
    if (eigenvalues <= batches) return undefined;
    return {
      message: 'eigenvalues of more batches than are drawn',
      expected: `at most \`trajectory.batches.count\`, ${batches}`,
      got: String(eigenvalues),
      fix: 'lower `trajectory.batches.eigenvalues`',
    };
  },
});

/** Examples in each of the batches. */
export function batchSizeOf({ batchSize, dataset }: GaugedCell, { size }: BatchSettings): number {
  return size ?? (batchSize === 'full' ? dataset.examples : batchSize);
}
