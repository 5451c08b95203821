import { ACTIVATIONS, type Activation } from '../../../shared/mod.ts';
import type { Affine } from './affine.ts';
import type { Arena } from './arena.ts';
import { type AttentionShape, attention } from './attention.ts';
import { FROM_BIAS, FROM_TARGET, FROM_ZERO, type Instruction, UNIT } from './operations.ts';

/** A tensor of each example, and of a quad's: its values, their deltas, and R of both. Addresses in the arena. */
export type Value = { units: number; h: number; d: number; rh: number; rd: number };

/** Where the parameters of a layer, a direction of it and its gradient are, in bytes: float32, and 16 partial sums each. */
type Places = { w: number; v: number; g: number };

/** Which layers move: all of them, or one by its index. */
export type Scope = 'all' | number;

/** What a direction is multiplied with. */
export type Matrix = 'hessian' | 'gauss-newton';

/** What `Tape` needs to know of parameters. */
export type Parameters = {
  /** addresses of layer l's */
  of(layer: number, scope: Scope): Places;
};

/** In the course of writing the programs of one scope. */
type Pass = {
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
 * Records the operations of a network, in order, and writes the programs of its value, its gradient and its products with the Hessian. What does
 * not depend on the parameters of a scope has no delta and no R.
 */
export class Tape {
  readonly #arena: Arena;
  readonly #parameters: Parameters;
  readonly #steps: Step[] = [];

  constructor(arena: Arena, parameters: Parameters) {
    this.#arena = arena;
    this.#parameters = parameters;
  }

  value(units: number): Value {
    const place = () => this.#arena.take(UNIT * units);
    return { units, h: place(), d: place(), rh: place(), rd: place() };
  }

  /** z = W x + b at every position of the layer */
  affine(x: Value, layer: number, { units, isPartial, forward, backward, weights, biases }: Affine): Value {
    const z = this.value(units);
    const { w } = this.#parameters.of(layer, 'all');
    const contract = ({ positions, count, targetStep, wStep }: Affine['forward']) => {
      return (from: number, by: number, to: number, start: number): Instruction => [
        'weigh',
        positions,
        count,
        from,
        by,
        by,
        to,
        targetStep,
        wStep,
        start,
      ];
    };
    const [weigh, back] = [contract(forward), contract(backward)];
    const spread = (from: number, by: number, to: number, start: number): Instruction[] => {
      if (!isPartial || start !== FROM_ZERO) return [back(from, by, to, start)];
      return [['clear', to, x.units], [...back(from, by, to, FROM_TARGET)]];
    };
    const contribute = (d: number, h: number, g: number): Instruction[] =>
      weights.map(({ positions, count, offset, outputs, dStep, gOutputStep, inputs, xStep, gInputStep }) => [
        'contribute',
        ...[positions, count, d, h, g + offset, outputs, dStep, gOutputStep, inputs, xStep, gInputStep],
      ]);
    const sum = (d: number, g: number): Instruction => {
      const { positions, count, outputs, dStep } = biases;
      return ['sum', positions, count, d, g, outputs, dStep];
    };
    this.#steps.push({
      input: [x],
      output: z,
      layer,
      forward: () => [weigh(x.h, w, z.h, FROM_BIAS)],
      backward: (pass) => {
        const { g } = this.#parameters.of(layer, 'all');
        return [
          ...(pass.sums ? [...contribute(z.d, x.h, g), sum(z.d, g)] : []),
          ...(pass.moved.has(x) ? spread(z.d, w, x.d, begin(pass, x)) : []),
        ];
      },
      rForward: ({ scope, moved }) => {
        const isFree = scope === 'all' || scope === layer;
        const { v } = this.#parameters.of(layer, scope);
        return [
          ...(isFree ? [weigh(x.h, v, z.rh, FROM_BIAS)] : []),
          ...(moved.has(x) ? [weigh(x.rh, w, z.rh, isFree ? FROM_TARGET : FROM_ZERO)] : []),
        ];
      },
      rBackward: (pass) => {
        const { scope, moved, isGaussNewton } = pass;
        const isFree = scope === 'all' || scope === layer;
        const bends = isFree && moved.has(x) && !isGaussNewton;
        const { v, g } = this.#parameters.of(layer, scope);
        return [
          ...(isFree ? contribute(z.rd, x.h, g) : []),
          ...(bends ? contribute(z.d, x.rh, g) : []),
          ...(isFree ? [sum(z.rd, g)] : []),
          ...(bends ? spread(z.d, v, x.rd, begin(pass, x)) : []),
          ...(moved.has(x) ? spread(z.rd, w, x.rd, begin(pass, x)) : []),
        ];
      },
    });
    return z;
  }

  /** h = f(z) in the place of z, which nothing else may use */
  activate(z: Value, activation: Activation): Value {
    if (activation === 'linear') return z;
    const kind = ACTIVATIONS.indexOf(activation);
    const { units } = z;
    const [s, q, rh] = [0, 0, 0].map(() => this.#arena.take(UNIT * units));
    const output = { ...z, rh };
    this.#steps.push({
      input: [z],
      output,
      forward: () => [['activate', kind, z.h, s, units]],
      backward: () => [['through-slope', kind, z.d, z.h, s, q, units]],
      rForward: () => [['r-through-slope', kind, z.rh, z.h, s, rh, units]],
      rBackward: ({ isGaussNewton }) => [
        isGaussNewton
          ? ['r-through-slope', kind, z.rd, z.h, s, z.rd, units]
          : ['r-delta', kind, z.rd, z.h, s, q, z.d, z.rh, units],
      ],
    });
    return output;
  }

  /** Averages over 2 x 2 pixels of `channels` images. */
  pool(x: Value, channels: number, side: number): Value {
    const y = this.value(channels * (side >> 1) ** 2);
    this.#steps.push({
      input: [x],
      output: y,
      forward: () => [['pool', x.h, y.h, channels, side]],
      backward: () => [['unpool', y.d, x.d, channels, side]],
      rForward: () => [['pool', x.rh, y.rh, channels, side]],
      rBackward: () => [['unpool', y.rd, x.rd, channels, side]],
    });
    return y;
  }

  /** y = a + b */
  add(a: Value, b: Value): Value {
    const { units } = a;
    const y = this.value(units);
    /** what of the two moves */
    const sum = ({ moved }: Pass, target: number, of: (value: Value) => number): Instruction[] => {
      const moving = [a, b].filter((value) => moved.has(value));
      return moving.length === 2 ? [['add', target, of(a), of(b), units]] : [['copy', target, of(moving[0]), units, 0]];
    };
    const share = (pass: Pass, from: number, of: (value: Value) => number): Instruction[] =>
      [a, b]
        .filter((value) => pass.moved.has(value))
        .map((value) =>
          begin(pass, value) === FROM_ZERO
            ? ['copy', of(value), from, units, 0]
            : ['add', of(value), of(value), from, units],
        );
    this.#steps.push({
      input: [a, b],
      output: y,
      forward: () => [['add', y.h, a.h, b.h, units]],
      backward: (pass) => share(pass, y.d, ({ d }) => d),
      rForward: (pass) => sum(pass, y.rh, ({ rh }) => rh),
      rBackward: (pass) => share(pass, y.rd, ({ rd }) => rd),
    });
    return y;
  }

  /** Layer normalisation of rows of `length` units, without gain and bias: what follows is linear, and has both. */
  normalize(x: Value, length: number): Value {
    const { units } = x;
    const y = this.value(units);
    const rows = units / length;
    const r = this.#arena.take(UNIT * rows);
    const slope = (v: number, target: number, start: number): Instruction => {
      return ['norm-slope', y.h, r, v, target, rows, length, start];
    };
    this.#steps.push({
      input: [x],
      output: y,
      forward: () => [['norm', x.h, y.h, r, rows, length]],
      backward: (pass) => [slope(y.d, x.d, begin(pass, x))],
      rForward: () => [slope(x.rh, y.rh, FROM_ZERO)],
      rBackward: (pass) => [
        slope(y.rd, x.rd, begin(pass, x)),
        ...(pass.isGaussNewton
          ? []
          : [['norm-curve', y.h, r, y.d, x.rh, y.rh, x.rd, rows, length] satisfies Instruction]),
      ],
    });
    return y;
  }

  /** Causal attention of several heads: queries, keys and values lie side by side in each token of x. */
  attend(x: Value, shape: AttentionShape): Value {
    const { tokens, heads, width } = shape;
    const y = this.value(tokens * width);
    const [s, a] = [this.value(heads * tokens * tokens), this.value(heads * tokens * tokens)];
    const { rows, scores, mix, spread } = attention(this.#arena, shape);
    const count = heads * tokens;
    const pair = (
      { positions, targetStep, wStep }: { positions: number; targetStep: number; wStep: number },
      from: number,
      by: number,
      target: number,
      start = FROM_ZERO,
    ): Instruction => ['pair', positions, count, from, by, by, target, targetStep, wStep, start];
    const scale = { float: 1 / Math.sqrt(width / heads) };
    const slope = (v: number, target: number): Instruction => ['softmax-slope', a.h, v, target, rows, count, scale];
    this.#steps.push({
      input: [x],
      output: y,
      forward: () => [
        pair(scores.ofKeys, x.h, x.h, s.h),
        ['softmax', s.h, a.h, rows, count, scale],
        pair(mix.ofValues, a.h, x.h, y.h),
      ],
      backward: () => [
        pair(scores.ofValues, y.d, x.h, a.d),
        slope(a.d, s.d),
        pair(mix.ofKeys, s.d, x.h, x.d),
        pair(spread.ofQueries, s.d, x.h, x.d),
        pair(spread.ofOutputs, a.h, y.d, x.d),
      ],
      rForward: () => [
        pair(scores.ofKeys, x.rh, x.h, s.rh),
        pair(scores.ofKeys, x.h, x.rh, s.rh, FROM_TARGET),
        slope(s.rh, a.rh),
        pair(mix.ofValues, a.rh, x.h, y.rh),
        pair(mix.ofValues, a.h, x.rh, y.rh, FROM_TARGET),
      ],
      rBackward: ({ isGaussNewton }) => {
        const bend = (...instructions: Instruction[]) => (isGaussNewton ? [] : instructions);
        return [
          pair(scores.ofValues, y.rd, x.h, a.rd),
          ...bend(pair(scores.ofValues, y.d, x.rh, a.rd, FROM_TARGET)),
          slope(a.rd, s.rd),
          ...bend(['softmax-curve', a.h, a.d, a.rh, s.rd, rows, count, scale]),
          pair(mix.ofKeys, s.rd, x.h, x.rd),
          ...bend(pair(mix.ofKeys, s.d, x.rh, x.rd, FROM_TARGET)),
          pair(spread.ofQueries, s.rd, x.h, x.rd),
          ...bend(pair(spread.ofQueries, s.d, x.rh, x.rd, FROM_TARGET)),
          pair(spread.ofOutputs, a.h, y.rd, x.rd),
          ...bend(pair(spread.ofOutputs, a.rh, y.d, x.rd, FROM_TARGET)),
        ];
      },
    });
    return y;
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
function begin({ begun }: Pass, value: Value): number {
  if (begun.has(value)) return FROM_TARGET;
  begun.add(value);
  return FROM_ZERO;
}
