import type { Judgement } from '../claims.ts';
import { at, measured, plateau, type Training, type Trainings } from './trajectories.ts';

const verdict = (holds: boolean): Judgement['verdict'] => (holds ? 'holds' : 'does not');
const shown = (value: number): string => (Number.isFinite(value) ? value.toPrecision(3) : 'diverged');

/** Median loss over the last fifth; infinite when it diverged. */
const lastLoss = (training: Training): number =>
  training.result.divergence === null ? plateau(training, 'loss') : Number.POSITIVE_INFINITY;

const list = (trainings: readonly Training[]): string =>
  trainings.map((training) => `${Object.values(training.at).join(', ')}: ${shown(lastLoss(training))}`).join('; ');

/** Does one scheme end with a larger loss than another? */
export function slower(results: Trainings, slow: string, fast: string): Judgement {
  const [a, b] = [at(results, slow), at(results, fast)];
  const goal = lastLoss(b) * 1.05;
  const until = (training: Training) => measured(training, 'loss').find(({ value }) => value <= goal)?.iteration;
  return {
    verdict: verdict(lastLoss(a) > lastLoss(b)),
    numbers: `loss ${list([a, b])}; within 5 % of the latter at iteration ${until(a) ?? 'none'} and ${until(b) ?? 'none'}`,
  };
}

/** Does the loss go up and down to the end, above the smallest of the others by more than a tenth? */
export function tooLarge(results: Trainings, scheme: string): Judgement {
  const own = at(results, scheme);
  const others = results.trainings.filter((training) => training !== own).map(lastLoss);
  const losses = measured(own, 'loss').filter(({ iteration }) => iteration > 0.8 * own.series.rows);
  const rises = losses.filter(({ value }, i) => i > 0 && value > losses[i - 1].value).length / losses.length;
  return {
    verdict: verdict(lastLoss(own) > 1.1 * Math.min(...others) && (rises > 0.25 || own.result.divergence !== null)),
    numbers: `last loss ${list(results.trainings)}; it rises in ${Math.round(100 * rises)} % of the last steps`,
  };
}

/** Is the scheme's loss the smallest, at most iterations? */
export function best(results: Trainings, scheme: string): Judgement {
  const own = at(results, scheme);
  const others = results.trainings.filter((training) => training !== own);
  const losses = (training: Training) => training.series.columns.get('loss')!;
  const ahead = Array.from({ length: own.series.rows }, (_, row) =>
    others.every((other) => !(losses(other)[row] < losses(own)[row])),
  ).filter(Boolean).length;
  const share = ahead / own.series.rows;
  return {
    verdict: verdict(share > 0.5 && own.result.divergence === null),
    numbers: `smallest loss of all at ${Math.round(100 * share)} % of the iterations; last loss ${list(results.trainings)}`,
  };
}

/** How does the last loss change with the factor? */
export function withFactor(
  plain: Trainings,
  scaled: Trainings,
  schemes: readonly [string, string],
  direction: -1 | 1,
): Judgement {
  const [before, after] = [lastLoss(at(plain, schemes[0])), lastLoss(at(scaled, schemes[1]))];
  // "significant": by more than a tenth
  const holds = direction < 0 ? after < 0.9 * before : after > 1.1 * before;
  return { verdict: verdict(holds), numbers: `last loss ${shown(before)} with c = 1, ${shown(after)} with c = 2` };
}
