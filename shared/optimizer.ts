import { z } from 'zod';
import { lazily, type Parsed } from './lazily.ts';
import type { Matrix } from './series/series.ts';

type Parameters = Record<string, z.ZodType<number>>;
type Values<P extends Parameters> = { [K in keyof P]: z.output<P[K]> };

/**
 * How a gradient becomes a step, as PyTorch's optimisers do it; eta is the step size, g the gradient, v is 0 at first. The engines hold
 * the rules, by these kinds.
 */
type OptimizerFacts<Kind extends string, P extends Parameters> = {
  kind: Kind;
  /** for the schema of sweep files, with the rule */
  describe: string;
  /** built when it is first asked for */
  parameters(): P;
  /** Every parameter may be omitted in a sweep file. */
  defaults: Values<P>;
  /** Searches have it on the engines of exact arithmetic, on engine tfjs alone, or not at all. Trajectories have every one. */
  search: 'exact' | 'tfjs' | 'none';
  /** Its direction never goes up: <gradient, direction> > 0. */
  descends: boolean;
  /** Steps are sums of gradients, so they stay in the row space of the inputs. */
  linear: boolean;
  /** The largest stable eigenvalue is this over eta ... */
  edge(values: Values<P>): number;
  /** ... of this matrix, see `shared/series/series.ts`. */
  edgeOf: Matrix;
  /** in tables and figures */
  label(values: Values<P>): string;
};

/** An optimiser with the schema of its values in a task, where every one is given. */
function defineOptimizer<const Kind extends string, P extends Parameters>(optimizer: OptimizerFacts<Kind, P>) {
  const { kind } = optimizer;
  const parameters = lazily(optimizer.parameters);
  return { ...optimizer, parameters, schema: lazily(() => z.strictObject({ kind: z.literal(kind), ...parameters() })) };
}

const momentum = () => ({ momentum: z.number().gt(0).lt(1).describe('share of the last velocity that is kept') });
const beta = () => z.number().min(0).lt(1);

/** A task that has no optimiser has this one. */
const sgd = defineOptimizer({
  kind: 'sgd',
  describe: 'the gradient itself: w <- w - eta g',
  parameters: () => ({}),
  defaults: {},
  search: 'exact',
  descends: true,
  linear: true,
  edge: () => 2,
  edgeOf: 'hessian',
  label: () => 'sgd',
});

const polyak = defineOptimizer({
  kind: 'momentum',
  describe: "Polyak's momentum: v <- momentum v + g, w <- w - eta v",
  parameters: momentum,
  defaults: { momentum: 0.9 },
  search: 'exact',
  descends: false,
  linear: true,
  edge: (values) => 2 * (1 + values.momentum),
  edgeOf: 'hessian',
  label: (values) => `momentum ${values.momentum}`,
});

const nesterov = defineOptimizer({
  kind: 'nesterov',
  describe: "Nesterov's momentum: v <- momentum v + g, w <- w - eta (g + momentum v)",
  parameters: momentum,
  defaults: { momentum: 0.9 },
  search: 'exact',
  descends: false,
  linear: true,
  edge: (values) => (2 * (1 + values.momentum)) / (1 + 2 * values.momentum),
  edgeOf: 'hessian',
  label: (values) => `nesterov ${values.momentum}`,
});

const ADAM_DEFAULTS = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

const adam = defineOptimizer({
  kind: 'adam',
  describe: 'Adam (Kingma and Ba 2015, algorithm 1)',
  parameters: () => ({
    beta1: beta().describe('decay of the mean of the gradients'),
    beta2: beta().describe('decay of the mean of their squares'),
    epsilon: z.number().positive().describe('added to the square root of the latter'),
  }),
  defaults: ADAM_DEFAULTS,
  search: 'tfjs',
  descends: false,
  linear: false,
  edge: ({ beta1 }) => (2 + 2 * beta1) / (1 - beta1),
  edgeOf: 'preconditioned',
  label: (values) => labelWith('adam', values, ADAM_DEFAULTS),
});

const RMSPROP_DEFAULTS = { alpha: 0.99, epsilon: 1e-8 };

const rmsprop = defineOptimizer({
  kind: 'rmsprop',
  describe: "RMSProp, PyTorch's form: v <- alpha v + (1 - alpha) g^2, w <- w - eta g / (sqrt(v) + epsilon)",
  parameters: () => ({
    alpha: beta().describe('decay of the mean of the squared gradients'),
    epsilon: z.number().positive().describe('added to its square root'),
  }),
  defaults: RMSPROP_DEFAULTS,
  search: 'none',
  descends: true,
  linear: false,
  edge: () => 2,
  edgeOf: 'preconditioned',
  label: (values) => labelWith('rmsprop', values, RMSPROP_DEFAULTS),
});

/** The kind, with the parameters that are not the default. */
function labelWith(kind: string, values: Record<string, number>, defaults: Record<string, number>): string {
  const others = Object.entries(values).filter(([key, value]) => defaults[key] !== value);
  return [kind, ...others.map((entry) => entry.join(' '))].join(' ');
}

/** Every optimiser. A new one is a record here, and its rule in the trajectories and in the engines that have it. */
export const OPTIMIZERS = [sgd, polyak, nesterov, adam, rmsprop] as const;

/** An optimiser with the values of all its parameters. */
export const optimizerSchema = lazily(() =>
  z.discriminatedUnion('kind', [sgd.schema(), polyak.schema(), nesterov.schema(), adam.schema(), rmsprop.schema()]),
);
export type Optimizer = Parsed<typeof optimizerSchema>;

/** One that searches have. */
export const searchOptimizerSchema = lazily(() =>
  z.discriminatedUnion('kind', [sgd.schema(), polyak.schema(), nesterov.schema(), adam.schema()]),
);
export type SearchOptimizer = Parsed<typeof searchOptimizerSchema>;

/** Those that the engines of exact arithmetic have. */
export const EXACT_OPTIMIZERS = OPTIMIZERS.filter(({ search }) => search === 'exact').map(({ kind }) => kind);

/** What is known of an optimiser. Each takes the values of its own kind. */
export function optimizerFacts({ kind }: Pick<Optimizer, 'kind'>): OptimizerFacts<string, Parameters> {
  return OPTIMIZERS.find((optimizer) => optimizer.kind === kind) as unknown as OptimizerFacts<string, Parameters>;
}

/** How tables and figures call it, such as `momentum 0.9`. */
export function optimizerLabel(optimizer: Optimizer): string {
  const { kind: _, ...values } = optimizer;
  return optimizerFacts(optimizer).label(values);
}

/** Where a training with the optimiser ceases to be stable: eigenvalue of the matrix = `over` / step size. */
export type Edge = { matrix: Matrix; over: number };

/** Is it 2 / step size, the only one that is known for batch sharpness? */
export const isPlainEdge = ({ matrix, over }: Edge): boolean => matrix === 'hessian' && over === 2;

/** What is over the step size, in tables and figures. */
export const overText = ({ over }: Pick<Edge, 'over'>): string => String(Number(over.toPrecision(4)));

/** That of a cell's optimiser. */
export function edgeOf({ optimizer = { kind: 'sgd' } }: { optimizer?: Optimizer | undefined }): Edge {
  const { kind: _, ...values } = optimizer;
  const facts = optimizerFacts(optimizer);
  return { matrix: facts.edgeOf, over: facts.edge(values) };
}
