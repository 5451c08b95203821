"""Recomputes sweeps of survival and phases in float64, from nothing but the tasks of their journals.

    python peers/survival.py results/survival-small results/phases-small [--json] [--most 200]

Random numbers, data, initial weights and gradients are NumPy's and this file's own; nothing of edgesweep runs. Each trial is compared with the
recorded verdict. A trial that differs is trained again, with its initial weights moved by some units in their last float32 place: where the verdict
of float64 then changes too, the trial is so close to a threshold that rounding decides it ("rounding"). Where the loss is on its way out of float32
at the last step, the verdict is one of a few steps more or less ("horizon"). Others are errors ("unexplained"). Exit status 1 if there are any.
"""

import argparse
import json
import math
import statistics
import sys
from pathlib import Path

import numpy

LARGEST_FLOAT32 = float(numpy.finfo(numpy.float32).max)
PURPOSES = {"inputs": 1, "targetWeights": 2, "noise": 3, "initialization": 4, "order": 5, "trial": 9}
# relative, in float32 units of the last place; and how often weights are moved
MOVES, UNITS = 100, 16.0
# a loss beyond it does not come back
RUNAWAY = 1e30


def philox(blocks, second, run, rung, seed):
    """The words of blocks 0, 1, ..., in order; Philox4x32-10 (Salmon et al. 2011)."""
    mask = numpy.uint64(0xFFFFFFFF)
    c = [numpy.arange(blocks, dtype=numpy.uint64)] + [numpy.full(blocks, v, numpy.uint64) for v in (second, run, rung)]
    k0, k1 = numpy.uint64(seed & 0xFFFFFFFF), numpy.uint64(seed >> 32)
    shift = numpy.uint64(32)
    for _ in range(10):
        p0, p1 = c[0] * numpy.uint64(0xD2511F53), c[2] * numpy.uint64(0xCD9E8D57)
        c = [(p1 >> shift) ^ c[1] ^ k0, p1 & mask, (p0 >> shift) ^ c[3] ^ k1, p0 & mask]
        k0, k1 = (k0 + numpy.uint64(0x9E3779B9)) & mask, (k1 + numpy.uint64(0xBB67AE85)) & mask
    return numpy.stack(c, 1).reshape(-1)


