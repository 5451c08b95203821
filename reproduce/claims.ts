import { type Cell, type Results, series } from './sweep.ts';

export type Verdict = 'holds' | 'does not' | 'cannot be told';
export type Judgement = { verdict: Verdict; numbers: string };

/** Distance between two means in their standard errors from which one counts as larger. */
const APART = 2;

/** The second mean less the first, in standard errors of the difference (Welch). */
function apart(first: Cell, second: Cell): number {
  const difference = second.mean - first.mean;
  const error = Math.hypot(first.se, second.se);
  return error === 0 ? Math.sign(difference) * Number.POSITIVE_INFINITY || 0 : difference / error;
}

const verdictOf = (distance: number): Verdict =>
  distance > APART ? 'holds' : distance < -APART ? 'does not' : 'cannot be told';

const shown = (mean: number): string => mean.toPrecision(3);

/** Is the mean at the second value larger? */
export function rises(results: Results, activation: string, from: number, to: number): Judgement {
  const cells = series(results, activation);
  const [first, second] = [from, to].map((value) => cells.find((cell) => cell.value === value)?.cell);
  if (first === undefined || second === undefined) throw new Error(`no value ${from} or ${to}`);
  const distance = apart(first, second);
  return {
    verdict: verdictOf(distance),
    numbers: `${shown(first.mean)} at ${from}, ${shown(second.mean)} at ${to} (${distance.toFixed(1)} se)`,
  };
}

/**
 * Does the mean rise (`direction` 1) or fall (-1) from each value to the next? Holds when it does so from the first to the last and no
 * step goes the other way by more than chance; does not when one does.
 */
export function isMonotonic(results: Results, activation: string, direction: 1 | -1, upTo = Infinity): Judgement {
  const cells = series(results, activation).filter(({ value }) => Number(value) <= upTo);
  const steps = cells.slice(1).map(({ cell }, i) => direction * apart(cells[i].cell, cell));
  const whole = direction * apart(cells[0].cell, cells.at(-1)!.cell);
  const verdict = Math.min(...steps) < -APART ? 'does not' : verdictOf(whole);
  return { verdict, numbers: cells.map(({ value, cell }) => `${value}: ${shown(cell.mean)}`).join(', ') };
}

/** Is the largest mean less than `bound` above the smallest? */
export function variesLessThan(results: Results, activation: string, bound: number): Judgement {
  const cells = series(results, activation)
    .map(({ cell }) => cell)
    .sort((a, b) => a.mean - b.mean);
  const [least, top] = [cells[0], cells[cells.length - 1]];
  const range = top.mean - least.mean;
  const error = Math.hypot(top.se, least.se);
  return { verdict: verdictOf((bound - range) / error), numbers: `${range.toFixed(3)} ± ${(2 * error).toFixed(3)}` };
}

/** Largest over smallest mean: how much a key matters. */
export function factor(results: Results, activation: string): number {
  const means = series(results, activation).map(({ cell }) => cell.mean);
  return Math.max(...means) / Math.min(...means);
}

/** Does the first sweep's key change the mean by a smaller factor than those of the others? */
export function mattersLeast(least: Results, others: readonly Results[], activation: string): Judgement {
  const [own, ...rest] = [least, ...others].map((results) => ({
    key: results.key,
    factor: factor(results, activation),
  }));
  const numbers = [own, ...rest].map(({ key, factor: by }) => `${key} by ${by.toFixed(2)}`).join(', ');
  return { verdict: rest.every(({ factor: by }) => by > own.factor) ? 'holds' : 'does not', numbers };
}

/** Is every mean of the first sweep below that of the same cell of the second? */
export function isBelow(first: Results, second: Results, activation: string): Judgement {
  const [a, b] = [series(first, activation), series(second, activation)];
  const distances = a.map(({ cell }, i) => apart(cell, b[i].cell));
  const ratios = a.map(({ cell }, i) => cell.mean / b[i].cell.mean);
  const least = Math.min(...distances);
  const verdict = least < -APART ? 'does not' : verdictOf(least);
  return { verdict, numbers: `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)} of full batch` };
}

/** Are all parts so? One that does not decides; one that cannot be told leaves it open. */
export function all(judgements: readonly Judgement[]): Judgement {
  const verdicts = judgements.map(({ verdict }) => verdict);
  const verdict = (['does not', 'cannot be told'] as const).find((bad) => verdicts.includes(bad)) ?? 'holds';
  return { verdict, numbers: judgements.map(({ numbers }) => numbers).join('; ') };
}
