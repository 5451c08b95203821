import { updateOf } from '../../reference/optimizers.ts';
import { DESCENTS, type Operation, QUAD } from '../operations.ts';
import { CONTRACTIONS } from './contractions.ts';
import { LOSSES } from './losses.ts';
import { POINTWISE } from './pointwise.ts';
import { ROWS } from './rows.ts';
import { floatOf, type Rule } from './rule.ts';

/** What each operation computes. */
export const RULES: Record<Operation, Rule> = {
  ...CONTRACTIONS,
  ...POINTWISE,
  ...ROWS,
  ...LOSSES,
  /** A step of an optimiser, as `reference/optimizers.ts` has it; every lane has a step size of its own */
  descend(given) {
    const { floats, operands } = given;
    const [w, v, g, stepSizes, units, kind] = operands;
    const rules = { optimizer: DESCENTS[kind], momentum: floatOf(given, 6) };
    const [parameters, velocities] = [w, v].map((place) => floats.subarray(place / 4, place / 4 + QUAD * units));
    for (let e = 0; e < QUAD; e++) {
      const update = updateOf(rules, floats[stepSizes / 4 + e]);
      for (let k = e; k < QUAD * units; k += QUAD) update(parameters, velocities, k, floats[g / 4 + k]);
    }
  },
};
