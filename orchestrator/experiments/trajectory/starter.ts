export const starter = `title: Sharpness along training, by step size
experiment: trajectory

runs: 1          # repetitions of each cell, each with its own data and weights
seed: 0          # another seed draws other data and weights

# Each key is one value, a list or a range; the cells are the product of all keys.
grid:
  activation: [tanh]           # linear, tanh, relu, sigmoid, leaky-relu, elu, softplus, gelu, silu
  depth: 3                     # number of weight matrices
  width: 10                    # hidden units per layer
  dataset: {kind: synthetic, examples: 100, dimensions: 10}   # or mnist, fashion-mnist, cifar10
  scheme: {kind: constant, stepSize: [0.1, 0.2]}              # or 1/lambda0, 1/lambda, layer 1/lambda, line-search

# Every iteration has its loss, step size and gradient norms; the sharpness is measured now and then.
trajectory:
  iterations: 500              # gradient steps of a training
  every: 10                    # interval between measurements of the sharpness, in iterations
  layers: true                 # also measure the sharpness of each layer
`;
