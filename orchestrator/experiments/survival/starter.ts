export const starter = `title: Probability of divergence by step size
experiment: survival

runs: 10         # data sets
seed: 0          # another seed draws other data and weights

# Each key is one value, a list or a range; the cells are the product of all keys.
grid:
  stepSize: {from: 0.5, to: 8, factor: 1.2}   # trainings at each of these step sizes
  activation: [tanh, relu]     # linear, tanh, relu, sigmoid, leaky-relu, elu, softplus, gelu, silu
  depth: 3                     # number of weight matrices
  width: 4                     # hidden units per layer
  dataset: {kind: synthetic, examples: 20, dimensions: 4}   # or mnist, fashion-mnist, cifar10
  batchSize: full              # or a number of examples

survival:
  initializations: 20          # trainings on each data set at each step size, from independent initial weights
  steps: 100                   # gradient steps of a training; several, such as [30, 100], cost as much as the largest
  # criterion: {lossAbove: 1.0e+6}   # also count a loss above this value as a divergence

table: {rows: [activation]}    # with stepSize: a row for each step size
`;
