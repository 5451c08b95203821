import { edgeOf, measured, medianOver, plateau, type Training, type Trainings } from '../../chapter-3/trajectories.ts';
import type { Section } from '../section.ts';
import { claims, shown, spread, table } from '../statistics.ts';
import { type Group, groups, valuesOf, within } from '../trainings.ts';
import { isComparable, median, ROUGHLY, ratioOf } from './shared.ts';

const RATIO = 'batch_sharpness';
const MEANS = 'batch_sharpness_of_means';
const LARGEST = 'batch_eigenvalue';

/** Median of the last fifth of the iterations over 2 / η. */
const ofEdge = (training: Training, name: string): number => plateau(training, name) / edgeOf(training);

/** The highest measurement of the last fifth, over 2 / η. */
const highest = (training: Training, name: string): number =>
  Math.max(...valuesOf(within(measured(training, name), 0.8 * training.series.rows + 1))) / edgeOf(training);

const nameOf = ({ at }: Group): string =>
  Object.entries(at)
    .map(([key, value]) =>
      key === 'scheme' ? String(value).replace('constant ', 'η ') : `${SHORT[key] ?? key} ${value}`,
    )
    .join(', ');
const SHORT: Readonly<Record<string, string>> = {
  batchSize: 'batch',
  'dataset.examples': 'n',
  initialScale: 'scale',
};

const batchTable = (results: Trainings): string =>
  table(
    ['', 'λ', 'batch sharpness', 'its standard error', 'highest', 'ratio of means', 'mean λ_max(H_B)', 'loss'],
    groups(results).map((group) => {
      const { trainings } = group;
      return [
        nameOf(group),
        spread(trainings.map((training) => ofEdge(training, 'sharpness'))),
        spread(trainings.map((training) => ofEdge(training, RATIO))),
        spread(trainings.map((training) => ofEdge(training, `${RATIO}_error`))),
        spread(trainings.map((training) => highest(training, RATIO))),
        spread(trainings.map((training) => ofEdge(training, MEANS))),
        spread(trainings.map((training) => ofEdge(training, LARGEST))),
        spread(trainings.map((training) => plateau(training, 'full_loss'))),
      ];
    }),
  );

const atEdge = (text: string, trainings: readonly Training[], name: string) => ({
  text,
  holds: trainings.map((training) => Math.abs(ofEdge(training, name) - 1) <= ROUGHLY),
  numbers: `${spread(trainings.map((training) => ofEdge(training, name)))} of it`,
});

