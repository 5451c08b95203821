import { z } from 'zod';
import { lazily } from '../lazily.ts';
import type { Optimizer } from '../optimizer.ts';

/** What a scheme may ask of one iteration. What it asks for is measured then, and counts as its cost. */
export type Iterate = {
  /** of the whole batch, before the step */
  loss: number;
  /** root of <gradient, direction>: of plain gradient descent the Euclidean norm of the gradient */
  gradientNorm: number;
  /** lambda: the largest eigenvalue that bounds the optimiser's step size, by the task's solver: of the Hessian, or of the preconditioned one */
  sharpness(): number;
  /** that of each layer's block, the first layer first */
  layerSharpness(): number[];
  /** the loss after a step of this size along the optimiser's direction; the step is not taken */
  lossAfter(stepSize: number): number;
};

export type Step = {
  /** one for all parameters, or one for each layer; 0 makes no move */
  stepSize: number | number[];
  /** handed to the next iteration; what a scheme remembers is numbers, so that a checkpoint can hold it */
  memory: readonly number[];
};

type Parameters = Record<string, z.ZodType<number>>;
type Values<P extends Parameters> = { [K in keyof P]: z.output<P[K]> };

/** A rule for the step size of each iteration. */
export type Scheme<Kind extends string = string, P extends Parameters = Parameters> = {
  kind: Kind;
  /** for the schema of sweep files */
  describe: string;
  /** built when it is first asked for */
  parameters(): P;
  /** of parameters that a sweep file may leave out */
  defaults: Partial<Values<P>>;
  /** has a step size for each layer */
  layered: boolean;
  /** asks for the sharpness, at least once */
  measures: boolean;
  /** per iteration, besides a gradient: measurements of sharpness, and losses in gradients; for expected costs alone */
  costs: { measures: number; losses: number };
  /** why it makes no sense with an optimiser; undefined where it does */
  fault?(optimizer: Optimizer): { message: string; expected: string; fix: string } | undefined;
  /** in tables and figures */
  label(values: Values<P>): string;
  /** @param memory empty at the first iteration */
  step(values: Values<P>, iterate: Iterate, memory: readonly number[]): Step;
};

/** A scheme with the schema of its values in a task, where every one is given. */
export function defineScheme<const Kind extends string, P extends Parameters>(scheme: Scheme<Kind, P>) {
  const { kind } = scheme;
  const parameters = lazily(scheme.parameters);
  return { ...scheme, parameters, schema: lazily(() => z.strictObject({ kind: z.literal(kind), ...parameters() })) };
}

export const factor = () => ({ factor: z.number().min(1e-6).max(1e6).describe('c in 1 / (c lambda)') });

/**
 * 1 / (c lambda). Where lambda is not positive there is no edge to stay below: the last step size is kept, and before there is one it
 * is 1 / (c |lambda|); without a curvature at all (0, or not finite) it is 0, which makes no move.
 * @param last 0 when there is none
 */
export function inverse(lambda: number, c: number, last = 0): number {
  if (lambda > 0 && Number.isFinite(lambda)) return 1 / (c * lambda);
  if (last > 0) return last;
  return lambda < 0 && Number.isFinite(lambda) ? 1 / (c * -lambda) : 0;
}

/** `1/lambda`, or `1/(2 lambda)` with a factor. */
export const inverseLabel = (lambda: string, c: number): string => (c === 1 ? `1/${lambda}` : `1/(${c} ${lambda})`);
