import type { GraphName, Loss } from '../../../shared/mod.ts';
import type { Network } from '../problem.ts';
import type { Arena, Machine, Program } from './arena.ts';
import { type Instruction, UNIT, WORDS } from './operations.ts';
import type { Value } from './tape.ts';

export type GraphProblem = { network: Network; model: GraphName; loss: Loss };

/** Place of the factor of the deltas among the operands of the instructions that have it. */
const SCALES: Partial<Record<Instruction[0], number>> = { squares: 6, 'r-squares': 4, logits: 8, 'r-logits': 6 };

/** The loss of a network's outputs z, as instructions, and what a batch of so many examples makes of it. */
export function lossOf({ network, loss }: GraphProblem, arena: Arena, z: Value) {
  const { outputs, vocabulary } = network;
  // a softmax for each predicted token
  const rows = vocabulary === undefined ? 1 : outputs / vocabulary;
  const [y, mask, p] = [outputs, 1, outputs].map((units) => arena.take(UNIT * units));
  const scale = { float: 0 };
  const terms = (count: number) => count * (loss === 'mse' ? outputs : rows);
  return {
    /** targets and masks of the quad */
    y,
    mask,
    /** @param target of its 16 partial sums, to which it is added */
    forward: (target: number): Instruction =>
      loss === 'mse'
        ? ['squares', z.h, y, mask, z.d, target, outputs, scale]
        : ['logits', z.h, y, mask, p, z.d, target, rows, outputs / rows, scale],
    rForward: (): Instruction =>
      loss === 'mse'
        ? ['r-squares', z.rh, mask, z.rd, outputs, scale]
        : ['r-logits', p, z.rh, mask, z.rd, rows, outputs / rows, scale],
    /** the mean, from the sum over the batch */
    mean: (total: number, count: number) => Math.fround(total / Math.fround(terms(count))),
    /** the factor of the deltas, in these programs */
    setCount({ floats }: Machine, programs: readonly Program[], count: number): void {
      for (const { address, instructions } of programs) {
        instructions.forEach(([operation], i) => {
          const place = SCALES[operation];
          if (place !== undefined)
            floats[address / 4 + WORDS * i + 1 + place] = (loss === 'mse' ? 2 : 1) / terms(count);
        });
      }
    },
  };
}
