import type { Judgement } from '../claims.ts';
import * as edge from './edge-claims.ts';
import * as scheme from './scheme-claims.ts';
import { at, reached, type Training, type Trainings } from './trajectories.ts';

/** Sweeps of the layers, of the schemes on synthetic data, and of the schemes on images. */
export const LAYERS = ['1.2', '3.1', '3.2', '3.3', '3.4', '3.5', '3.6', 'A.1', 'A.2', 'A.3', 'A.4', 'A.5'].map(
  (n) => `figure-${n}`,
);
const OF_SCHEMES = ['3.7', '3.8', '3.9', 'A.6', 'A.7'].map((n) => `figure-${n}`);
export const SCHEMES = OF_SCHEMES;
export const CIFAR = OF_SCHEMES.map((name) => `${name}-cifar10`);
export const TWINS = OF_SCHEMES.map((name) => `${name}-fashion-mnist`);

/** @param results by the name of the sweep */
export type Claim = { text: string; where: string; sweeps: string[]; judge: (...results: Trainings[]) => Judgement };

const together = (results: readonly Trainings[]): Training[] => results.flatMap(({ trainings }) => trainings);
const atEdge = (results: readonly Trainings[]) =>
  together(results).filter((training) => reached(training) !== undefined);

const WIDTHS = ['figure-3.3', 'figure-3.4'];
const DEPTHS = ['figure-3.5', 'figure-3.6'];

/** What the text says of synthetic data. */
export const CLAIMS: Claim[] = [
  {
    text: 'for each step size the edge of stability is at roughly 2 / step size',
    where: 'page 5, figure 1.2',
    sweeps: ['figure-1.2'],
    judge: edge.settlesAtEdge,
  },
  {
    text: 'larger step sizes reach it sooner',
    where: 'page 5, figure 1.2',
    sweeps: ['figure-1.2'],
    judge: edge.soonerWithLargerSteps,
  },
  {
    text: 'before it the sharpness mostly rises and the loss mostly falls',
    where: 'page 5, figure 1.2',
    sweeps: ['figure-1.2'],
    judge: edge.sharpensFirst,
  },
  {
    text: 'at it the loss continues to fall, non-monotonically',
    where: 'page 5, figure 1.2',
    sweeps: ['figure-1.2'],
    judge: edge.fallsUnsteadily,
  },
  {
    text: 'the sharpness of each layer oscillates around its own value',
    where: 'section 3.2',
    sweeps: ['figure-3.1', 'figure-3.2'],
    judge: (...results) => edge.layersSettle(atEdge(results)),
  },
  {
    text: 'linear and ReLU: input, hidden and output layers are comparable',
    where: 'section 3.2, figure 3.1',
    sweeps: ['figure-3.1'],
    judge: ({ trainings }) => edge.comparableLayers(trainings),
  },
  {
    text: 'sigmoid: input and hidden layers sharpen much more than the output layer',
    where: 'section 3.2, figure 3.2',
    sweeps: ['figure-3.2'],
    judge: (results) => edge.lastGrowsLeast(at(results, 'sigmoid')),
  },
  {
    text: 'tanh: all three layers are noticeably different',
    where: 'section 3.2, figure 3.2',
    sweeps: ['figure-3.2'],
    judge: (results) => edge.layersDiffer(at(results, 'tanh')),
  },
  {
    text: "tanh: the layers' behaviour does not change much with the width (share of the whole, within a factor of 2)",
    where: 'section 3.2, figures 3.3, 3.4',
    sweeps: WIDTHS,
    judge: (...results) => edge.sharesStay(together(results)),
  },
  {
    text: 'tanh: with more layers, the layers become more similar',
    where: 'section 3.2, figures 3.5, 3.6',
    sweeps: DEPTHS,
    judge: (...results) => edge.moreAlikeWithDepth(together(results)),
  },
  {
    text: 'before the edge the gradient norms fall',
    where: 'section 3.2',
    sweeps: ['figure-3.1', 'figure-3.2'],
    judge: (...results) => edge.normsFallFirst(atEdge(results)),
  },
  {
    text: 'at the edge the gradient norms, of the network and of each layer, rise rapidly and settle',
    where: 'section 3.2',
    sweeps: ['figure-3.1', 'figure-3.2'],
    judge: (...results) => edge.normsRiseAndSettle(atEdge(results)),
  },
  ...(['3', 'A'] as const).map(
    (chapter): Claim => ({
      text: chapter === '3' ? '1/lambda_t converges very slowly, against 1/lambda_0' : '... and with sigmoid',
      where: chapter === '3' ? 'section 3.3, figure 3.7' : 'appendix A.2, figure A.6',
      sweeps: [chapter === '3' ? 'figure-3.7' : 'figure-A.6'],
      judge: (results) => scheme.slower(results, '1/lambda', '1/lambda0'),
    }),
  ),
  {
    text: 'synthetic data, tanh: layer 1/lambda is clearly too large',
    where: 'section 3.3, figure 3.8',
    sweeps: ['figure-3.8'],
    judge: (results) => scheme.tooLarge(results, 'layer 1/lambda'),
  },
  {
    text: 'synthetic data, tanh: c = 2 improves it significantly',
    where: 'section 3.3, figure 3.9',
    sweeps: ['figure-3.8', 'figure-3.9'],
    judge: (plain, scaled) => scheme.withFactor(plain, scaled, ['layer 1/lambda', 'layer 1/(2 lambda)'], -1),
  },
  {
    text: 'synthetic data, sigmoid: layer 1/lambda is too large, as with tanh',
    where: 'appendix A.2, figure A.6',
    sweeps: ['figure-A.6'],
    judge: (results) => scheme.tooLarge(results, 'layer 1/lambda'),
  },
  {
    text: 'synthetic data, sigmoid: c = 2 improves it significantly, as with tanh',
    where: 'appendix A.2, figure A.7',
    sweeps: ['figure-A.6', 'figure-A.7'],
    judge: (plain, scaled) => scheme.withFactor(plain, scaled, ['layer 1/lambda', 'layer 1/(2 lambda)'], -1),
  },
  {
    text: 'with step size 2/10 the edge is reached where it is not with 2/25, by activation',
    where: 'appendix A.1, figure A.1',
    sweeps: ['figure-3.1', 'figure-3.2', 'figure-A.1'],
    judge: (first, second, larger) =>
      edge.reachedWithLarger(
        together([first, second]),
        together([first, second]).map((training) => at(larger, training.at.activation)),
      ),
  },
  {
    text: '... and by depth, tanh',
    where: 'appendix A.1, figure A.4',
    sweeps: [...DEPTHS, 'figure-A.4'],
    judge: (first, second, larger) => edge.reachedWithLarger(together([first, second]), larger.trainings),
  },
  {
    text: 'tanh, by width: the input layer has a drastically larger sharpness than the others',
    where: 'appendix A.1, figure A.2',
    sweeps: ['figure-A.2'],
    judge: ({ trainings }) => edge.inputLayerLargest(trainings),
  },
  {
    text: 'ReLU, by width: the layers are comparable',
    where: 'appendix A.1, figure A.3',
    sweeps: ['figure-A.3'],
    judge: ({ trainings }) => edge.comparableLayers(trainings),
  },
];

