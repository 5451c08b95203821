import { all, factor, isBelow, isMonotonic, type Judgement, mattersLeast, rises, variesLessThan } from '../claims.ts';
import type { Results } from '../sweep.ts';

/** The sweeps of the figures of chapter 4, and of A.3. */
export const FIGURES = ['4.2', '4.3', '4.4', '4.5', '4.6', '4.7'].map((number) => `figure-${number}`);
export const CIFAR = ['A.8', 'A.9', 'A.10'].map((number) => `figure-${number}`);

export const ACTIVATIONS = ['linear', 'tanh', 'relu', 'sigmoid'];

/** @param results by the name of the sweep */
export type Claim = { text: string; where: string; sweeps: string[]; judge: (...results: Results[]) => Judgement };

/** What the text says of depth, full batch; `figure` is 4.2, or 4.5 for batch size 1 ("similar trends"). */
const depthClaims = (sweep: string, where: string): Claim[] => [
  ...['linear', 'tanh', 'relu'].map((activation) => ({
    text: `${activation}: with more layers, up to 8, smaller step sizes`,
    where,
    sweeps: [sweep],
    judge: (results: Results) => isMonotonic(results, activation, -1, 8),
  })),
  ...['linear', 'tanh', 'relu'].map((activation) => ({
    text: `${activation}: at 16 layers larger step sizes are possible again (than at 8)`,
    where,
    sweeps: [sweep],
    judge: (results: Results) => rises(results, activation, 8, 16),
  })),
  {
    text: 'sigmoid: more layers, larger step sizes, up to 4',
    where,
    sweeps: [sweep],
    judge: (results) => isMonotonic(results, 'sigmoid', 1, 4),
  },
  {
    text: 'sigmoid: levels out after 4 layers (from 4 to 16 the mean changes by less than from 2 to 4)',
    where,
    sweeps: [sweep],
    judge: (results) => levelsOut(results),
  },
];

const widthClaims = (sweep: string, where: string): Claim[] =>
  ACTIVATIONS.map((activation) => ({
    text: `${activation}: wider networks force smaller step sizes, mostly monotonically`,
    where,
    sweeps: [sweep],
    judge: (results) => isMonotonic(results, activation, -1),
  }));

const sizeClaims = (sweeps: string[], where: string): Claim[] =>
  ACTIVATIONS.map((activation) => ({
    text: `${activation}: the number of examples matters least (largest over smallest mean, by key)`,
    where,
    sweeps,
    judge: (depth, width, examples) => mattersLeast(examples, [depth, width], activation),
  }));

/** The two differences from synthetic data that A.3 names. */
function imageClaims(images: string, depth: string, width: string): Claim[] {
  return [
    {
      text: `${images}, linear: the step size rises with the number of hidden units, unlike on synthetic data`,
      where: 'appendix A.3',
      sweeps: [width],
      judge: (results) => isMonotonic(results, 'linear', 1),
    },
    ...['linear', 'tanh', 'sigmoid'].map((activation) => ({
      text: `${images}, ${activation}: the step size rises monotonically with depth`,
      where: 'appendix A.3',
      sweeps: [depth],
      judge: (results: Results) => isMonotonic(results, activation, 1),
    })),
  ];
}

export const CLAIMS: Claim[] = [
  ...depthClaims('figure-4.2', 'page 26'),
  ...widthClaims('figure-4.3', 'page 27'),
  ...['linear', 'sigmoid'].map((activation) => ({
    text: `${activation}: varies by less than 0.3 from width 1 to 100`,
    where: 'page 28',
    sweeps: ['figure-4.3'],
    judge: (results: Results) => variesLessThan(results, activation, 0.3),
  })),
  ...sizeClaims(['figure-4.2', 'figure-4.3', 'figure-4.4'], 'page 28'),
  ...depthClaims('figure-4.5', 'page 29, "similar trends" with batch size 1'),
  ...widthClaims('figure-4.6', 'page 29, "similar trends" with batch size 1'),
  ...sizeClaims(['figure-4.5', 'figure-4.6', 'figure-4.7'], 'page 29, "similar trends" with batch size 1'),
  ...[
    ['figure-4.5', 'figure-4.2'],
    ['figure-4.6', 'figure-4.3'],
    ['figure-4.7', 'figure-4.4'],
  ].map((sweeps) => ({
    text: `step sizes are smaller with batch size 1 than with full batch, in every cell of ${sweeps[0]}`,
    where: 'page 29',
    sweeps,
    judge: (single: Results, full: Results) =>
      all(ACTIVATIONS.map((activation) => named(activation, isBelow(single, full, activation)))),
  })),
];

export const CIFAR_CLAIMS = imageClaims('CIFAR-10', CIFAR[0], CIFAR[1]);

/** What A.3 says of CIFAR-10, asked of other images of the same kind; the thesis says nothing of these. */
export const TWINS = ['figure-A.8-fashion-mnist', 'figure-A.9-fashion-mnist'];
export const TWIN_CLAIMS = imageClaims('Fashion-MNIST', TWINS[0], TWINS[1]);

const named = (name: string, { verdict, numbers }: Judgement): Judgement => ({
  verdict,
  numbers: `${name} ${numbers}`,
});

function levelsOut(results: Results): Judgement {
  const upTo = (least: number, most: number) => ({
    ...results,
    entries: results.entries.filter(({ row }) => Number(row) >= least && Number(row) <= most),
  });
  const [before, after] = [factor(upTo(2, 4), 'sigmoid'), factor(upTo(4, 16), 'sigmoid')];
  const numbers = `from 2 to 4 layers by ${before.toFixed(2)}, from 4 to 16 by ${after.toFixed(2)}`;
  return { verdict: after < before ? 'holds' : 'does not', numbers };
}
