import { layersOf, measured, plateau, type Training } from '../../chapter-3/trajectories.ts';
import type { Section } from '../section.ts';
import { claims, shown, spread, table } from '../statistics.ts';
import { atEdge, groups, thresholdOf } from '../trainings.ts';
import { isDifferent, layersText, ROUGHLY } from './shared.ts';

const NAMES: Readonly<Record<string, string>> = {
  sgd: 'gradient descent',
  'momentum 0.9': 'heavy ball',
  'nesterov 0.9': 'Nesterov',
};

const edge = (training: Training) => atEdge(measured(training, 'sharpness'), thresholdOf(training));

export const momentum: Section = {
  name: 'momentum',
  sweeps: [{ sweep: 'momentum', runs: 5 }],
  seeds: 'data and initial weights',
  write(results) {
    const all = groups(results);
    const rows = all.map(({ at, trainings }) => {
      const edges = trainings.map(edge);
      return [
        NAMES[String(at.optimizer)],
        shown(thresholdOf(trainings[0])),
        spread(edges.map((found) => found?.from)),
        spread(edges.map((found) => found?.low)),
        spread(edges.map((found) => found?.median)),
        spread(edges.map((found) => found?.high)),
        `${shown(Math.min(...edges.map((found) => found?.least ?? Number.NaN)))}, ${shown(Math.max(...edges.map((found) => found?.most ?? Number.NaN)))}`,
        layersText(trainings, plateau),
      ];
    });
    const medians = (name: string) =>
      all.find(({ at }) => at.optimizer === name)!.trainings.map((t) => edge(t)?.median);
    const above = (name: string, text: string) => ({
      text: `λ stays slightly above: ${text}`,
      holds: medians(name).map((median) => median !== undefined && median > 1),
      numbers: `median of λ over the edge ${spread(medians(name))}`,
    });
    const second = (training: Training) => plateau(training, 'sharpness_layer_2') / plateau(training);
    const [plain, ...others] = all;
    return [
      table(
        ['optimiser', 'edge', 'first above', '5 %', 'median', '95 %', 'lowest, highest', 'layers in the end'],
        rows,
      ),
      claims([
        {
          text: 'each settles at its own edge',
          holds: results.trainings.map((training) => Math.abs((edge(training)?.median ?? 0) - 1) <= ROUGHLY),
          numbers: `medians of λ over the edge ${spread(results.trainings.map((training) => edge(training)?.median))}`,
        },
        above('sgd', 'gradient descent'),
        above('momentum 0.9', 'heavy ball'),
        above('nesterov 0.9', 'Nesterov'),
        {
          text: 'tanh: all three layers are noticeably different (the thesis, section 3.2)',
          holds: results.trainings.map((training) =>
            isDifferent(layersOf(training).map((name) => plateau(training, name))),
          ),
          numbers: 'layers in the table above',
        },
        {
          text: 'with momentum the second layer has a larger share of λ than with gradient descent',
          holds: others.flatMap(({ trainings }) => trainings.map((t, i) => second(t) > second(plain.trainings[i]))),
          numbers: all
            .map(({ at, trainings }) => `${NAMES[String(at.optimizer)]} ${spread(trainings.map(second))}`)
            .join('; '),
        },
      ]),
    ].join('\n\n');
  },
};
