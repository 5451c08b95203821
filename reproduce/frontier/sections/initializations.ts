import { layersOf, measured, plateau, reached, type Training } from '../../chapter-3/trajectories.ts';
import type { Section } from '../section.ts';
import { claims, spread, table } from '../statistics.ts';
import { bySeed, first, groups } from '../trainings.ts';
import { isComparable, layersText, ratioOf } from './shared.ts';

/** A number "depends" on the initialisation where its largest value over the nine is this factor above the smallest. */
const DEPENDS = 1.25;

const lastLoss = (training: Training): number => plateau(training, 'loss');

export const initializations: Section = {
  name: 'initializations',
  sweeps: [{ sweep: 'initializations', runs: 3 }],
  seeds: 'data and initial weights',
  write(results) {
    const rows = groups(results).map(({ at, trainings }) => [
      String(at.initialization),
      String(at.initialScale),
      `${spread(trainings.map((training) => first(training, 'sharpness')))}: ${layersText(trainings, first)}`,
      spread(trainings.map(reached)),
      `${spread(trainings.map((training) => plateau(training)))}: ${layersText(trainings, plateau)}`,
      spread(trainings.map(lastLoss)),
    ]);
    const seeds = bySeed(results);
    const over = (of: (training: Training) => number) => seeds.map((trainings) => ratioOf(trainings.map(of)));
    const depends = (text: string, of: (training: Training) => number) => {
      const ratios = over(of);
      return {
        text,
        holds: ratios.map((ratio) => ratio > DEPENDS),
        numbers: `largest over smallest of the nine ${spread(ratios)}`,
      };
    };
    /** The same seed and distribution, at two scales. */
    const pairs = (of: (training: Training) => number, from: number, to: number) =>
      results.trainings
        .filter(({ at }) => at.initialScale === from)
        .map((training) => {
          const other = results.trainings.find(
            ({ at, run }) =>
              at.initialScale === to && at.initialization === training.at.initialization && run === training.run,
          )!;
          return of(other) / of(training);
        });
    const compared = (text: string, of: (training: Training) => number, from: number, to: number) => {
      const ratios = pairs(of, from, to);
      return {
        text,
        holds: ratios.map((ratio) => ratio > 1),
        numbers: `${spread(ratios)} times that of scale ${from}`,
      };
    };
    const edge = (training: Training) => reached(training) ?? Number.POSITIVE_INFINITY;
    return [
      table(
        ['initialisation', 'scale', 'λ at the start: layers', 'first above 2 / η', 'λ in the end: layers', 'last loss'],
        rows,
      ),
      claims([
        depends('the initialisation decides λ of the first layer at the start', (t) => first(t, 'sharpness_layer_1')),
        depends('... and in the end', (t) => plateau(t, 'sharpness_layer_1')),
        depends('... of the second layer in the end', (t) => plateau(t, 'sharpness_layer_2')),
        depends('... of the third layer in the end', (t) => plateau(t, 'sharpness_layer_3')),
        {
          text: 'in the end the first layer has the largest λ, by more than a factor of 2 over the last',
          holds: results.trainings.map((training) => {
            const layers = layersOf(training).map((name) => plateau(training, name));
            return layers[0] === Math.max(...layers) && !isComparable([layers[0], layers[layers.length - 1]]);
          }),
          numbers: 'layers in the table',
        },
        depends('it decides when 2 / η is reached', edge),
        compared('a scale of 0.3 delays it', edge, 1, 0.3),
        compared('a scale of 3 delays it', edge, 1, 3),
        compared('a scale of 3 leaves a higher loss', lastLoss, 1, 3),
        {
          text: 'every training reaches 2 / η',
          holds: results.trainings.map((training) => reached(training) !== undefined),
          numbers: `${measured(results.trainings[0], 'loss').length} iterations`,
        },
      ]),
    ].join('\n\n');
  },
};
