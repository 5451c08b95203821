import { EdgesweepError } from './errors.ts';

/** What a model is made for: sizes of the data, and what the grid says. */
export type ModelShape = {
  inputs: number;
  width: number;
  outputs: number;
  depth: number;
  /** of data that are tokens, one-hot over so many */
  vocabulary?: number | undefined;
};

/** A layer's parameters: fan-in and fan-out, by which PyTorch initialises them, and how many there are. */
export type LayerShape = { inputs: number; outputs: number; weights: number; biases: number };

export type ModelFacts = {
  /** for the schema of sweep files */
  describe: string;
  /** number of weight matrices; absent: as many as the grid says */
  depth?: number;
  /** the width is a multiple of it */
  heads?: number;
  /** data that it takes */
  data: 'any' | 'images' | 'tokens';
  /** whether engine tfjs has it */
  tfjs: boolean;
  /** blocks of the Hessian, the first layer first. Weights are as in PyTorch. */
  layers(shape: ModelShape): LayerShape[];
  /** of an example, forward: multiply-adds, and values of the activation function */
  work(shape: ModelShape): { products: number; activations: number };
};

/** Side of the kernels of both convolutions. */
export const KERNEL = 3;
/** Side of the squares over which an average is taken after each. */
export const POOL = 2;

/** Side of an image after a convolution that keeps it and the average; an odd row or column is left out, as in PyTorch. */
export const pooled = (side: number): number => Math.floor(side / POOL);

/**
 * Images are square and have one channel or three, so their number of pixels tells which: 3 s^2 is no square.
 * @throws EdgesweepError SWEEP_INVALID
 */
export function imageShape(pixels: number): { channels: number; side: number } {
  for (const channels of [1, 3]) {
    const side = Math.sqrt(pixels / channels);
    if (Number.isInteger(side) && side >= POOL * POOL) return { channels, side };
  }
  throw new EdgesweepError('SWEEP_INVALID', 'a convolutional network needs square images', {
    expected: `s * s or 3 * s * s inputs, s at least ${POOL * POOL}`,
    got: `${pixels} inputs`,
    fix: 'use mnist, fashion-mnist or cifar10',
  });
}

const linear = (inputs: number, outputs: number): LayerShape => ({
  inputs,
  outputs,
  weights: outputs * inputs,
  biases: outputs,
});

/** [channel out][channel in][row][column] */
const convolution = (channelsIn: number, channelsOut: number): LayerShape => ({
  inputs: KERNEL ** 2 * channelsIn,
  outputs: KERNEL ** 2 * channelsOut,
  weights: channelsOut * channelsIn * KERNEL ** 2,
  biases: channelsOut,
});

/** Values of the feed-forward layer, as a multiple of the width. */
export const FEED_FORWARD = 4;
/** Heads of the attention. */
export const HEADS = 2;

/** Tokens that go in, and those at the end that something is predicted of. */
export function tokensOf({ inputs, outputs, vocabulary = 1 }: Pick<ModelShape, 'inputs' | 'outputs' | 'vocabulary'>) {
  return { tokens: inputs / vocabulary, predicted: outputs / vocabulary };
}

/** Embedding with positions; queries, keys and values; output of the attention; feed-forward, up and down; logits. */
const TRANSFORMER = {
  depth: 6,
  heads: HEADS,
  data: 'tokens',
  tfjs: false,
  layers(shape: ModelShape) {
    const { width, vocabulary = 1 } = shape;
    return [
      // a bias for each position
      { ...linear(vocabulary, width), biases: tokensOf(shape).tokens * width },
      linear(width, 3 * width),
      linear(width, width),
      linear(width, FEED_FORWARD * width),
      linear(FEED_FORWARD * width, width),
      linear(width, vocabulary),
    ];
  },
  work(shape: ModelShape) {
    const { width, vocabulary = 1 } = shape;
    const { tokens, predicted } = tokensOf(shape);
    const perToken = width * (vocabulary + (4 + 2 * FEED_FORWARD) * width);
    return {
      products: tokens * perToken + width * tokens * tokens + predicted * width * vocabulary,
      activations: FEED_FORWARD * width * tokens,
    };
  },
} as const satisfies Omit<ModelFacts, 'describe'>;

/** Every model. How the engines compute it is in `worker/engines`. */
export const MODEL_FACTS = {
  mlp: {
    describe: 'a multilayer perceptron',
    data: 'any',
    tfjs: true,
    layers: ({ inputs, width, outputs, depth }) =>
      Array.from({ length: depth }, (_, l) => linear(l === 0 ? inputs : width, l === depth - 1 ? outputs : width)),
    work: ({ inputs, width, outputs, depth }) => ({
      products: depth === 1 ? inputs * outputs : (inputs + (depth - 2) * width + outputs) * width,
      activations: (depth - 1) * width,
    }),
  },
  /** Cohen et al. 2021, appendix A, with averages for maxima */
  cnn: {
    describe:
      'two 3x3 convolutions of `width` channels, each followed by the activation and 2x2 averages, and a linear layer',
    depth: 3,
    data: 'images',
    tfjs: true,
    layers({ inputs, width, outputs }) {
      const { channels, side } = imageShape(inputs);
      const last = pooled(pooled(side));
      return [convolution(channels, width), convolution(width, width), linear(width * last * last, outputs)];
    },
    work({ inputs, width, outputs }) {
      const { channels, side } = imageShape(inputs);
      const [first, second, last] = [side ** 2, pooled(side) ** 2, pooled(pooled(side)) ** 2];
      return {
        products: width * (KERNEL ** 2 * (first * channels + second * width) + last * outputs),
        activations: width * (first + second),
      };
    },
  },
  transformer: {
    describe: 'a causal block of two heads on `width` values a token, feed-forward 4 `width`, with layer normalisation',
    ...TRANSFORMER,
  },
  'transformer-plain': { describe: 'the same without layer normalisation', ...TRANSFORMER },
} as const satisfies Record<string, ModelFacts>;

export type Model = keyof typeof MODEL_FACTS;
export const MODELS = Object.keys(MODEL_FACTS) as [Model, ...Model[]];
/** Those that are graphs of operations. */
export type GraphName = Exclude<Model, 'mlp'>;
export const GRAPHS = MODELS.filter((model) => model !== 'mlp') as [GraphName, ...GraphName[]];

export const modelFacts = (model: Model = 'mlp'): ModelFacts => MODEL_FACTS[model];
