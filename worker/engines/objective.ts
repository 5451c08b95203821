import { type Examples, layerShapes, type Network } from './problem.ts';

/** The parameters of one layer in the vector of all: weights (outputs x inputs, row by row), then biases (outputs). */
export type Block = { offset: number; length: number; inputs: number; outputs: number };

/**
 * A vector to multiply with the Hessian, or with its diagonal block of one layer (the other layers held constant).
 * `vector` and `product` have as many elements as there are parameters, or as the layer has.
 * `matrix`: the Gauss-Newton matrix G = J' (d2L/dz2) J in place of the Hessian H, z the network's outputs and J their derivatives by w;
 * H = G + R, where R has the second derivatives of z.
 */
export type Direction = {
  layer: 'all' | number;
  vector: Float32Array;
  product: Float32Array;
  matrix?: 'gauss-newton' | undefined;
};

/**
 * The loss over all examples as a function of the network's parameters w, a float32 vector: value, gradient and products with the
 * Hessian. The mean squared error is a mean over examples and outputs; the cross-entropy (of softmax z with the targets) one over
 * examples, as in searches. All engines give the same bits; `reference/objective.ts` writes the order of every sum.
 */
export type Objective = {
  readonly blocks: readonly Block[];
  /** parameters in all */
  readonly size: number;
  /** The loss at w alone. What `evaluate` kept for `multiply` is lost. */
  loss(w: Float32Array): number;
  /** The loss at w; writes its gradient, and keeps what `multiply` needs. */
  evaluate(w: Float32Array, gradient: Float32Array): number;
  /** product = H vector for each direction, H at the w of the last `evaluate` (Pearlmutter 1994, the R-operator). */
  multiply(directions: readonly Direction[]): void;
  /** Writes the network's outputs, examples x outputs row by row, at the w of the last `evaluate` or `loss`. */
  outputs(target: Float32Array): void;
};

/**
 * The objective of a batch: of the examples that were selected last, and of none at first. It gives the bits of an objective whose data are
 * these examples in this order, example e of a sum being that of rows[e].
 */
export type BatchObjective = Objective & {
  /** @param rows of the data */
  select(rows: Int32Array): void;
};

/** Lanes of the sums over examples: example e is added to partial sum e mod LANES; see `reference/objective.ts`. */
export const LANES = 4;

export function blocksOf(network: Network): Block[] {
  let offset = 0;
  return layerShapes(network).map(({ inputs, outputs }) => {
    const block = { offset, length: (inputs + 1) * outputs, inputs, outputs };
    offset += block.length;
    return block;
  });
}

export function sizeOf(blocks: readonly Block[]): number {
  return blocks.reduce((sum, { length }) => sum + length, 0);
}

/** A copy of these rows. */
export function examplesAt({ inputs, outputs, x, y }: Examples, rows: Int32Array): Examples {
  const pick = (all: Float32Array, width: number) => {
    const picked = new Float32Array(rows.length * width);
    rows.forEach((row, e) => {
      picked.set(all.subarray(row * width, (row + 1) * width), e * width);
    });
    return picked;
  };
  return { count: rows.length, inputs, outputs, x: pick(x, inputs), y: pick(y, outputs) };
}
