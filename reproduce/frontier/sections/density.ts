import { edgeOf, measured, type Training } from '../../chapter-3/trajectories.ts';
import type { Section } from '../section.ts';
import { claims, spread, table } from '../statistics.ts';
import { groups, valueAt } from '../trainings.ts';

/** Iterations at which the sweep measures the density. */
const AT = [1, 501, 1901];
const SMALL = 0.1;

/** Share of the eigenvalues that a condition holds for, by the nodes and weights of all probes. */
function share(training: Training, iteration: number, holds: (eigenvalue: number) => boolean): number {
  const nodes = [...training.series.columns.keys()].filter((name) => /^density_node_\d+_\d+$/.test(name));
  let [some, all] = [0, 0];
  for (const node of nodes) {
    const weight = valueAt(training, node.replace('node', 'weight'), iteration);
    if (!Number.isFinite(weight)) continue;
    all += weight;
    if (holds(valueAt(training, node, iteration))) some += weight;
  }
  return some / all;
}

const bulk = (training: Training, iteration: number) => share(training, iteration, (value) => Math.abs(value) < SMALL);
const negative = (training: Training, iteration: number) => share(training, iteration, (value) => value < -SMALL);

/** How many of the eight largest are above 0.9 of 2 / η. */
function near(training: Training, iteration: number): number {
  const names = ['sharpness', ...Array.from({ length: 7 }, (_, k) => `eigenvalue_${k + 2}`)];
  return names.filter((name) => valueAt(training, name, iteration) > 0.9 * edgeOf(training)).length;
}

const percent = (value: number): string => `${(100 * value).toFixed(0)} %`;

export const density: Section = {
  name: 'density',
  sweeps: [{ sweep: 'density', runs: 3 }],
  seeds: 'data and initial weights',
  write(results) {
    const all = groups(results);
    const rows = all.flatMap(({ at, trainings }) =>
      AT.map((iteration) => [
        `${at.activation}, ${iteration}`,
        spread(
          trainings.map((training) => bulk(training, iteration)),
          percent,
        ),
        spread(
          trainings.map((training) => negative(training, iteration)),
          percent,
        ),
        spread(trainings.map((training) => near(training, iteration))),
      ]),
    );
    const of = (...names: string[]) => results.trainings.filter(({ at }) => names.includes(String(at.activation)));
    const end = AT[AT.length - 1];
    const reachedBy = (training: Training) =>
      measured(training, 'sharpness').some(({ value }) => value >= edgeOf(training));
    return [
      table(
        [
          'activation, iteration',
          `\\|eigenvalues\\| below ${SMALL}`,
          `eigenvalues below -${SMALL}`,
          'of the eight largest above 0.9 of 2 / η',
        ],
        rows,
      ),
      claims([
        ...['sigmoid', 'tanh', 'relu'].map((name) => ({
          text: `${name}: a bulk near 0 (three quarters of the eigenvalues) with outliers, at the end`,
          holds: of(name).map((training) => bulk(training, end) > 0.75),
          numbers: spread(
            of(name).map((training) => bulk(training, end)),
            percent,
          ),
        })),
        {
          text: 'of the networks at the edge, a single eigenvalue is there at the end',
          holds: of('tanh', 'relu')
            .filter(reachedBy)
            .map((training) => near(training, end) === 1),
          numbers: `${spread(
            of('tanh', 'relu')
              .filter(reachedBy)
              .map((training) => near(training, end)),
          )} of the eight largest`,
        },
        {
          text: 'tanh: negative eigenvalues vanish before the edge (below 1 % at iteration 501)',
          holds: of('tanh').map((training) => negative(training, 501) < 0.01),
          numbers: spread(
            of('tanh').map((training) => negative(training, 501)),
            percent,
          ),
        },
        {
          text: 'tanh: they come back at the edge',
          holds: of('tanh').map((training) => negative(training, end) > negative(training, 501)),
          numbers: spread(
            of('tanh').map((training) => negative(training, end)),
            percent,
          ),
        },
      ]),
    ].join('\n\n');
  },
};