/** What the text says of images. */
function imageClaims(images: string, suffix: string): Claim[] {
  return [
    {
      text: `${images}, ReLU: 1/lambda_t converges very slowly, against 1/lambda_0`,
      where: 'section 3.3, figure 3.7',
      sweeps: [`figure-3.7${suffix}`],
      judge: (results) => scheme.slower(results, '1/lambda', '1/lambda0'),
    },
    ...(['tanh', 'sigmoid'] as const).flatMap((activation): Claim[] => {
      const [plain, scaled] = activation === 'tanh' ? ['figure-3.8', 'figure-3.9'] : ['figure-A.6', 'figure-A.7'];
      const where = activation === 'tanh' ? 'section 3.3' : 'appendix A.2';
      return [
        {
          text: `${images}, ${activation}: layer 1/lambda makes more progress per iteration than the other three`,
          where,
          sweeps: [plain + suffix],
          judge: (results) => scheme.best(results, 'layer 1/lambda'),
        },
        {
          text: `${images}, ${activation}: c = 2 makes it much worse`,
          where,
          sweeps: [plain + suffix, scaled + suffix],
          judge: (first, second) => scheme.withFactor(first, second, ['layer 1/lambda', 'layer 1/(2 lambda)'], 1),
        },
      ];
    }),
  ];
}

export const CIFAR_CLAIMS: Claim[] = imageClaims('CIFAR-10', '-cifar10');
export const TWIN_CLAIMS: Claim[] = imageClaims('Fashion-MNIST', '-fashion-mnist');
