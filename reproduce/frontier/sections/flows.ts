import { edgeOf, measured, type Training } from '../../chapter-3/trajectories.ts';
import type { Section } from '../section.ts';
import { claims, spread, table } from '../statistics.ts';
import { firstAbove, groups, last, valuesOf, within } from '../trainings.ts';
import { median, ROUGHLY } from './shared.ts';

/** Descent has left the flow where their distance is this many times the largest before. */
const LEFT = 3;
/** Iterations between the crossing and the parting that count as "there": the oscillation has to grow. */
const SOON = 200;

/** Where the flow's λ crosses 2 / η, the largest distance until there, and the first distance above three times that. */
function parting(training: Training) {
  const crossing = firstAbove(measured(training, 'flow_sharpness'), edgeOf(training));
  if (crossing === undefined) return undefined;
  const distance = measured(training, 'flow_distance');
  const before = Math.max(...valuesOf(within(distance, 1, crossing)));
  return { crossing, before, left: firstAbove(distance, LEFT * before) };
}

/** Gradient flow that is given up has no values from there on. */
const isWhole = (training: Training): boolean =>
  measured(training, 'flow_loss').at(-1)!.iteration === measured(training, 'sharpness').at(-1)!.iteration ||
  training.series.rows - measured(training, 'flow_loss').at(-1)!.iteration < 20;

export const flow: Section = {
  name: 'flow',
  sweeps: [{ sweep: 'flow', runs: 3 }],
  seeds: 'data and initial weights',
  write(results) {
    const over = (training: Training) => last(training, 'flow_sharpness') / edgeOf(training);
    const grown = (training: Training) => last(training, 'flow_distance') / (parting(training)?.before ?? Number.NaN);
    const lossAt = (training: Training) => {
      const { iteration } = measured(training, 'flow_loss').at(-1)!;
      return training.series.columns.get('loss')![iteration - 1];
    };
    const rows = groups(results).map(({ at, trainings }) => [
      `${at.activation}, ${String(at.scheme).replace('constant ', '')}`,
      spread(trainings.map((training) => parting(training)?.crossing)),
      spread(trainings.map((training) => parting(training)?.before)),
      spread(trainings.map((training) => parting(training)?.left)),
      spread(trainings.map(over)),
      spread(trainings.map((training) => last(training, 'flow_distance'))),
      `${spread(trainings.map((training) => last(training, 'flow_loss')))}; ${spread(trainings.map(lossAt))}`,
    ]);
    const { trainings } = results;
    const delays = trainings.map((training) => {
      const found = parting(training);
      return found?.left === undefined ? undefined : found.left - found.crossing;
    });
    return [
      table(
        [
          'activation, step size',
          'λ of the flow above 2 / η from',
          'largest distance before',
          'distance above three times that from',
          'at the end: λ of the flow over 2 / η',
          'distance',
          'loss of the flow; of descent',
        ],
        rows,
      ),
      claims([
        {
          text: `descent and flow part where λ crosses 2 / step size (within ${SOON} iterations after it)`,
          holds: delays.map((delay) => delay !== undefined && delay <= SOON),
          numbers: `${spread(delays)} iterations after it`,
        },
        {
          text: 'the distance before is less than a tenth of that at the end',
          holds: trainings.map((training) => grown(training) > 10),
          numbers: `at the end ${spread(trainings.map(grown))} times the largest before`,
        },
        {
          text: 'λ of the flow continues to rise (to more than twice 2 / step size)',
          holds: trainings.map((training) => over(training) > 2),
          numbers: `to ${spread(trainings.map(over))} of it`,
        },
        {
          text: 'gradient flow has the lower loss at the same time',
          holds: trainings.map((training) => last(training, 'flow_loss') < lossAt(training)),
          numbers: 'table',
        },
        {
          text: 'the flow is followed to the end',
          holds: trainings.map(isWhole),
          numbers: `${trainings.filter(isWhole).length} of ${trainings.length}`,
        },
      ]),
    ].join('\n\n');
  },
};

