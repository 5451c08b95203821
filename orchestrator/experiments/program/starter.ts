import { HELPERS, helperText } from './helpers.ts';

export const starter = `title: Loss by learning rate
experiment: program

# The program runs once for each cell and run. It reads parameters as JSON, and answers with numbers as JSON.
program:
  name: train
  command: python3 train.py    # yours; it needs edgesweep_task.py, which \`edgesweep program python\` prints
  mode: persistent             # or one-shot: a new process for each task
  timeout: 600                 # seconds for a task
  files: [train.py, edgesweep_task.py]   # a change in one of them makes new tasks
  metrics: {loss: min}         # numbers that it has to report

params:                        # optional: a JSON Schema for each parameter
  lr: {type: number, exclusiveMinimum: 0}
  width: {type: integer, minimum: 1, default: 8}

runs: 3          # repetitions of each cell
seed: 0

# Each key is one value, a list or a range; the cells are the product of all keys.
grid:
  params.lr: {from: 0.001, to: 1, factor: 10}

# search: {parameter: lr, initial: 0.001, growth: 1.2, ceiling: 100}   # the largest value that does not diverge

table: {rows: [params.lr]}
figure: {x: params.lr, logX: true}
`;

const train = `"""Gradient descent on least squares: an example to replace by a training of your own."""
import random

from edgesweep_task import serve


def train(task):
    lr, width = task.params["lr"], task.params["width"]
    numbers = random.Random(task.random)  # differs between runs
    inputs = [[numbers.gauss(0, 1) for _ in range(width)] for _ in range(100)]
    truth = [numbers.gauss(0, 1) for _ in range(width)]
    weights = [0.0] * width
    for step in range(50):
        errors = [sum((w - t) * x for w, t, x in zip(weights, truth, row)) for row in inputs]
        gradient = [sum(e * row[i] for e, row in zip(errors, inputs)) / len(inputs) for i in range(width)]
        weights = [w - lr * g for w, g in zip(weights, gradient)]
        task.step(step, mse=sum(e * e for e in errors) / len(errors))  # optional: edgesweep plot DIR --panels mse
    loss = sum((w - t) ** 2 for w, t in zip(weights, truth)) / width
    print(f"loss {loss} after {step + 1} steps")  # goes to the log of the task
    return {"loss": loss}


serve(train)
`;

export const starterFiles = (): Readonly<Record<string, string>> => ({
  'train.py': train,
  [HELPERS.python]: helperText('python'),
});
