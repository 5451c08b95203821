import type { Arena } from './arena.ts';
import { FROM_BIAS, FROM_TARGET, FROM_ZERO, type Instruction } from './operations.ts';
import { PARAMETER } from './tables.ts';
import { begin, type Tape, type Value } from './tape.ts';

/** A contraction with parameters, in the operands of `weigh`. */
type Contraction = { positions: number; count: number; targetStep: number; wStep: number };

/** A linear map of a layer with its biases, by the tables of its instructions; see `reference.ts`. */
export type Affine = {
  /** of what it gives */
  units: number;
  /** it takes only a part of its input */
  isPartial?: boolean;
  forward: Contraction;
  /** from the deltas of what it gives to those of what it takes */
  backward: Contraction;
  /** the gradients of the weights, in the operands of `contribute` */
  weights: readonly {
    positions: number;
    count: number;
    offset: number;
    outputs: number;
    dStep: number;
    gOutputStep: number;
    inputs: number;
    xStep: number;
    gInputStep: number;
  }[];
  /** those of the biases, in the operands of `sum` */
  biases: { positions: number; count: number; outputs: number; dStep: number };
};

/** @param parameter bytes of a parameter */
export type MakeAffine = (arena: Arena, parameter: number) => Affine;

/** z = W x + b at every position of the layer */
export function affine(tape: Tape, x: Value, layer: number, make: MakeAffine): Value {
  const { arena, parameters } = tape;
  const { units, isPartial, forward, backward, weights, biases } = make(arena, parameters.bytes);
  const z = tape.value(units);
  const { w } = parameters.of(layer, 'all');
  const operation = parameters.bytes === PARAMETER ? 'weigh' : 'pair';
  const contract = ({ positions, count, targetStep, wStep }: Contraction) => {
    return (from: number, by: number, to: number, start: number): Instruction => [
      operation,
      ...[positions, count, from, by, by, to, targetStep, wStep, start],
    ];
  };
  const [weigh, back] = [contract(forward), contract(backward)];
  const spread = (from: number, by: number, to: number, start: number): Instruction[] => {
    if (!isPartial || start !== FROM_ZERO) return [back(from, by, to, start)];
    return [['clear', to, x.units], back(from, by, to, FROM_TARGET)];
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
  tape.record({
    input: [x],
    output: z,
    layer,
    forward: () => [weigh(x.h, w, z.h, FROM_BIAS)],
    backward: (pass) => {
      const { g } = parameters.of(layer, 'all');
      return [
        ...(pass.sums ? [...contribute(z.d, x.h, g), sum(z.d, g)] : []),
        ...(pass.moved.has(x) ? spread(z.d, w, x.d, begin(pass, x)) : []),
      ];
    },
    rForward: ({ scope, moved }) => {
      const isFree = scope === 'all' || scope === layer;
      const { v } = parameters.of(layer, scope);
      return [
        ...(isFree ? [weigh(x.h, v, z.rh, FROM_BIAS)] : []),
        ...(moved.has(x) ? [weigh(x.rh, w, z.rh, isFree ? FROM_TARGET : FROM_ZERO)] : []),
      ];
    },
    rBackward: (pass) => {
      const { scope, moved, isGaussNewton } = pass;
      const isFree = scope === 'all' || scope === layer;
      const bends = isFree && moved.has(x) && !isGaussNewton;
      const { v, g } = parameters.of(layer, scope);
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
