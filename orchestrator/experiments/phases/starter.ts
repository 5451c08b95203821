export const starter = `title: Phases of training
experiment: phases

runs: 20         # each with its own data and initial weights
seed: 0          # another seed draws other data and weights

# Each key is one value, a list or a range; the cells are the product of all keys.
grid:
  c: {from: 1, to: 30, factor: 1.2}   # step size times the sharpness of the initial network
  activation: [tanh, relu]     # linear, tanh, relu, sigmoid, leaky-relu, elu, softplus, gelu, silu
  depth: 2                     # number of weight matrices
  width: 4                     # hidden units per layer
  dataset: {kind: synthetic, examples: 20, dimensions: 4}   # or mnist, fashion-mnist, cifar10

phases:
  steps: 100                   # gradient steps of a training, on all examples

table: {rows: [activation, c]}
`;
