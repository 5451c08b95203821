export const starter = `title: Maximal step size by depth and activation function
experiment: maximal-step-size

runs: 3          # repetitions of each cell, each with its own data and weights
seed: 0          # another seed draws other data and weights

# Each key is one value, a list or a range; the cells are the product of all keys.
grid:
  activation: [tanh, relu]     # linear, tanh, relu, sigmoid, leaky-relu, elu, softplus, gelu, silu
  depth: [2, 4]                # number of weight matrices; a range: {from: 2, to: 16, factor: 2}
  width: 4                     # hidden units per layer
  dataset: {kind: synthetic, examples: 20, dimensions: 4}   # or mnist, fashion-mnist, cifar10
  batchSize: full              # or a number of examples
  # loss: [mse, cross-entropy]         # cross-entropy needs a data set of images
  # optimizer: {kind: momentum, momentum: [0.5, 0.9]}       # or sgd, nesterov

# A run trains at a step size, multiplies it by growth, and starts again, until training diverges.
search:
  initialStepSize: 0.1
  growth: 1.1                  # 1.01 is ten times finer, and takes ten times longer
  steps: 20                    # gradient steps at each step size
  ceiling: 1.0e+4              # the search stops above this step size

# exclude: [{activation: relu, depth: 4}]   # cells to omit

table: {rows: [depth], columns: [activation]}
figure: {x: depth, color: activation}
`;
