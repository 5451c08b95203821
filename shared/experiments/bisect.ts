import { z } from 'zod';
import { lazily, type Parsed } from '../lazily.ts';
import { count, LIMITS, stepSizeSchema } from '../limits.ts';
import { ROW_SPACE } from '../vocabulary.ts';
import { type Asked, defineExperiment } from './experiment.ts';
import { costOfTraining, criterionSchema, trainingCell, trainingKeys, usualTraining } from './maximal-step-size.ts';
import { drawSchema, networkCell, networkKeys } from './network.ts';

/** Beyond it neighbouring step sizes are the same float32. */
const MOST_HALVINGS = 30;
const MOST_SCAN = 2 ** 14;

export const bisectSchema = lazily(() =>
  z.strictObject({
    low: stepSizeSchema(),
    high: stepSizeSchema(),
    /** of the distance in log step size */
    halvings: z.int().min(1).max(MOST_HALVINGS),
    /** intervals of the scan between the two, a power of two; 0: no scan */
    scan: z
      .int()
      .min(0)
      .max(MOST_SCAN)
      .refine((intervals) => (intervals & (intervals - 1)) === 0, 'a power of two, or 0'),
    steps: count(LIMITS.steps),
    criterion: criterionSchema().optional(),
  }),
);
export type Bisect = Parsed<typeof bisectSchema>;

/** One initialisation on one data set, trained at many step sizes. */
export const bisectCellSchema = lazily(() =>
  z.strictObject({
    ...networkCell(),
    data: z.strictObject({ draw: drawSchema(), reduce: z.literal(ROW_SPACE).optional() }),
    bisect: bisectSchema(),
    ...trainingCell(),
  }),
);
export type BisectCell = Parsed<typeof bisectCellSchema>;

export const bisectResultSchema = lazily(() =>
  z.strictObject({
    /** `never`: it does not diverge at the upper end; `always`: it does at the lower end; both without halvings */
    end: z.enum(['found', 'never', 'always']),
    /** the training survives it (of `found`) */
    low: z.number(),
    /** the training diverges at it (of `found`) */
    high: z.number(),
    /** for each step size of the scan, ascending and with both ends, the iteration that diverged, from 1, or 0; empty without a scan */
    scan: z.array(z.int().nonnegative()),
  }),
);
export type BisectResult = Parsed<typeof bisectResultSchema>;

/** The middle in log step size. A square root is the same on every machine, as a power would not be. */
export const middleOf = (low: number, high: number): number => Math.sqrt(low * high);

/** The step sizes of the scan, ascending, with both ends. */
export function scanStepSizes({ low, high, scan }: Pick<Bisect, 'low' | 'high' | 'scan'>): number[] {
  let stepSizes = [low, high];
  for (let intervals = 1; intervals < scan; intervals *= 2) {
    stepSizes = stepSizes.flatMap((one, i) => (i === 0 ? [one] : [middleOf(stepSizes[i - 1], one), one]));
  }
  return stepSizes;
}

/** How often the verdict changes along the scan: 1 where there is one threshold. */
export const crossingsOf = (scan: readonly number[]): number =>
  scan.filter((iteration, i) => i > 0 && iteration > 0 !== scan[i - 1] > 0).length;

function bisectProblem({ cell: { bisect } }: Asked<BisectCell>, { end, low, high, scan }: BisectResult) {
  const { steps } = bisect;
  if (scan.length !== (bisect.scan === 0 ? 0 : bisect.scan + 1)) return `${scan.length} step sizes of the scan`;
  const late = scan.find((iteration) => iteration > steps);
  if (late !== undefined) return `a divergence at iteration ${late} of ${steps}`;
  let [from, to] = [bisect.low, bisect.high];
  for (let halving = 0; end === 'found' && halving < bisect.halvings; halving++) {
    const middle = middleOf(from, to);
    if (low >= middle) from = middle;
    else to = middle;
  }
  return low === from && high === to ? undefined : `the step sizes ${low} and ${high}, which no halving has`;
}

export const bisect = defineExperiment({
  name: 'bisect',
  describe: 'the step size between survival and divergence of one initialisation, by bisection',
  settings: 'bisect',
  cell: bisectCellSchema,
  result: bisectResultSchema,
  keys: { ...networkKeys, ...trainingKeys },
  usual: usualTraining,
  problem: bisectProblem,
  iterations: () => 0,
  cost: (cell) => (cell.bisect.halvings + cell.bisect.scan + 2) * costOfTraining(cell, cell.bisect.steps),
  shortened(cell, share) {
    const steps = Math.max(1, Math.round(share * cell.bisect.steps));
    return { ...cell, bisect: { ...cell.bisect, steps } };
  },
  spent: (cell, { end, scan }) =>
    ((end === 'found' ? cell.bisect.halvings : 0) + scan.length + 2) * costOfTraining(cell, cell.bisect.steps),
});
