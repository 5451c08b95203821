export const starter = `title: Step size between survival and divergence
experiment: bisect

runs: 20         # each with its own data and initial weights
seed: 0          # another seed draws other data and weights

# Each key is one value, a list or a range; the cells are the product of all keys.
grid:
  activation: [linear, tanh]   # linear, tanh, relu, sigmoid, leaky-relu, elu, softplus, gelu, silu
  depth: 3                     # number of weight matrices
  width: 4                     # hidden units per layer
  dataset: {kind: synthetic, examples: 20, dimensions: 4}   # or mnist, fashion-mnist, cifar10
  batchSize: full              # or a number of examples

bisect:
  low: 0.05                    # every training should survive it
  high: 50                     # every training should diverge at it
  halvings: 20                 # of the distance in log step size
  scan: 64                     # intervals, a power of two; 0: no scan
  steps: 100                   # gradient steps of a training

table: {rows: [activation]}
`;
