import type { Judgement } from '../claims.ts';
import {
  edgeOf,
  layersOf,
  measured,
  medianOver,
  plateau,
  reached,
  type Training,
  type Trainings,
} from './trajectories.ts';

/** "Roughly at" a value. */
const ROUGHLY = 0.25;
/** Layers are "comparable" when the largest is at most so many times the smallest. */
const COMPARABLE = 2;
/** Growth of one layer is "much more" than another's from this factor on. */
const MUCH_MORE = 2;
/** Two values are "noticeably different" from this factor on. */
const DIFFERENT = 1.25;

const verdict = (holds: boolean): Judgement['verdict'] => (holds ? 'holds' : 'does not');
const shown = (value: number): string => value.toPrecision(3);
const named = ({ at }: Training): string => Object.values(at).join(', ');
const each = (trainings: readonly Training[], text: (training: Training) => string): string =>
  trainings.map((training) => `${named(training)}: ${text(training)}`).join('; ');

/** Do all settle at 2 / step size? */
export function settlesAtEdge({ trainings }: Trainings): Judgement {
  const ratio = (training: Training) => plateau(training) / edgeOf(training);
  return {
    verdict: verdict(trainings.every((training) => Math.abs(ratio(training) - 1) <= ROUGHLY)),
    numbers: each(trainings, (training) => `${shown(ratio(training))} of it`),
  };
}

/** Is the edge reached earlier with a larger step size? */
export function soonerWithLargerSteps({ trainings }: Trainings): Judgement {
  const byStep = trainings.toSorted((a, b) => edgeOf(a) - edgeOf(b));
  const first = byStep.map((training) => reached(training) ?? Number.POSITIVE_INFINITY);
  return {
    verdict: verdict(first.every((iteration, i) => i === 0 || iteration > first[i - 1])),
    numbers: each(byStep, (training) => `iteration ${reached(training) ?? 'never'}`),
  };
}

/** Before the edge the sharpness mostly rises and the loss mostly falls. */
export function sharpensFirst({ trainings }: Trainings): Judgement {
  const share = (training: Training, name: string, direction: 1 | -1) => {
    const before = measured(training, name).filter(({ iteration }) => iteration <= (reached(training) ?? Infinity));
    const steps = before.slice(1).map(({ value }, i) => direction * (value - before[i].value));
    return steps.filter((step) => step > 0).length / steps.length;
  };
  const shares = (training: Training) => [share(training, 'sharpness', 1), share(training, 'loss', -1)];
  return {
    verdict: verdict(trainings.every((training) => Math.min(...shares(training)) > 0.75)),
    numbers: each(trainings, (training) => {
      const [rises, falls] = shares(training).map((x) => `${Math.round(100 * x)} %`);
      return `sharpness rises in ${rises}, loss falls in ${falls} of the steps`;
    }),
  };
}

/** At the edge the loss continues to fall, but not at every step. */
export function fallsUnsteadily({ trainings }: Trainings): Judgement {
  const told = trainings.filter((training) => reached(training) !== undefined);
  const course = (training: Training) => {
    const at = reached(training)!;
    const losses = measured(training, 'loss').filter(({ iteration }) => iteration > at);
    const rises = losses.filter(({ value }, i) => i > 0 && value > losses[i - 1].value).length / losses.length;
    const { rows } = training.series;
    const early = medianOver(training, 'loss', at / rows, at / rows + 0.2);
    return { rises, falls: plateau(training, 'loss') / early };
  };
  return {
    verdict: verdict(told.every((training) => course(training).falls < 1 && course(training).rises > 0.1)),
    numbers: each(told, (training) => {
      const { rises, falls } = course(training);
      return `in the end ${shown(falls)} of the loss after reaching it, rising in ${Math.round(100 * rises)} % of the steps`;
    }),
  };
}

const ratio = (values: readonly number[]): number => Math.max(...values) / Math.min(...values);

/** Largest over smallest sharpness of the layers. */
export const layerRatio = (training: Training): number =>
  ratio(layersOf(training).map((name) => plateau(training, name)));

/** Have the layers comparable sharpness? */
export const comparableLayers = (trainings: readonly Training[]): Judgement => ({
  verdict: verdict(trainings.every((training) => layerRatio(training) <= COMPARABLE)),
  numbers: each(trainings, layerList),
});

export const layerList = (training: Training): string =>
  `layers ${layersOf(training)
    .map((name) => shown(plateau(training, name)))
    .join(', ')}`;

/** Do all layers before the last grow much more than the last? */
export function lastGrowsLeast(training: Training): Judgement {
  const growth = layersOf(training).map((name) => plateau(training, name) - measured(training, name)[0].value);
  const last = growth[growth.length - 1];
  return {
    verdict: verdict(growth.slice(0, -1).every((other) => other > MUCH_MORE * last)),
    numbers: `sharpness grows by ${growth.map(shown).join(', ')}`,
  };
}

