import { z } from 'zod';
import { ACTIVATION_FACTS } from '../activations.ts';
import { lazily, type Parsed } from '../lazily.ts';
import { count, LIMITS, stepSizeSchema } from '../limits.ts';
import { optimizerLabel, searchOptimizerSchema } from '../optimizer.ts';
import { layersSchema, PARAMETRIZATIONS } from '../parametrization.ts';
import { DIVERGENCE_KINDS, ROW_SPACE } from '../vocabulary.ts';
import { defineExperiment } from './experiment.ts';
import { costOfStep, drawSchema, modelCell, networkCell, networkKeys } from './network.ts';

/** When a loss counts as a divergence. Absent: only NaN and infinity do. */
export const criterionSchema = lazily(() => z.strictObject({ lossAbove: z.number().positive() }));

/** Algorithm 2 of the thesis: the ladder initialStepSize * growth^k, k = 0, 1, ..., up to `ceiling`; `steps` iterations per rung. */
export const searchSchema = lazily(() =>
  z.strictObject({
    initialStepSize: stepSizeSchema(),
    growth: z.number().gt(1),
    steps: count(LIMITS.steps),
    ceiling: stepSizeSchema(),
    criterion: criterionSchema().optional(),
  }),
);
export type Search = Parsed<typeof searchSchema>;

/** What a cell may say of model, loss and optimiser. The usual ones are absent, so tasks keep the ids that they had before there were others. */
export const trainingCell = lazily(() => ({
  ...modelCell(),
  /** absent: the mean squared error */
  loss: z.literal('cross-entropy').optional(),
  /** absent: sgd */
  optimizer: searchOptimizerSchema().optional(),
  /** absent: standard */
  parametrization: z.enum(PARAMETRIZATIONS).exclude(['standard']).optional(),
  layers: layersSchema().optional(),
}));
const trainingSchema = lazily(() => z.strictObject(trainingCell()));
type TrainingCell = Parsed<typeof trainingSchema>;

export const trainingKeys = {
  model: ({ model }: TrainingCell) => model ?? 'mlp',
  loss: ({ loss }: TrainingCell) => loss ?? 'mse',
  optimizer: ({ optimizer }: TrainingCell) => optimizerLabel(optimizer ?? { kind: 'sgd' }),
  parametrization: ({ parametrization }: TrainingCell) => parametrization ?? 'standard',
} as const;
export const usualTraining = { model: 'mlp', loss: 'mse', optimizer: 'sgd', parametrization: 'standard' } as const;

export const searchCellSchema = lazily(() =>
  z.strictObject({
    ...networkCell(),
    data: z.strictObject({ draw: drawSchema(), reduce: z.literal(ROW_SPACE).optional() }),
    search: searchSchema(),
    ...trainingCell(),
  }),
);
export type SearchCell = Parsed<typeof searchCellSchema>;

export const divergenceSchema = lazily(() =>
  z.strictObject({
    /** from 1 */
    iteration: z.int().positive(),
    kind: z.enum(DIVERGENCE_KINDS),
  }),
);

/** What the sequential search found. */
export const searchResultSchema = lazily(() =>
  z.strictObject({
    /** step size of `rung` */
    stepSize: z.number(),
    /** first rung that diverged, or the last rung under the ceiling */
    rung: z.int().nonnegative(),
    /** rungs trained by the sequential algorithm: rung + 1 */
    trials: z.int().positive(),
    /** iterations of the sequential algorithm, over all rungs */
    steps: z.int().positive(),
    end: z.enum(['diverged', 'ceiling']),
    /** null when the search ended at the ceiling */
    divergence: divergenceSchema().nullable(),
  }),
);
export type SearchResult = Parsed<typeof searchResultSchema>;

/** The values that a search tries. */
export type Ladder = Pick<Search, 'initialStepSize' | 'growth' | 'ceiling'>;

/** The step sizes of the ladder, in ascending order. They are multiplied up in float64. */
export function* stepSizesOf({ initialStepSize, growth, ceiling }: Ladder): Generator<number> {
  for (let stepSize = initialStepSize; stepSize <= ceiling; stepSize *= growth) yield stepSize;
}