export const batches: Section = {
  name: 'batch-sharpness',
  sweeps: [{ sweep: 'batch-sharpness', runs: 3 }],
  seeds: 'initial weights',
  write(results) {
    const { trainings } = results;
    const like = ({ at, run }: Training, key: string, value: unknown): Training | undefined =>
      trainings.find(
        (other) => other.run === run && Object.entries(at).every(([k, v]) => other.at[k] === (k === key ? value : v)),
      );
    const ofBatch = (size: number) => trainings.filter(({ at }) => Number(at.batchSize) === size);
    const sizes = [...new Set(trainings.map(({ at }) => Number(at.batchSize)))].toSorted((a, b) => a - b);
    const steps = [...new Set(trainings.map(({ at }) => String(at.scheme)))];
    const familyOf = (training: Training) => sizes.map((size) => like(training, 'batchSize', size)!);
    const families = ofBatch(sizes[0]).map(familyOf);
    const doubled = trainings
      .filter(({ at }) => at.scheme === steps[0])
      .map((training) => plateau(like(training, 'scheme', steps[1])!, RATIO) / plateau(training, RATIO));
    return [
      batchTable(results),
      claims([
        {
          text: 'λ stays below 2 / step size',
          holds: trainings.map((training) => ofEdge(training, 'sharpness') < 1),
          numbers: sizes
            .map((size) => `batch ${size}: ${spread(ofBatch(size).map((t) => ofEdge(t, 'sharpness')))}`)
            .join('; '),
        },
        {
          text: '... further for smaller batches',
          holds: families.map((family) => family.every((t, i) => i === 0 || plateau(t) > plateau(family[i - 1]))),
          numbers: 'of each seed and step size, over the batch sizes',
        },
        {
          text: 'batch sharpness hardly depends on the batch size (a factor of 1.5 between the largest and the smallest)',
          holds: families.map((family) => ratioOf(family.map((training) => plateau(training, RATIO))) < 1.5),
          numbers: `${spread(families.map((family) => ratioOf(family.map((t) => plateau(t, RATIO)))))}; that of λ ${spread(families.map((family) => ratioOf(family.map((t) => plateau(t)))))}`,
        },
        {
          text: 'it follows the step size: with twice the step size it is between 0.4 and 0.625 of what it was',
          holds: doubled.map((ratio) => ratio >= 0.4 && ratio <= 0.625),
          numbers: spread(doubled),
        },
        atEdge('it settles at 2 / step size (within 10 %)', trainings, RATIO),
        {
          text: 'single measurements reach 2 / step size',
          holds: trainings.map((training) => highest(training, RATIO) >= 1),
          numbers: `highest ${spread(trainings.map((training) => highest(training, RATIO)))} of it`,
        },
        atEdge('the ratio of means settles there, batch 4', ofBatch(4), MEANS),
        atEdge(
          'the ratio of means settles there, larger batches',
          trainings.filter(({ at }) => Number(at.batchSize) > 4),
          MEANS,
        ),
        {
          text: 'the ratio of means is larger than batch sharpness',
          holds: trainings.map((training) => plateau(training, MEANS) > plateau(training, RATIO)),
          numbers: `by a factor of ${spread(trainings.map((training) => plateau(training, MEANS) / plateau(training, RATIO)))}`,
        },
        {
          text: 'mean λ_max(H_B) is above 2 / step size by more than two standard errors',
          holds: trainings.map((t) => ofEdge(t, LARGEST) - 2 * ofEdge(t, `${LARGEST}_error`) > 1),
          numbers: `${spread(trainings.map((training) => ofEdge(training, LARGEST)))} of it`,
        },
      ]),
    ].join('\n\n');
  },
};

export const syntheticBatches: Section = {
  name: 'batch-sharpness-synthetic',
  sweeps: [{ sweep: 'batch-sharpness-synthetic', runs: 3 }],
  seeds: 'data and initial weights',
  write(results) {
    const { trainings } = results;
    const examples = ({ at }: Training) => Number(at['dataset.examples'] ?? at.examples);
    const of = (n: number, ...steps: number[]) =>
      trainings.filter(
        (t) => examples(t) === n && steps.includes(Number(String(t.at.scheme).replace('constant ', ''))),
      );
    const many = of(1000, 0.02, 0.2);
    const tenfold = many
      .filter(({ at }) => at.scheme === 'constant 0.02')
      .map((training) => {
        const other = many.find(({ at, run }) => at.scheme === 'constant 0.2' && run === training.run)!;
        return plateau(other, RATIO) / plateau(training, RATIO);
      });
    return [
      batchTable(results),
      claims([
        {
          text: '1000 examples: batch sharpness stays below 2 / step size by more than a tenth',
          holds: of(1000, 0.02, 0.06, 0.2).map((training) => ofEdge(training, RATIO) < 1 - ROUGHLY),
          numbers: spread(of(1000, 0.02, 0.06, 0.2).map((training) => ofEdge(training, RATIO))),
        },
        {
          text: '... and follows no edge: a tenfold step size leaves more than a fifth of it, where an edge would leave a tenth',
          holds: tenfold.map((ratio) => ratio > 0.2),
          numbers: spread(tenfold),
        },
        {
          text: '100 examples, step sizes 0.06 and 0.2: it comes to 2 / step size or above (0.9 of it at least)',
          holds: of(100, 0.06, 0.2).map((training) => ofEdge(training, RATIO) >= 1 - ROUGHLY),
          numbers: spread(of(100, 0.06, 0.2).map((training) => ofEdge(training, RATIO))),
        },
        {
          text: '100 examples, step size 0.02: it is still on its way (higher in the last fifth than in the one before)',
          holds: of(100, 0.02).map((training) => {
            const { rows } = training.series;
            const before = median(valuesOf(within(measured(training, RATIO), 0.6 * rows, 0.8 * rows)));
            return plateau(training, RATIO) > before;
          }),
          numbers: spread(of(100, 0.02).map((training) => ofEdge(training, RATIO))),
        },
        {
          text: 'the training loss at the end is comparable to the noise, whose variance is 1, with 1000 examples and not with 100',
          holds: trainings.map((t) => isComparable([plateau(t, 'full_loss'), 1]) === (examples(t) === 1000)),
          numbers: `${spread(of(1000, 0.02, 0.06, 0.2).map((t) => plateau(t, 'full_loss')))} and ${spread(of(100, 0.02, 0.06, 0.2).map((t) => plateau(t, 'full_loss')))}`,
        },
      ]),
    ].join('\n\n');
  },
};