/** Are no two layers alike? */
export function layersDiffer(training: Training): Judgement {
  const sorted = layersOf(training)
    .map((name) => plateau(training, name))
    .sort((a, b) => a - b);
  return {
    verdict: verdict(sorted.every((value, i) => i === 0 || value > DIFFERENT * sorted[i - 1])),
    numbers: layerList(training),
  };
}

/** Has the first layer far more than each of the others? */
export const inputLayerLargest = (trainings: readonly Training[]): Judgement => ({
  verdict: verdict(
    trainings.every((training) => {
      const [first, ...others] = layersOf(training).map((name) => plateau(training, name));
      return others.every((other) => first > DIFFERENT * other);
    }),
  ),
  numbers: each(trainings, layerList),
});

/** Is each layer's share of the whole the same for all, up to a factor? */
export function sharesStay(trainings: readonly Training[]): Judgement {
  const share = (training: Training, layer: number) => plateau(training, layersOf(training)[layer]) / plateau(training);
  const factors = layersOf(trainings[0]).map((_, layer) => ratio(trainings.map((training) => share(training, layer))));
  return {
    verdict: verdict(factors.every((factor) => factor <= COMPARABLE)),
    numbers: each(
      trainings,
      (training) =>
        `shares ${layersOf(training)
          .map((_, layer) => shown(share(training, layer)))
          .join(', ')}`,
    ),
  };
}

/** Are the layers more alike, the more of them there are? */
export function moreAlikeWithDepth(trainings: readonly Training[]): Judgement {
  const ratios = trainings.map(layerRatio);
  return {
    verdict: ratios.every((value, i) => i === 0 || value < ratios[i - 1])
      ? 'holds'
      : ratios.at(-1)! < ratios[0]
        ? 'cannot be told'
        : 'does not',
    numbers: each(trainings, (training) => `largest over smallest ${shown(layerRatio(training))}`),
  };
}

/** Does each layer's sharpness stay near one value, of its own, in the second half? */
export function layersSettle(trainings: readonly Training[]): Judgement {
  const drift = (training: Training) =>
    Math.max(
      ...['sharpness', ...layersOf(training)].map((name) => {
        const [third, fourth] = [medianOver(training, name, 0.5, 0.75), medianOver(training, name, 0.75, 1)];
        return Math.abs(fourth - third) / third;
      }),
    );
  return {
    verdict: verdict(trainings.every((training) => drift(training) <= ROUGHLY)),
    numbers: each(
      trainings,
      (training) => `at most ${Math.round(100 * drift(training))} % from the third quarter to the last`,
    ),
  };
}

const normsOf = (training: Training): string[] => ['gradient_norm', ...layersOf(training, 'gradient_norm')];

/** Do the gradient norms fall before the edge is reached? */
export function normsFallFirst(trainings: readonly Training[]): Judgement {
  const fall = (training: Training, name: string) => {
    const values = measured(training, name).filter(({ iteration }) => iteration <= (reached(training) ?? Infinity));
    return Math.min(...values.map(({ value }) => value)) / values[0].value;
  };
  return {
    verdict: verdict(trainings.every((training) => normsOf(training).every((name) => fall(training, name) < 0.9))),
    numbers: each(
      trainings,
      (training) =>
        `down to ${normsOf(training)
          .map((name) => shown(fall(training, name)))
          .join(', ')} of the first`,
    ),
  };
}

/** Do they rise once it is reached, and stay there? */
export function normsRiseAndSettle(trainings: readonly Training[]): Judgement {
  const course = (training: Training, name: string) => {
    const before = measured(training, name).filter(({ iteration }) => iteration <= (reached(training) ?? Infinity));
    const [fourth, last] = [medianOver(training, name, 0.6, 0.8), plateau(training, name)];
    return { rise: last / Math.min(...before.map(({ value }) => value)), drift: Math.abs(last / fourth - 1) };
  };
  const all = (training: Training) => normsOf(training).map((name) => course(training, name));
  return {
    verdict: verdict(
      trainings.every((training) => all(training).every(({ rise, drift }) => rise > DIFFERENT && drift <= ROUGHLY)),
    ),
    numbers: each(
      trainings,
      (training) =>
        `${all(training)
          .map(({ rise }) => shown(rise))
          .join(
            ', ',
          )} times the smallest before, ${Math.round(100 * Math.max(...all(training).map(({ drift }) => drift)))} % drift`,
    ),
  };
}

/** Which reach the edge within the training, of those that do not with the smaller step size? */
export function reachedWithLarger(smaller: readonly Training[], larger: readonly Training[]): Judgement {
  const late = smaller
    .map((training, i) => [training, larger[i]] as const)
    .filter(([training]) => reached(training) === undefined);
  const now = late.filter(([, training]) => reached(training) !== undefined);
  return {
    verdict: now.length === late.length ? 'holds' : now.length > 0 ? 'cannot be told' : 'does not',
    numbers:
      late
        .map(
          ([, training]) =>
            `${named(training)}: ${reached(training) === undefined ? `not reached, ${shown(plateau(training) / edgeOf(training))} of it` : `at iteration ${reached(training)}`}`,
        )
        .join('; ') || 'all reach it with either',
  };
}
