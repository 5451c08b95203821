import { ACTIVATIONS, type Activation } from '../../../shared/mod.ts';
import { FROM_ZERO, type Instruction, UNIT } from './operations.ts';
import { begin, type Pass, type Tape, type Value } from './tape.ts';

/** h = f(z) in the place of z, which nothing else may use */
export function activate(tape: Tape, z: Value, activation: Activation): Value {
  if (activation === 'linear') return z;
  const kind = ACTIVATIONS.indexOf(activation);
  const { units } = z;
  const [s, q, rh] = [0, 0, 0].map(() => tape.arena.take(UNIT * units));
  const output = { ...z, rh };
  tape.record({
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
export function pool(tape: Tape, x: Value, channels: number, side: number): Value {
  const y = tape.value(channels * (side >> 1) ** 2);
  tape.record({
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
export function add(tape: Tape, a: Value, b: Value): Value {
  const { units } = a;
  const y = tape.value(units);
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
  tape.record({
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
export function normalize(tape: Tape, x: Value, length: number): Value {
  const { units } = x;
  const y = tape.value(units);
  const rows = units / length;
  const r = tape.arena.take(UNIT * rows);
  const slope = (v: number, target: number, start: number): Instruction => {
    return ['norm-slope', y.h, r, v, target, rows, length, start];
  };
  tape.record({
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
