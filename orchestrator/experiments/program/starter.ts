export const starter = `title: Loss by learning rate
experiment: program

# The program runs once for each cell and run. It reads parameters as JSON, and answers with numbers as JSON.
program:
  name: train
  command: python3 train.py    # \`edgesweep program python > edgesweep_task.py\` prints a helper for it
  mode: persistent             # or one-shot: a new process for each task
  timeout: 600                 # seconds for a task
  files: [train.py, edgesweep_task.py]   # a change in one of them makes new tasks
  metrics: {loss: min}         # numbers that it has to report

params:                        # optional: a JSON Schema for each parameter
  lr: {type: number, exclusiveMinimum: 0}
  width: {type: integer, minimum: 1, default: 64}

runs: 3          # repetitions of each cell
seed: 0

# Each key is one value, a list or a range; the cells are the product of all keys.
grid:
  params.lr: {from: 0.001, to: 1, factor: 10}

# search: {parameter: lr, initial: 0.001, growth: 1.2, ceiling: 100}   # the largest value that does not diverge

table: {rows: [params.lr]}
figure: {x: params.lr, logX: true}
`;
