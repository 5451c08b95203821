import type { Arena } from './arena.ts';
import { FROM_TARGET, FROM_ZERO, type Instruction, UNIT } from './operations.ts';

/** A tensor of each example, and of a quad's: its values, their deltas, and R of both. Addresses in the arena. */
export type Value = { units: number; h: number; d: number; rh: number; rd: number };

/** Where the parameters of a layer, a direction of it and its gradient are, in bytes: the gradient has 16 partial sums each. */
type Places = { w: number; v: number; g: number };

/** Which layers move: all of them, or one by its index. */
export type Scope = 'all' | number;

/** What a direction is multiplied with. */
export type Matrix = 'hessian' | 'gauss-newton';

/** What operations need to know of parameters. */
export type Parameters = {
  /** of one: a float32, or one for each lane */
  bytes: number;
  /** addresses of layer l's */
  of(layer: number, scope: Scope): Places;
};

/** In the course of writing the programs of one scope. */
export type Pass = {
  scope: Scope;
  /** values that a parameter of the scope has an influence on */
  moved: Set<Value>;
  /** values whose delta, or R of it, is begun */
  begun: Set<Value>;
  /** whether gradients of the parameters are summed */
  sums: boolean;
  /** the products are with the Gauss-Newton matrix: second derivatives of the outputs count as 0 */
  isGaussNewton: boolean;
};

/** An operation between values, differentiated by hand: R{.} is the derivative along a direction. */
type Step = {
  input: readonly Value[];
  output: Value;
  /** the layer whose parameters it has */
  layer?: number;
  forward(): Instruction[];
  /** adds to the deltas of the inputs, and to the gradients */
  backward(pass: Pass): Instruction[];
  rForward(pass: Pass): Instruction[];
  rBackward(pass: Pass): Instruction[];
};

/**
 * The operations of a network, in order (`affine.ts`, `pointwise.ts` and `attention.ts` record them), which write the programs of its value, its
 * gradient and its products with the Hessian. What does not depend on the parameters of a scope has no delta and no R.
 */
export class Tape {
  readonly arena: Arena;
  readonly parameters: Parameters;
  readonly #steps: Step[] = [];

  constructor(arena: Arena, parameters: Parameters) {
    this.arena = arena;
    this.parameters = parameters;
  }

  value(units: number): Value {
    const place = () => this.arena.take(UNIT * units);
    return { units, h: place(), d: place(), rh: place(), rd: place() };
  }

  record(step: Step): void {
    this.#steps.push(step);
  }

  forward(): Instruction[] {
    return this.#steps.flatMap((step) => step.forward());
  }

  /** @param sums also the gradients of the parameters */
  backward(sums: boolean): Instruction[] {
    const pass = this.#pass('all', { sums });
    return this.#steps.toReversed().flatMap((step) => (pass.moved.has(step.output) ? step.backward(pass) : []));
  }

  rForward(scope: Scope): Instruction[] {
    const pass = this.#pass(scope);
    return this.#steps.flatMap((step) => (pass.moved.has(step.output) ? step.rForward(pass) : []));
  }

  rBackward(scope: Scope, matrix: Matrix): Instruction[] {
    const pass = this.#pass(scope, { isGaussNewton: matrix === 'gauss-newton' });
    return this.#steps.toReversed().flatMap((step) => (pass.moved.has(step.output) ? step.rBackward(pass) : []));
  }

  #pass(scope: Scope, { sums = true, isGaussNewton = false } = {}): Pass {
    const moved = new Set<Value>();
    for (const { input, output, layer } of this.#steps) {
      const isFree = layer !== undefined && (scope === 'all' || scope === layer);
      if (isFree || input.some((value) => moved.has(value))) moved.add(output);
    }
    return { scope, moved, begun: new Set(), sums, isGaussNewton };
  }
}

/** Whether a delta begins with this contribution or adds it. */
export function begin({ begun }: Pass, value: Value): number {
  if (begun.has(value)) return FROM_TARGET;
  begun.add(value);
  return FROM_ZERO;
}
