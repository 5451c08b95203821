/** The words of the field that sweep files, tasks and engines share. */

export const INITIALIZATIONS = [
  'pytorch-default',
  'xavier-uniform',
  'xavier-normal',
  'kaiming-uniform',
  'kaiming-normal',
] as const;
export type Initialization = (typeof INITIALIZATIONS)[number];

export const DATA_DRAWS = ['per-run', 'per-cell'] as const;

/** Which examples of a data set: the first ones of its files, or ones drawn anew for each run. */
export const CHOICES = ['first', 'drawn'] as const;

/** Over which pixels mean and standard deviation are taken; none: pixels / 255. */
export const STANDARDIZATIONS = ['none', 'channel', 'pixel'] as const;

/** They agree to the bit, so any of them may compute a task. */
export const ENGINES = ['native', 'simd', 'reference'] as const;
export type EngineName = (typeof ENGINES)[number];

/** `auto`: the fastest of them that the machine has. */
export const ENGINE_CHOICES = ['auto', ...ENGINES] as const;
export type EngineChoice = (typeof ENGINE_CHOICES)[number];

/** With the one that does not: its tasks have another arithmetic, and only it computes them. */
export const SWEEP_ENGINES = [...ENGINE_CHOICES, 'tfjs'] as const;
export type SweepEngine = (typeof SWEEP_ENGINES)[number];

export const LOSSES = ['mse', 'cross-entropy'] as const;
export type Loss = (typeof LOSSES)[number];

export const DIVERGENCE_KINDS = ['nan', 'infinity', 'loss-above'] as const;
export type DivergenceKind = (typeof DIVERGENCE_KINDS)[number];

/**
 * What a sweep's `reduce: row-space` is called in its tasks: the name of the arithmetic of the reduction, which changes with any bit
 * of it. The data then have as many inputs as examples, see `reduceToRowSpace`.
 */
export const ROW_SPACE = 'row-space-1';

/**
 * The name of the arithmetic that outcomes come from; part of every task id. It changes whenever any bit of any
 * outcome can change, so that results of two arithmetics never mix.
 */
export const NUMERICS = 'float32-1';

/**
 * The name of the arithmetic of models that are graphs, on top of that: it is in every cell of one, except with engine tfjs, and changes with any bit
 * of it.
 */
export const GRAPH = 'graph-1';

/** The arithmetic of TensorFlow.js. Its bits may differ from one backend and machine to another. */
export const TFJS_NUMERICS = 'tfjs-1';

/**
 * "The arithmetic" of programs of the user's own: the protocol between edgesweep and them. What they compute is theirs, so two
 * executions of a task may differ.
 */
export const PROGRAM_NUMERICS = 'program-1';

/** The arithmetic of a sweep; one without an engine has its tasks computed by a program. */
export const numericsOf = ({ engine }: { name: string; engine?: SweepEngine }): string =>
  engine === undefined ? PROGRAM_NUMERICS : engine === 'tfjs' ? TFJS_NUMERICS : NUMERICS;

/** Does this version know how to compute tasks of the arithmetic? */
export const isKnownNumerics = (numerics: string): boolean =>
  numerics === NUMERICS || numerics === TFJS_NUMERICS || numerics === PROGRAM_NUMERICS;

/** Are two executions of a task the same to the bit? Of another arithmetic the first outcome of a task stays. */
export const isExact = (numerics: string): boolean => numerics === NUMERICS;

/**
 * The name of the arithmetic of trajectories on top of that: the order of sums over a whole batch, the solvers, the schemes. It is in
 * every cell of a trajectory, and changes with any bit of any series or result.
 */
export const TRAJECTORY = 'trajectory-1';

/** That of trajectories with a gauge whose values, or whose part of the result, have changed since: see `arithmetic` of the gauges. */
export const TRAJECTORY_2 = 'trajectory-2';
export type TrajectoryArithmetic = typeof TRAJECTORY | typeof TRAJECTORY_2;