def words(count, seed, purpose, run, rung=0, part=0):
    return philox(-(-count // 4), PURPOSES[purpose] | part << 8, run, rung, seed)[:count]


def uniforms(*name):
    return (words(*name) + 0.5) * 2.0**-32


def normals(count, seed, purpose, run):
    quantile = statistics.NormalDist().inv_cdf
    return numpy.array([quantile(u) for u in uniforms(count, seed, purpose, run)]).astype(numpy.float32)


def data_of(dataset, seed, run):
    n, d, k = dataset["examples"], dataset["dimensions"], dataset["outputs"]
    x = normals(n * d, seed, "inputs", run).reshape(n, d).astype(float)
    v = normals(k * d, seed, "targetWeights", run).reshape(k, d).astype(float)
    noise = normals(n * k, seed, "noise", run).reshape(n, k).astype(float)
    return x, (x @ v.T - noise).astype(numpy.float32).astype(float)


def weights_of(cell, seed, run, rung):
    """(weights, biases) of each layer as PyTorch draws them, rounded to float32."""
    sizes = [cell["dataset"]["dimensions"], *[cell["width"]] * (cell["depth"] - 1), cell["dataset"]["outputs"]]
    layers = []
    for l, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
        parts = []
        for part, shape in ((2 * l, (outputs, inputs)), (2 * l + 1, (outputs,))):
            u = uniforms(math.prod(shape), seed, "initialization", run, rung, part)
            parts.append(((2 * u - 1) / math.sqrt(inputs)).astype(numpy.float32).astype(float).reshape(shape))
        layers.append(tuple(parts))
    return layers


def order_of(n, seed, run, rung, epoch):
    order, drawn = list(range(n)), words(n, seed, "order", run, rung, epoch)
    for word, i in zip(drawn, range(n - 1, 0, -1)):
        j = int(word) * (i + 1) >> 32
        order[i], order[j] = order[j], order[i]
    return order


ACTIVATIONS = {
    "linear": (lambda z: z, lambda h: numpy.ones_like(h)),
    "tanh": (numpy.tanh, lambda h: 1 - h * h),
    "relu": (lambda z: numpy.maximum(z, 0), lambda h: (h > 0).astype(float)),
    "sigmoid": (lambda z: 1 / (1 + numpy.exp(-z)), lambda h: h * (1 - h)),
}


def loss_and_gradient(layers, activation, x, y):
    """Mean squared error over examples and outputs; the first axis that of the trials."""
    function, slope = ACTIVATIONS[activation]
    hs = [x]
    for l, (w, b) in enumerate(layers):
        z = hs[-1] @ w.swapaxes(-1, -2) + b[..., None, :]
        hs.append(function(z) if l < len(layers) - 1 else z)
    delta = hs[-1] - y
    terms = delta.shape[-1] * delta.shape[-2]
    loss = (delta * delta).sum((-1, -2)) / terms
    delta = 2 * delta / terms
    gradient = [None] * len(layers)
    for l in range(len(layers) - 1, -1, -1):
        gradient[l] = (delta.swapaxes(-1, -2) @ hs[l], delta.sum(-2))
        if l > 0:
            delta = (delta @ layers[l][0]) * slope(hs[l])
    return loss, gradient


def train(layers, activation, batches, step_size, steps):
    """Losses [step][trial], each from before its update, and the last parameters; step sizes [trial]."""
    eta = numpy.asarray(step_size)
    losses = []
    for t in range(steps):
        loss, gradient = loss_and_gradient(layers, activation, *batches(t))
        losses.append(loss)
        layers = [(w - eta[:, None, None] * g, b - eta[:, None] * h) for (w, b), (g, h) in zip(layers, gradient)]
    return numpy.array(losses), layers


def stack(trials):
    return [tuple(numpy.stack(parts) for parts in zip(*layer)) for layer in zip(*trials)]


def moved(layers, times):
    """The layers of one trial several times, each weight moved by some units in its last float32 place."""
    random = numpy.random.default_rng(0)
    scale = UNITS * 2.0**-24
    return [tuple(p * (1 + scale * random.uniform(-1, 1, (times, *p.shape))) for p in layer) for layer in layers]


def first_divergence(losses):
    bad = ~(losses <= LARGEST_FLOAT32)
    return numpy.where(bad.any(0), bad.argmax(0) + 1, 0)


def batches_of(cell, x, y, seed, run, rungs):
    size, n = cell["batchSize"], len(x)
    if size == "full" or size == n:
        return lambda t: (x, y)
    per_epoch = -(-n // size)
    known = {}

    def batch(t):
        epoch, place = divmod(t, per_epoch)
        if epoch not in known:
            known.clear()
            known[epoch] = [order_of(n, seed, run, rung, epoch) for rung in rungs]
        chosen = [order[place * size : (place + 1) * size] for order in known[epoch]]
        return x[chosen], y[chosen]

    return batch


def check_survival(task, result):
    """For each trial whether the recorded verdict is that of float64, or else why not."""
    cell, seed, run = task["cell"], task["seed"], task["run"]
    steps, count = cell["survival"]["steps"], cell["survival"]["initializations"]
    bits = int(numpy.float32(cell["stepSize"]).view(numpy.uint32))
    rungs = [int(words(1, seed, "trial", run, bits, index)[0]) for index in range(count)]
    x, y = data_of(cell["dataset"], seed, run)
    networks = [weights_of(cell, seed, run, rung) for rung in rungs]
    eta = float(numpy.float32(cell["stepSize"]))

    def losses_of(layers, of_rungs):
        batches = batches_of(cell, x, y, seed, run, of_rungs)
        return train(layers, cell["activation"], batches, [eta] * len(of_rungs), steps)[0]

    losses = losses_of(stack(networks), rungs)
    ours = first_divergence(losses) > 0
    theirs = numpy.array(result["divergedAt"]) > 0
    for index in range(count):
        if ours[index] == theirs[index]:
            yield "agree"
        elif not (losses[:, index] <= RUNAWAY).all():
            yield "horizon"
        else:
            again = first_divergence(losses_of(moved(networks[index], MOVES), [rungs[index]] * MOVES)) > 0
            yield "rounding" if (again == theirs[index]).any() else "unexplained"


def flat(layers):
    return numpy.concatenate([p.reshape(p.shape[0], -1) for layer in layers for p in layer], 1)


def sharpness(layers, activation, x, y):
    """The largest eigenvalue of the dense Hessian, a column for each pair of gradients at w +- h e."""
    w = flat(stack([layers]))[0]
    size, h = len(w), 1e-5

    def gradients(points):
        shaped, start = [], 0
        for layer in layers:
            parts = []
            for p in layer:
                parts.append(points[:, start : start + p.size].reshape(-1, *p.shape))
                start += p.size
            shaped.append(tuple(parts))
        return flat(loss_and_gradient(shaped, activation, x, y)[1])

    steps = h * numpy.eye(size)
    hessian = (gradients(w + steps) - gradients(w - steps)) / (2 * h)
    return float(numpy.linalg.eigvalsh((hessian + hessian.T) / 2)[-1])


def phase_of(losses):
    if not (losses <= LARGEST_FLOAT32).all():
        return "diverged"
    if losses.max() <= losses[0]:
        return "lazy"
    return "catapult" if losses[-1] < losses[0] else "stuck"


def check_phases(task, result):
    cell, seed, run = task["cell"], task["seed"], task["run"]
    x, y = data_of(cell["dataset"], seed, run)
    layers = weights_of(cell, seed, run, 0)
    steps = cell["phases"]["steps"]
    first = sharpness(layers, cell["activation"], x, y)
    # edgesweep's sharpness has a tolerance: the step size is its own, and its distance from c / lambda is what is compared
    eta = float(numpy.float32(result["stepSize"]))

    def phases(trials):
        count = len(trials[0][0])
        losses, last = train(trials, cell["activation"], lambda t: (x, y), [eta] * count, steps + 1)
        return [phase_of(losses[:, trial]) for trial in range(count)]

    deviations.append(abs(cell["c"] / result["stepSize"] / first - 1))
    if phases(stack([layers]))[0] == result["phase"]:
        yield "agree"
    else:
        yield "rounding" if result["phase"] in phases(moved(layers, MOVES)) else "unexplained"


deviations = []
CHECKS = {"survival": check_survival, "phases": check_phases}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("directories", nargs="+", type=Path)
    parser.add_argument("--most", type=int, default=10**9, help="tasks of each directory")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    numpy.seterr(all="ignore")
    reports = []
    for directory in options.directories:
        lines = (directory / "outcomes.jsonl").read_text().splitlines()[: options.most]
        outcomes = [json.loads(line) for line in lines]
        deviations.clear()
        found = [why for o in outcomes for why in CHECKS[o["task"]["experiment"]](o["task"], o["result"])]
        counts = {why: found.count(why) for why in ("agree", "rounding", "horizon", "unexplained")}
        report = {"directory": str(directory), "trials": len(found), **counts}
        if deviations:
            report["sharpness"] = max(deviations)
        reports.append(report)
        if not options.json:
            print(", ".join(f"{name} {value}" for name, value in report.items()))
    if options.json:
        print(json.dumps(reports))
    sys.exit(any(report["unexplained"] for report in reports))


main()