const QUARTERS = [0, 0.25, 0.5, 0.75];

/** Medians of a column over the quarters of a training. */
const quarters = (training: Training, name: string): number[] =>
  QUARTERS.map((from) => medianOver(training, name, from, from + 0.25));

export const whyBelow: Section = {
  name: 'batch-sharpness-why',
  sweeps: [{ sweep: 'batch-sharpness-why', runs: 3 }],
  seeds: 'initial weights',
  write(results) {
    const over = (name: string) => (training: Training) =>
      quarters(training, name).map((value) => value / edgeOf(training));
    const middle = (trainings: readonly Training[], of: (training: Training) => number[]) =>
      QUARTERS.map((_, quarter) => shown(median(trainings.map((training) => of(training)[quarter])))).join(', ');
    const rows = groups(results).map((group) => [
      nameOf(group),
      middle(group.trainings, over('sharpness')),
      middle(group.trainings, over(RATIO)),
      middle(group.trainings, over(MEANS)),
      middle(group.trainings, (training) => quarters(training, 'full_loss')),
    ]);
    const at = (step: number) => results.trainings.filter(({ at: { scheme } }) => scheme === `constant ${step}`);
    const end = (training: Training, name: string) => over(name)(training)[3];
    const growth = (training: Training) => end(training, RATIO) / over(RATIO)(training)[1];
    const rising = (step: number) => ({
      text: `η ${step}: batch sharpness still rises in the second half (by more than a tenth from the second quarter to the last)`,
      holds: at(step).map((training) => growth(training) > 1.1),
      numbers: `by a factor of ${spread(at(step).map(growth))}`,
    });
    const seeds = [...new Set(results.trainings.map(({ run }) => run))].map((run) =>
      results.trainings.filter((training) => training.run === run).toSorted((a, b) => edgeOf(b) - edgeOf(a)),
    );
    return [
      table(['', 'λ', 'batch sharpness', 'ratio of means', 'loss'], rows),
      claims([
        rising(0.3),
        rising(0.6),
        rising(1.2),
        {
          text: 'the larger the step size, the nearer batch sharpness comes to 2 / step size (last quarter)',
          holds: seeds.map((own) => own.every((t, i) => i === 0 || end(t, RATIO) > end(own[i - 1], RATIO))),
          numbers: [0.3, 0.6, 1.2].map((step) => `η ${step}: ${spread(at(step).map((t) => end(t, RATIO)))}`).join('; '),
        },
        ...[0.3, 0.6, 1.2].map((step) => ({
          text: `η ${step}: the ratio of means is at 2 / step size or above (0.9 of it at least, last quarter)`,
          holds: at(step).map((training) => end(training, MEANS) >= 1 - ROUGHLY),
          numbers: spread(at(step).map((training) => end(training, MEANS))),
        })),
      ]),
    ].join('\n\n');
  },
};
