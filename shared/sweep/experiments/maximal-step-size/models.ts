import type { SearchCell } from '../../../experiments/mod.ts';
import { optimizerFacts } from '../../../optimizer.ts';
import type { SweepEngine } from '../../../vocabulary.ts';
import { brokenRules, MODEL_RULES, type Rule } from '../../model-rules.ts';
import type { Problem } from '../../problems.ts';

/** Cells of every experiment that trains networks to see whether they diverge. */
type TrainingCell = Omit<SearchCell, 'search'>;

const engineOf = (_: TrainingCell, engine: SweepEngine): string => `engine ${engine}`;

/** What optimisers, multipliers, data and engines may go together. */
const RULES: readonly Rule<TrainingCell>[] = [
  {
    key: 'optimizer',
    broken: ({ optimizer }, engine) =>
      optimizer !== undefined && optimizerFacts(optimizer).search !== 'exact' && engine !== 'tfjs',
    message: 'this engine does not support the optimiser',
    expected: 'engine tfjs',
    got: engineOf,
    fix: 'write `engine: tfjs`, or --engine tfjs',
  },
  {
    key: 'parametrization',
    broken: ({ parametrization, model }, engine) =>
      parametrization !== undefined && (engine === 'tfjs' || model !== undefined),
    message: 'only multilayer perceptrons on the engines of exact arithmetic have other parametrisations',
    expected: 'parametrization standard',
    got: ({ parametrization }) => `parametrization ${parametrization}`,
    fix: 'omit `parametrization`, or use model mlp and engine auto',
  },
  {
    key: 'parametrization',
    broken: ({ parametrization, depth }) => parametrization !== undefined && depth < 2,
    message: 'a network without a hidden layer has no width to scale with',
    expected: 'depth 2 or more',
    got: ({ depth }) => `depth ${depth}`,
    fix: 'raise `depth`, or omit `parametrization`',
  },
  {
    key: 'layers',
    broken: ({ layers, model }, engine) => layers !== undefined && (engine === 'tfjs' || model !== undefined),
    message: 'only multilayer perceptrons on the engines of exact arithmetic have multipliers of layers',
    expected: 'no `layers`',
    got: () => '`layers`',
    fix: 'remove `layers`, or use model mlp and engine auto',
  },
  {
    key: 'layers',
    broken: ({ layers = {}, depth }) =>
      [layers.stepSizes, layers.initialScales].some((values) => values !== undefined && values.length !== depth),
    message: 'the lists of `layers` have another length than the network',
    expected: 'one multiplier for each layer: as many as `depth`',
    got: ({ layers = {}, depth }) =>
      `${[layers.stepSizes, layers.initialScales].find((values) => values !== undefined && values.length !== depth)?.length} for depth ${depth}`,
    fix: 'write one number per layer, and networks of different depth into separate sweeps',
  },
  {
    key: 'model',
    broken: ({ model, data }) => model !== undefined && data.reduce !== undefined,
    message: 'only multilayer perceptrons can be trained in the row space of their inputs',
    expected: 'no `data.reduce`',
    got: () => 'row-space',
    fix: 'remove `data.reduce`',
  },
  {
    key: 'optimizer',
    broken: ({ optimizer, data }) =>
      optimizer !== undefined && !optimizerFacts(optimizer).linear && data.reduce !== undefined,
    message: 'the steps of this optimiser do not stay in the row space of the inputs',
    expected: 'no `data.reduce`',
    got: () => 'row-space',
    fix: 'remove `data.reduce`',
  },
];

/** One problem for each rule that cells break. */
export const modelProblems = (cells: readonly TrainingCell[], engine: SweepEngine): Problem[] => [
  ...brokenRules(MODEL_RULES, cells, engine),
  ...brokenRules(RULES, cells, engine),
];