/** As far as they were asked for. The outcomes of a journal share their cells, and so their ladders. */
const ladders = new WeakMap<Ladder, { known: number[]; rest: Generator<number> }>();

/** The step size of a rung; undefined where the ladder ends before it. */
export function stepSizeAt(search: Ladder, rung: number): number | undefined {
  const ladder = ladders.get(search) ?? { known: [], rest: stepSizesOf(search) };
  ladders.set(search, ladder);
  while (ladder.known.length <= rung) {
    const next = ladder.rest.next();
    if (next.done) return undefined;
    ladder.known.push(next.value);
  }
  return ladder.known[rung];
}

/** Why a divergence cannot be one of a training with so many iterations and this criterion. */
export function divergenceProblem(
  { iteration, kind }: Parsed<typeof divergenceSchema>,
  steps: number,
  criterion: object | undefined,
): string | undefined {
  if (iteration > steps) return `a divergence at iteration ${iteration} of ${steps}`;
  if (kind === 'loss-above' && criterion === undefined)
    return 'a divergence by a criterion that the cell does not have';
  return undefined;
}

function searchProblem({ search }: SearchCell, result: SearchResult): string | undefined {
  const { stepSize, rung, trials, steps, end, divergence } = result;
  const expected = stepSizeAt(search, rung);
  if (expected === undefined) return `rung ${rung}, above the ceiling ${search.ceiling}`;
  if (stepSize !== expected) return `step size ${stepSize} at rung ${rung}, whose step size is ${expected}`;
  if (trials !== rung + 1) return `${trials} trials up to rung ${rung}`;
  if ((end === 'diverged') !== (divergence !== null)) {
    return `the end \`${end}\` with divergence ${JSON.stringify(divergence)}`;
  }
  if (divergence === null) {
    if (stepSizeAt(search, rung + 1) !== undefined) return `the ceiling at rung ${rung}, which is not the last one`;
    return steps === trials * search.steps ? undefined : `${steps} steps in ${trials} trials of ${search.steps}`;
  }
  // every rung before the last ran to its end, and the last one to its divergence
  const taken = rung * search.steps + divergence.iteration;
  if (steps !== taken) return `${steps} steps, where the trials took ${taken}`;
  return divergenceProblem(divergence, search.steps, search.criterion);
}

/** Expected multiply-adds of one training. */
export function costOfTraining(cell: Omit<SearchCell, 'search'>, steps: number): number {
  const { dataset, batchSize, data } = cell;
  const { examples } = dataset;
  const inputs = data.reduce === undefined ? dataset.dimensions : examples;
  const batch = batchSize === 'full' ? examples : batchSize;
  return steps * costOfStep(cell, inputs, batch);
}

/** Rungs up to the step size at which networks of the activation typically diverge. */
function typicalRungs({ search, activation }: SearchCell): number {
  const stepSize = Math.min(search.ceiling, ACTIVATION_FACTS[activation].typicalStepSize);
  return Math.max(1, Math.log(stepSize / search.initialStepSize) / Math.log(search.growth));
}

/** Steps of a rung that messages leave out. */
const USUAL_STEPS = 100;

export const maximalStepSize = defineExperiment({
  name: 'maximal-step-size',
  describe: 'the smallest step size of a ladder at which training diverges (Algorithm 2 of the thesis)',
  settings: 'search',
  cell: searchCellSchema,
  result: searchResultSchema,
  keys: { ...networkKeys, ...trainingKeys, steps: ({ search }) => search.steps },
  usual: { ...usualTraining, steps: USUAL_STEPS },
  problem: ({ cell }, result) => searchProblem(cell, result),
  iterations: () => 0,
  cost: (cell) => typicalRungs(cell) * costOfTraining(cell, cell.search.steps),
  shortened(cell, share) {
    const { search } = cell;
    const steps = Math.max(1, Math.round(share * search.steps));
    // few steps diverge late or never, and where one step a rung is still too many, there are fewer rungs
    const rungs = Math.max(1, typicalRungs(cell) * Math.min(1, share * search.steps));
    const ceiling = Math.min(search.ceiling, search.initialStepSize * search.growth ** (rungs - 1));
    return { ...cell, search: { ...search, steps, ceiling } };
  },
  spent: (cell, { steps }) => costOfTraining(cell, steps),
});
