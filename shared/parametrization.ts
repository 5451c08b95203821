import { z } from 'zod';
import { lazily, type Parsed } from './lazily.ts';
import { LIMITS } from './limits.ts';

/**
 * How step sizes and initial weights depend on the width n of a multilayer perceptron. Each is given as multipliers of the step size and of the
 * initial weights, which is the same training as with multipliers of the layers' outputs (Yang and Hu 2021, "abc-parametrizations": a layer
 * a W with step size eta is one with weights a W and step size a^2 eta).
 */
export const PARAMETRIZATIONS = ['standard', 'ntk', 'mup'] as const;
export type Parametrization = (typeof PARAMETRIZATIONS)[number];

/** What is said of each layer, the first one first. Whatever is absent is 1 for all of them. */
export const layersSchema = lazily(() =>
  z.strictObject({
    /** multipliers of the step size */
    stepSizes: z.array(z.number().min(0).max(1e30)).min(1).max(LIMITS.depth).optional(),
    /** multipliers of the initial weights and biases */
    initialScales: z.array(z.number().min(0).max(1e30)).min(1).max(LIMITS.depth).optional(),
    /** all biases are 0 and stay so */
    biases: z.literal('none').optional(),
  }),
);
export type Layers = Parsed<typeof layersSchema>;

type Factors = { weights: number; biases: number };

/**
 * Multipliers of the step size and of the initial weights, for each layer. They are float64 products, quotients and square roots, which are
 * the same on every machine.
 *
 * - standard: all 1
 * - ntk (Jacot et al. 2018): step size 1 / inputs for weights, 1 for biases. Every initialisation has weights of the order of
 *   1 / sqrt(inputs) already, which is the multiplier 1 / sqrt(inputs) of weights of the order of 1.
 * - mup (Yang et al. 2022): the output layer has a multiplier 1 / n in place of 1 / sqrt(n), and all step sizes are multiplied by n
 *
 * @param shapes of the layers, the first one first; at least two for `mup`, whose n is the width of the hidden layers
 */
export function layerFactors(
  shapes: readonly { inputs: number; outputs: number }[],
  parametrization: Parametrization = 'standard',
  layers: Layers = {},
): { stepSizes: Factors; initialScales: Factors }[] {
  const width = shapes[0].outputs;
  return shapes.map(({ inputs }, l) => {
    const isOutput = l === shapes.length - 1;
    const usual = {
      standard: { step: 1, biasStep: 1, scale: 1 },
      ntk: { step: 1 / inputs, biasStep: 1, scale: 1 },
      mup: isOutput
        ? { step: 1 / width, biasStep: 1, scale: 1 / Math.sqrt(width) }
        : { step: width / inputs, biasStep: width, scale: 1 },
    }[parametrization];
    const stepSize = layers.stepSizes?.[l] ?? 1;
    const initialScale = layers.initialScales?.[l] ?? 1;
    const biases = layers.biases === 'none' ? 0 : 1;
    return {
      stepSizes: { weights: stepSize * usual.step, biases: biases * stepSize * usual.biasStep },
      initialScales: { weights: initialScale * usual.scale, biases: biases * initialScale * usual.scale },
    };
  });
}
