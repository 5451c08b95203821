import { edgeOf, layersOf, measured, plateau, type Training } from '../../chapter-3/trajectories.ts';
import type { Section } from '../section.ts';
import { claims, spread, table } from '../statistics.ts';
import { first, firstAbove, groups, last, lastAbove, valuesOf } from '../trainings.ts';
import { isComparable, layersText, ROUGHLY, ratioOf } from './shared.ts';

const reached = (training: Training) => firstAbove(measured(training, 'sharpness'), edgeOf(training));
const left = (training: Training) => lastAbove(measured(training, 'sharpness'), edgeOf(training));
const peak = (training: Training) => Math.max(...valuesOf(measured(training, 'sharpness'))) / edgeOf(training);
const ofEdge = (training: Training) => plateau(training) / edgeOf(training);
/** λ rises between the first measurement and its highest one by this factor at least. */
const SHARPENS = 2;
const sharpens = (training: Training) => (peak(training) * edgeOf(training)) / first(training, 'sharpness');

/** A layer's λ over that of the network, at the first or the last measurement. */
const share = (at: typeof first) => (training: Training, column: string) =>
  at(training, column) / at(training, 'sharpness');
const largestLayer = (training: Training, at: typeof first): number => {
  const values = layersOf(training).map((name) => at(training, name));
  return values.indexOf(Math.max(...values)) + 1;
};
const endLayers = (training: Training) => layersOf(training).map((name) => plateau(training, name));

export const cnn: Section = {
  name: 'cnn',
  sweeps: [{ sweep: 'cnn', runs: 3 }],
  seeds: 'initial weights',
  write(results) {
    const all = groups(results);
    const rows = all.map(({ name, trainings }) => [
      name.replace('constant ', ''),
      spread(trainings.map((training) => first(training, 'sharpness'))),
      spread(trainings.map(reached)),
      spread(trainings.map(ofEdge)),
      spread(trainings.map((training) => last(training, 'loss'))),
      layersText(trainings, share(first)),
      layersText(trainings, share(last)),
    ]);
    const { trainings } = results;
    const [small, large] = all.map(({ trainings: ours }) => ours);
    return [
      table(
        [
          'η',
          'λ at first',
          'first above 2 / η',
          'λ over the last fifth, of 2 / η',
          'last loss',
          'layers at first, of λ',
          'layers at the end, of λ',
        ],
        rows,
      ),
      claims([
        {
          text: 'progressive sharpening: λ rises at least twofold',
          holds: trainings.map((training) => sharpens(training) >= SHARPENS),
          numbers: `by a factor of ${spread(trainings.map(sharpens))}`,
        },
        {
          text: 'λ rises to 2 / η and stays (within 10 %, last fifth)',
          holds: trainings.map((training) => Math.abs(ofEdge(training) - 1) <= ROUGHLY),
          numbers: `${spread(trainings.map(ofEdge))} of it`,
        },
        {
          text: 'the larger step reaches it earlier',
          holds: small.map((training, i) => (reached(large[i]) ?? Infinity) < (reached(training) ?? Infinity)),
          numbers: 'table',
        },
        {
          text: 'in the end the layers are comparable (a factor of 2; thesis, linear and ReLU perceptrons)',
          holds: trainings.map((training) => isComparable(endLayers(training))),
          numbers: `largest over smallest ${spread(trainings.map((training) => ratioOf(endLayers(training))))}`,
        },
        {
          text: 'in the end the linear layer has the largest λ',
          holds: trainings.map((training) => largestLayer(training, last) === 3),
          numbers: 'table',
        },
      ]),
    ].join('\n\n');
  },
};

export const transformer: Section = {
  name: 'transformer',
  sweeps: [{ sweep: 'transformer', runs: 3 }],
  seeds: 'data and initial weights',
  write(results) {
    const rows = groups(results).map(({ at, trainings }) => [
      `\`${at.model}\``,
      spread(trainings.map((training) => first(training, 'sharpness'))),
      spread(trainings.map(reached)),
      spread(trainings.map(left)),
      spread(trainings.map(peak)),
      spread(trainings.map((training) => last(training, 'sharpness') / edgeOf(training))),
      spread(trainings.map((training) => last(training, 'loss'))),
      trainings.map((training) => largestLayer(training, last)).join(', '),
    ]);
    const { trainings } = results;
    const of = (model: string) => trainings.filter(({ at }) => at.model === model);
    /** Share of the measurements from the first to the last above 2 / η that are within 10 % of it. */
    const near = (training: Training) => {
      const [from, to] = [reached(training), left(training)];
      const there = measured(training, 'sharpness').filter(
        ({ iteration }) => from !== undefined && iteration >= from && iteration <= to!,
      );
      return there.filter(({ value }) => Math.abs(value / edgeOf(training) - 1) <= ROUGHLY).length / there.length;
    };
    const end = (training: Training) => last(training, 'sharpness') / edgeOf(training);
    return [
      table(
        [
          'model',
          'λ at first',
          'first above 2 / η',
          'last above',
          'highest λ η / 2',
          'λ η / 2 at the end',
          'last loss',
          'layer with the largest λ at the end, by seed',
        ],
        rows,
      ),
      claims([
        {
          text: 'λ rises to 2 / η',
          holds: trainings.map((training) => reached(training) !== undefined),
          numbers: 'table',
        },
        ...['transformer', 'transformer-plain'].map((model) => ({
          text: `progressive sharpening, \`${model}\`: λ rises at least twofold`,
          holds: of(model).map((training) => sharpens(training) >= SHARPENS),
          numbers: `by a factor of ${spread(of(model).map(sharpens))}`,
        })),
        {
          text: 'λ stays at 2 / η: most measurements from the first to the last above it are within 10 %',
          holds: trainings.map((training) => near(training) > 0.5),
          numbers: `a share of ${spread(trainings.map(near))}`,
        },
        {
          text: 'under the cross-entropy λ falls late (to less than half of 2 / η)',
          holds: trainings.map((training) => end(training) < 0.5),
          numbers: `to ${spread(trainings.map(end))} of it`,
        },
        {
          text: 'the last layer has the largest λ at the end, as in the convolutional network',
          holds: trainings.map((training) => largestLayer(training, last) === 6),
          numbers: 'table',
        },
        {
          text: 'queries, keys and values (layer 2) do',
          holds: trainings.map((training) => largestLayer(training, last) === 2),
          numbers: 'table',
        },
      ]),
    ].join('\n\n');
  },
};
