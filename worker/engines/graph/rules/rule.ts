export const f = Math.fround;

/** The memory, and the operands of one instruction. */
export type Given = { floats: Float32Array; words: Int32Array; operands: Int32Array; quad: number };
/** What an operation computes, one rounding to float32 at a time; see `../reference.ts` for the layout and the sums over examples. */
export type Rule = (given: Given) => void;

/** An operand that is a float32. */
export const floatOf = ({ operands }: Given, k: number): number =>
  new Float32Array(operands.buffer, operands.byteOffset + 4 * k, 1)[0];