const PARTS = [
  [0.5, 0.75],
  [0.75, 1],
] as const;

/** Means over a part of the training. */
function mean(training: Training, name: string, [from, to]: readonly [number, number]): number {
  const { rows } = training.series;
  const values = valuesOf(within(measured(training, name), from * rows + 1, to * rows));
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export const centralFlow: Section = {
  name: 'central-flow',
  sweeps: [{ sweep: 'central-flow', runs: 3 }],
  seeds: 'data and initial weights',
  write(results) {
    const all = groups(results);
    const off = (training: Training, part: readonly [number, number]) =>
      Math.abs(mean(training, 'central_flow_predicted_loss', part) / mean(training, 'loss', part) - 1);
    const rows = all.flatMap(({ at, trainings }) =>
      PARTS.map((part) => {
        const { rows: n } = trainings[0].series;
        const of = (name: string) =>
          spread(
            trainings.map((training) => mean(training, name, part)),
            (x) => x.toFixed(3),
          );
        return [
          `${Object.values(at).join(', ')}; ${part[0] * n + 1} to ${part[1] * n}`,
          of('loss'),
          of('central_flow_predicted_loss'),
          spread(trainings.map((training) => off(training, part))),
          of('central_flow_loss'),
          of('flow_loss'),
        ];
      }),
    );
    const half = (training: Training, name: string) =>
      valuesOf(within(measured(training, name), training.series.rows / 2));
    const away = (training: Training) =>
      Math.max(...half(training, 'central_flow_sharpness').map((value) => Math.abs(value / edgeOf(training) - 1)));
    const distance = (training: Training, name: string) => median(half(training, name));
    const { trainings } = results;
    const by = (of: (training: Training) => number) =>
      all
        .map(({ at, trainings: ours }) => `outputs ${Object.values(at).join(', ')}: ${spread(ours.map(of))}`)
        .join('; ');
    const peak = (training: Training) => Math.max(...valuesOf(measured(training, 'sharpness'))) / edgeOf(training);
    const lead = (training: Training) => {
      const above = firstAbove(measured(training, 'eigenvalue_2'), (1 - ROUGHLY) * edgeOf(training));
      return above ?? Number.NaN;
    };
    return [
      table(
        [
          'outputs; iterations',
          'mean loss of descent',
          'predicted',
          'relative difference',
          'loss of the central flow itself',
          'of gradient flow',
        ],
        rows,
      ),
      claims([
        {
          text: 'λ of the central flow stays at 2 / step size (within 5 %, second half)',
          holds: trainings.map((training) => away(training) < 0.05),
          numbers: `largest difference, ${by(away)}`,
        },
        {
          text: 'its predicted loss is the mean loss of descent (within 1 %, each quarter of the second half)',
          holds: trainings.map((training) => PARTS.every((part) => off(training, part) < 0.01)),
          numbers: `last quarter, ${by((training) => off(training, PARTS[1]))}`,
        },
        {
          text: 'it stays nearer to descent than gradient flow (median distance, second half)',
          holds: trainings.map((t) => distance(t, 'central_flow_distance') < distance(t, 'flow_distance')),
          numbers: `${by((t) => distance(t, 'central_flow_distance'))}, against ${by((t) => distance(t, 'flow_distance'))}`,
        },
        {
          text: 'the second eigenvalue comes within 10 % of 2 / step size, too',
          holds: trainings.map((training) => Number.isFinite(lead(training))),
          numbers: `from iteration, ${by(lead)}`,
        },
        {
          text: 'descent itself overshoots: λ rises above 1.3 of 2 / step size',
          holds: trainings.map((training) => peak(training) > 1.3),
          numbers: `highest λ η / 2, ${by(peak)}`,
        },
      ]),
    ].join('\n\n');
  },
};
