/**
 * The operations of a program, by their numbers. An instruction is an operation and its operands, `WORDS` words of 32 bits. What each does, with the
 * order of its sums, is in `reference.ts`; the kernel has the same in `simd/assembly/graph.ts`.
 */
export const OPERATIONS = [
  'copy',
  'clear',
  'weigh',
  'pair',
  'contribute',
  'sum',
  'activate',
  'through-slope',
  'r-through-slope',
  'r-delta',
  'pool',
  'unpool',
  'squares',
  'r-squares',
  'logits',
  'r-logits',
  'collect',
  'add',
  'softmax',
  'softmax-slope',
  'softmax-curve',
  'norm',
  'norm-slope',
  'norm-curve',
  'totals',
  'descend',
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** Optimisers by their numbers in `descend`. */
export const DESCENTS = ['sgd', 'momentum', 'nesterov'] as const;

/** Words of an instruction. */
export const WORDS = 16;

/** What a contraction begins with. */
export const FROM_ZERO = 0;
export const FROM_BIAS = 1;
export const FROM_TARGET = 2;

/** Examples side by side: the lanes of a unit, and the partial sums of everything that is summed over examples. */
export const QUAD = 16;
/** Bytes of a unit's values of a quad. */
export const UNIT = 4 * QUAD;

/** An operand that is a float32. */
export type Float = { float: number };
/** Addresses are bytes from the begin of the arena. */
export type Instruction = readonly [Operation, ...(number | Float)[]];

/**
 * Records of the positions of `weigh` and `pair`: offsets in bytes of the target, x, w and the bias, address and number of the terms, outputs, and
 * how many positions from this one on have the same w, terms and outputs.
 */
export const POSITION_WORDS = 8;
/** Records of their terms: offsets in bytes of x and of w. */
export const TERM_WORDS = 2;
