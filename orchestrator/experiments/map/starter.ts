export const starter = `title: Where training converges, by the step sizes of two layers
experiment: map

runs: 1          # maps of each cell, each with its own data and initial weights
seed: 0          # another seed draws other data and weights

# Each key is one value, a list or a range; there is a map for each combination.
grid:
  activation: tanh             # linear, tanh, relu, sigmoid, leaky-relu, elu, softplus, gelu, silu
  depth: 2                     # number of weight matrices
  width: 4                     # hidden units per layer
  dataset: {kind: synthetic, examples: 10, dimensions: 4}   # or mnist, fashion-mnist, cifar10

map:
  x: {layer: 1, from: 0.1, to: 1000}   # step size of the first layer; scale: log (default) or linear
  y: {layer: 2, from: 0.1, to: 1000}
  points: 64                   # along each axis: 32, 64, ... 4096; a larger number continues the map
  steps: 100                   # gradient steps of a training
`;
